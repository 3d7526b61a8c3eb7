from django.urls import path

from . import views

app_name = "importing"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("template/<slug:kind>/", views.template, name="template"),
    path("readings/", views.meter_readings, name="readings"),
    path("readings/list.xlsx", views.meter_list, name="meter_list"),
    path("homes/", views.homes, name="homes"),
    path("homes/list.xlsx", views.homes_list, name="homes_list"),
    path("roster/", views.shifts, name="roster"),
    path("roster/list.xlsx", views.shifts_list, name="roster_list"),
    path("<int:pk>/", views.show, name="show"),
    path("<int:pk>/confirmation/", views.confirm, name="confirm"),
]
