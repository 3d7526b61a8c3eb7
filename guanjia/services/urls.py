"""特约服务: the desk's and the workers' pages, the resident's, the catalogue, the suppliers. Every verb is a POST to a noun."""

from django.urls import path

from .views import acts, catalogue, desk, houses, resident, suppliers

app_name = "services"
urlpatterns = [
    path("", desk.orders, name="orders"),
    path("new/", desk.choose, name="choose"),
    path("new/<slug:item>/", desk.order_new, name="order_new"),
    path("menu/", resident.menu, name="menu"),
    path("menu/<slug:item>/", resident.ask, name="ask"),
    path("mine/", resident.mine, name="mine"),
    path("mine/<int:pk>/", resident.mine_order, name="mine_order"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/<slug:item>/", catalogue.offer, name="offer"),
    path("suppliers/", suppliers.suppliers, name="suppliers"),
    path("suppliers/new/", suppliers.supplier_new, name="supplier_new"),
    path("suppliers/<int:pk>/", suppliers.supplier, name="supplier"),
    path("suppliers/<int:pk>/details/", suppliers.details, name="supplier_details"),
    path("suppliers/<int:pk>/vetting/", suppliers.vetting, name="vetting"),
    path("suppliers/<int:pk>/contract/", suppliers.contract, name="contract"),
    path("suppliers/<int:pk>/review/", suppliers.review, name="review"),
    path("suppliers/<int:pk>/ban/", suppliers.ban, name="ban"),
    path("houses/", houses.houses, name="houses"),
    path("houses/mine/", houses.mine_house, name="mine_house"),
    path("houses/reports/<int:pk>.pdf", houses.house_paper, name="house_paper"),
    path("houses/<int:pk>/", houses.house, name="house"),
    path("houses/<int:pk>/items/", houses.item, name="house_item"),
    path("houses/<int:pk>/repairs/", houses.mend, name="house_repair"),
    path("houses/<int:pk>/report/", houses.report, name="house_report"),
    path("houses/<int:pk>/end/", houses.house_end, name="house_end"),
    path("photos/<int:pk>/", acts.photo, name="photo"),
    path("<int:pk>/", desk.order, name="order"),
    path("<int:pk>/assignment/", acts.assignment, name="assignment"),
    path("<int:pk>/quote/", acts.quote, name="quote"),
    path("<int:pk>/answer/", acts.answer, name="answer"),
    path("<int:pk>/completion/", acts.completion, name="completion"),
    path("<int:pk>/rating/", acts.rating, name="rating"),
    path("<int:pk>/cancellation/", acts.cancellation, name="cancellation"),
    path("<int:pk>/slip.pdf", acts.slip, name="slip"),
    path("<int:pk>/quote.pdf", acts.quote_paper, name="quote_paper"),
]
