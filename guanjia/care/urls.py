"""Households: the list and its tiers, the file, visits, coverage, the survey, privacy."""

from django.urls import path

from .views import homes

app_name = "care"
urlpatterns = [
    path("", homes.homes, name="homes"),
]
