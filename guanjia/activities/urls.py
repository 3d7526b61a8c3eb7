"""社区活动: for staff to plan and hold, for residents to join. Every verb is a POST to a noun."""

from django.urls import path

from .views import acts, group, resident, staff

app_name = "activities"
urlpatterns = [
    path("", staff.activities, name="list"),
    path("new/<slug:kind>/", staff.new, name="new"),
    path("mine/", resident.mine, name="mine"),
    path("mine/<int:pk>/", resident.mine_show, name="mine_show"),
    path("mine/<int:pk>/signup/", resident.joining, name="joining"),
    path("mine/<int:pk>/feedback/", resident.feedback, name="feedback"),
    path("mine/<int:pk>/questions/", resident.asking, name="asking"),
    path("q/<str:mark>/", resident.scan, name="scan"),
    path("group/", group.group, name="group"),
    path("group/messages/", group.noting, name="noting"),
    path("group/<str:number>/answer/", group.answering, name="answering"),
    path("photos/<int:pk>/", acts.photo, name="photo"),
    path("<int:pk>/", staff.show, name="show"),
    path("<int:pk>/edit/", staff.edit, name="edit"),
    path("<int:pk>/door/", staff.door, name="door"),
    path("<int:pk>/list.xlsx", staff.guest_list, name="guest_list"),
    path("<int:pk>/<slug:kind>.pdf", staff.paper, name="paper"),
    path("<int:pk>/sending/", acts.sending, name="sending"),
    path("<int:pk>/verdict/", acts.verdict, name="verdict"),
    path("<int:pk>/cancellation/", acts.cancellation, name="cancellation"),
    path("<int:pk>/signups/", acts.signups, name="signups"),
    path("<int:pk>/withdrawal/", acts.withdrawal, name="withdrawal"),
    path("<int:pk>/places/", acts.places, name="places"),
    path("<int:pk>/arrivals/", acts.arrivals, name="arrivals"),
    path("<int:pk>/photos/", acts.photos, name="photos"),
    path("<int:pk>/holding/", acts.holding, name="holding"),
    path("<int:pk>/follow-up/", acts.follow_up, name="follow_up"),
    path("<int:pk>/archive/", acts.archive, name="archive"),
    path("<int:pk>/questions/", acts.questions, name="questions"),
]
