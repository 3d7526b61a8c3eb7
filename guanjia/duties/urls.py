"""Tasks, their records, patrols and vacant houses."""

from django.urls import path

from .views import days, patrols, records, rounds, tasks, vacant

app_name = "duties"
urlpatterns = [
    path("tasks/", rounds.tasks, name="tasks"),
    path("tasks/export/", rounds.export, name="export"),
    path("tasks/week/", rounds.coming, name="coming"),
    path("tasks/<int:pk>/", tasks.task, name="task"),
    path("tasks/<int:pk>/waiver/", rounds.act, {"noun": "waiver"}, name="waiver"),
    path("tasks/<int:pk>/handover/", rounds.act, {"noun": "handover"}, name="handover"),
    path("tasks/<int:pk>/taking/", rounds.taking, name="taking"),
    path("occasions/", days.occasions, name="occasions"),
    path("occasions/<int:pk>/closure/", days.occasion_end, name="occasion_end"),
    path("roster/", days.roster, name="roster"),
    path("roster/absence/", days.absence, name="absence"),
    path("roster/absence/<int:pk>/return/", days.absence_end, name="absence_end"),
    path("tasks/<int:pk>/record/", tasks.finish, name="finish"),
    path("sending/", tasks.sending, name="sending"),
    path("records/<int:pk>/", records.record, name="record"),
    path("patrols/doubts/", records.doubts, name="doubts"),
    path("patrols/doubts/<int:pk>/verdict/", records.verdict, name="verdict"),
    path("records/photos/<int:pk>/", records.photo, name="photo"),
    path("visits/<int:pk>/", records.visit, name="visit"),
    path("patrols/", patrols.coverage, name="patrols"),
    path("patrols/route/", patrols.route, name="route"),
    path("patrols/findings/", patrols.findings, name="findings"),
    path("patrols/vacant/", vacant.register, name="vacant"),
    path("patrols/vacant/<int:pk>/", vacant.unit, name="vacant_unit"),
]
