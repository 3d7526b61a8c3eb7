"""Nouns, in the order of a day and of a ticket's life. Every verb is a POST to a noun."""

from django.urls import path

from .views import acts, anonymous, desk, incidents, lists, resident, show, spots, today

app_name = "tickets"
urlpatterns = [
    path("today/", today.today, name="today"),
    path("tickets/", lists.tickets, name="list"),
    path("tickets/export/", lists.export, name="export"),
    path("board/", lists.board, name="board"),
    path("desk/", desk.desk, name="desk"),
    path("desk/search/", desk.search, name="desk_search"),
    path("desk/household/<int:pk>/", desk.household, name="desk_household"),
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/<int:pk>/", incidents.incident, name="incident"),
    path("incidents/<int:pk>/notice/", incidents.notice, name="incident_notice"),
    path("incidents/<int:pk>/closure/", incidents.closure, name="incident_closure"),
    path("tickets/<str:number>/", show.show, name="show"),
    path("tickets/<str:number>/phone/", spots.phone, name="phone"),
    path("q/<str:mark>/", spots.scanned, name="scanned"),
    path("labels/", spots.labels, name="labels"),
    path("tickets/<str:number>/clocks/<int:pk>/acknowledgement/", acts.acknowledgement, name="acknowledgement"),
    path("tickets/<str:number>/<slug:noun>/", acts.ticket_act, name="act"),
    path("work/<int:pk>/", show.work, name="work"),
    path("work/<int:pk>/<slug:noun>/", acts.work_act, name="work_act"),
    path("photos/<int:pk>/", show.photo, name="photo"),
    path("home/", resident.home, name="home"),
    path("report/", resident.report, name="report"),
    path("mine/", resident.mine, name="mine"),
    path("mine/<str:number>/", resident.show, name="mine_show"),
    path("mine/<str:number>/<slug:noun>/", resident.act, name="mine_act"),
    path("anonymous/<str:secret>/", anonymous.show, name="anonymous"),
    path("anonymous/<str:secret>/photos/<int:pk>/", anonymous.photo, name="anonymous_photo"),
    path("anonymous/<str:secret>/<slug:noun>/", anonymous.act, name="anonymous_act"),
]
