"""周边服务: kept by the staff, read by everybody."""

from django.urls import path

from . import views

app_name = "nearby"
urlpatterns = [
    path("", views.facilities, name="list"),
    path("mine/", views.mine, name="mine"),
    path("new/", views.facility_new, name="new"),
    path("<int:pk>/", views.facility, name="facility"),
    path("<int:pk>/verification/", views.verification, name="verification"),
    path("<int:pk>/closing/", views.closing, name="closing"),
]
