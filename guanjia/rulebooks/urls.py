from django.urls import path

from . import views

app_name = "rulebooks"
urlpatterns = [
    path("", views.rules, name="rules"),
    path("<str:key>/", views.change, name="change"),
]
