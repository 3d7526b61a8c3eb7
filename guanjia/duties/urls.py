"""Tasks, their records, patrols and vacant houses."""

from django.urls import path

from .views import patrols, records, tasks, vacant

app_name = "duties"
urlpatterns = [
    path("tasks/<int:pk>/", tasks.task, name="task"),
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
