"""Below /e/<code>/inbox/."""

from django.urls import path

from .views import devices, inbox, webhooks

app_name = "notices"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("<int:pk>/", inbox.message, name="message"),
    path("about/<int:pk>/", inbox.about, name="about"),
    path("reading/", inbox.reading, name="reading"),
    path("preferences/", inbox.preferences, name="preferences"),
    path("devices/", devices.devices, name="devices"),
    path("devices/forgetting/", devices.forgetting, name="forgetting"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:pk>/trial/", webhooks.trial, name="trial"),
    path("webhooks/<int:pk>/rotation/", webhooks.rotation, name="rotation"),
    path("webhooks/<int:pk>/switch/", webhooks.switch, name="switch"),
    path("webhooks/<int:pk>/removal/", webhooks.removal, name="removal"),
]
