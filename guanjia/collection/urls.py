"""Money at the counter and on the phone. Every verb is a POST to a noun."""

from django.urls import path

from .views import chasing, counter, judging, paying, receipts, shifts

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
    path("calls/", chasing.calls, name="calls"),
    path("register/", chasing.register, name="register"),
    path("households/<int:pk>/", chasing.household, name="household"),
    path("households/<int:pk>/hold/", chasing.holding, name="holding"),
    path("households/<int:pk>/letter/", chasing.letter, name="letter_ask"),
    path("households/<int:pk>/late/", judging.late, name="late"),
    path("holds/", judging.holds, name="holds"),
    path("holds/<int:pk>/verdict/", judging.hold_verdict, name="hold_verdict"),
    path("holds/<int:pk>/end/", judging.hold_end, name="hold_end"),
    path("waivers/", judging.waiving, name="waivers"),
    path("waivers/<int:pk>/verdict/", judging.waiver_verdict, name="waiver_verdict"),
    path("letters/<int:pk>/", judging.letter, name="letter"),
    path("letters/<int:pk>/verdict/", judging.letter_verdict, name="letter_verdict"),
    path("letters/<int:pk>/post/", judging.letter_post, name="letter_post"),
]
