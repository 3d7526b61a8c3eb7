"""分类积分. Every verb is a POST to a noun."""

from django.urls import path

from .views import pages

app_name = "sorting"
urlpatterns = [
    path("", pages.desk, name="desk"),
    path("mine/", pages.mine, name="mine"),
    path("sorts/", pages.recording, name="recording"),
    path("h/<str:mark>/", pages.scan, name="scan"),
    path("redemptions/", pages.redeeming, name="redeeming"),
    path("corrections/", pages.correcting, name="correcting"),
    path("gifts/", pages.stocking, name="stocking"),
    path("turns/", pages.turns, name="turns"),
    path("turns/<int:pk>/", pages.turn_lead, name="turn_lead"),
]
