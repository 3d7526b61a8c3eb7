"""业主大会: for staff to run, for owners to vote. Every verb is a POST to a noun."""

from django.urls import path

from .views import resident, staff

app_name = "assembly"
urlpatterns = [
    path("", staff.assemblies, name="list"),
    path("new/", staff.new, name="new"),
    path("mine/", resident.mine, name="mine"),
    path("mine/<int:pk>/", resident.mine_show, name="mine_show"),
    path("mine/<int:pk>/ballot/", resident.voting, name="voting"),
    path("mine/<int:pk>/minutes.pdf", resident.minutes, name="mine_minutes"),
    path("ballots/<int:pk>/photo/", staff.ballot_photo, name="ballot_photo"),
    path("<int:pk>/", staff.show, name="show"),
    path("<int:pk>/edit/", staff.edit, name="edit"),
    path("<int:pk>/papers/", staff.papers, name="papers"),
    path("<int:pk>/roll.xlsx", staff.roll, name="roll"),
    path("<int:pk>/<slug:kind>.pdf", staff.paper, name="paper"),
    path("<int:pk>/<slug:noun>/", staff.word, name="word"),
]
