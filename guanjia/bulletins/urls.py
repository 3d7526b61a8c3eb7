"""Bulletins: for residents to read, for staff to write, check and hang. Every verb is a POST to a noun."""

from django.urls import path

from .views import boards, residents, staff

app_name = "bulletins"
urlpatterns = [
    path("", staff.bulletins, name="list"),
    path("new/<slug:kind>/", staff.new, name="new"),
    path("<int:pk>/", staff.show, name="show"),
    path("<int:pk>/edit/", staff.edit, name="edit"),
    path("<int:pk>/sending/", staff.sending, name="sending"),
    path("<int:pk>/verdict/", staff.verdict, name="verdict"),
    path("<int:pk>/withdrawal/", staff.withdrawal, name="withdrawal"),
    path("boards/", boards.boards, name="boards"),
    path("boards/<int:pk>/hanging/", boards.hanging, name="hanging"),
    path("boards/<int:pk>/removal/", boards.removal, name="removal"),
    path("mine/", residents.mine, name="mine"),
    path("mine/<int:pk>/", residents.mine_show, name="mine_show"),
]
