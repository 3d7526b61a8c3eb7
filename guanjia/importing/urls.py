from django.urls import path

from . import register_views, views

app_name = "importing"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("template/<slug:kind>/", views.template, name="template"),
    path("readings/", views.meter_readings, name="readings"),
    path("readings/list.xlsx", views.meter_list, name="meter_list"),
    path("homes/", register_views.homes, name="homes"),
    path("homes/list.xlsx", register_views.homes_list, name="homes_list"),
    path("homes/<int:pk>/confirmation/", register_views.homes_confirm, name="homes_confirm"),
    path("posts/", register_views.posts, name="posts"),
    path("posts/list.xlsx", register_views.posts_list, name="posts_list"),
    path("posts/<int:pk>/confirmation/", register_views.posts_confirm, name="posts_confirm"),
    path("roster/", views.shifts, name="roster"),
    path("roster/list.xlsx", views.shifts_list, name="roster_list"),
    path("<int:pk>/", views.show, name="show"),
    path("<int:pk>/confirmation/", views.confirm, name="confirm"),
]
