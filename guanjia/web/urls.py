from django.urls import path

from guanjia.web import views

app_name = "web"
urlpatterns = [
    path("styleguide/", views.styleguide, name="styleguide"),
    path("offline/", views.offline, name="offline"),
    path("preferences/", views.preferences, name="preferences"),
]
