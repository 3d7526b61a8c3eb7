"""Money at the counter and on the phone. Every verb is a POST to a noun."""

from django.urls import path

from .views import counter, paying, receipts, shifts

app_name = "collection"
urlpatterns = [
    path("counter/", counter.counter, name="counter"),
    path("counter/search/", counter.search, name="counter_search"),
    path("counter/chosen/", counter.chosen, name="counter_chosen"),
    path("counter/prepaid/", counter.prepaid, name="counter_prepaid"),
    path("receipts/", receipts.receipts, name="receipts"),
    path("receipts/<int:pk>/", receipts.receipt, name="receipt"),
    path("payments/<int:pk>/undoing/", receipts.undoing, name="undoing"),
    path("undoings/", receipts.undoings, name="undoings"),
    path("undoings/<int:pk>/verdict/", receipts.verdict, name="verdict"),
    path("shifts/", shifts.shifts, name="shifts"),
    path("shifts/<int:pk>/", shifts.shift, name="shift"),
    path("shifts/<int:pk>/closure/", shifts.closure, name="shift_closure"),
    path("pay/", paying.bills, name="pay"),
    path("pay/orders/", paying.orders, name="pay_orders"),
    path("pay/orders/<str:number>/", paying.order, name="pay_order"),
    path("pay/simulator/<str:number>/", paying.simulator, name="simulator"),
    path("pay/callback/", paying.callback, name="callback"),
]
