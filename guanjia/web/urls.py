from django.urls import path

from guanjia.web import installing, views

app_name = "web"
urlpatterns = [
    path("styleguide/", views.styleguide, name="styleguide"),
    path("sw.js", installing.worker, name="worker"),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("icon-<int:size>.png", installing.icon, name="icon"),
    path("offline/", views.offline, name="offline"),
    path("preferences/", views.preferences, name="preferences"),
]
