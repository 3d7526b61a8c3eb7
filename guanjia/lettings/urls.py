"""车位与租赁: spaces, contracts, who waits; the resident's own. Every verb is a POST to a noun."""

from django.urls import path

from .views import bays, desk, resident

app_name = "lettings"
urlpatterns = [
    path("", desk.leases, name="leases"),
    path("spaces/", desk.spaces, name="spaces"),
    path("spaces/new/", desk.space_new, name="space_new"),
    path("spaces/bays/", bays.bays, name="bays"),
    path("spaces/<int:pk>/", desk.space, name="space"),
    path("spaces/<int:pk>/lease/", desk.letting, name="letting"),
    path("spaces/<int:pk>/details/", desk.details, name="details"),
    path("spaces/<int:pk>/retirement/", desk.retirement, name="retirement"),
    path("waiting/", desk.waiting, name="waiting"),
    path("waiting/<int:pk>/leaving/", resident.leaving, name="leaving"),
    path("mine/", resident.mine, name="mine"),
    path("mine/waiting/", resident.joining, name="joining"),
    path("mine/<int:pk>/", resident.mine_lease, name="mine_lease"),
    path("<int:pk>/", desk.lease, name="lease"),
    path("<int:pk>/renewal/", desk.renewal, name="renewal"),
    path("<int:pk>/end/", desk.ending, name="ending"),
    path("<int:pk>/wish/", resident.wish, name="wish"),
    path("<int:pk>/contract.pdf", resident.paper, name="paper"),
]
