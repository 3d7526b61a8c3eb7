from django.urls import path

from . import views

app_name = "importing"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("template/<slug:kind>/", views.template, name="template"),
    path("<int:pk>/", views.show, name="show"),
    path("<int:pk>/confirmation/", views.confirm, name="confirm"),
]
