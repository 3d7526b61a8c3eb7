"""Households: the list and its tiers, the file, visits, coverage, the survey, privacy."""

from django.urls import path

from .views import coverage, family, homes, mine, privacy, survey, visits

app_name = "care"
urlpatterns = [
    path("", homes.homes, name="homes"),
    path("search/", homes.search, name="search"),
    path("<int:pk>/", homes.home, name="home"),
    path("<int:pk>/timeline/", homes.timeline, name="timeline"),
    path("acts/<slug:kind>/<int:pk>/<slug:noun>/", homes.act, name="act"),
    path("documents/<int:pk>/", homes.document, name="document"),
    path("readings/", privacy.readings, name="readings"),
    path("readings/<slug:kind>/<int:pk>/", privacy.reading, name="reading"),
    path("tiers/", coverage.tiers, name="tiers"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("visits/", visits.visits, name="visits"),
    path("survey/", survey.survey, name="survey"),
    path("survey/assignment/", survey.assignment, name="survey_assignment"),
    path("survey/end/", survey.end, name="survey_end"),
    path("family-asks/", family.asks, name="family_asks"),
    path("family-asks/<int:pk>/", family.ask, name="family_ask"),
    path("family-asks/<int:pk>/verdict/", family.verdict, name="family_verdict"),
    path("mine/family/", family.family, name="family"),
    path("mine/family/<int:pk>/joining/", family.joining, name="family_joining"),
    path("mine/family/members/<int:pk>/", family.changing, name="family_changing"),
    path("mine/family/asks/<int:pk>/", family.my_ask, name="family_my_ask"),
    path("mine/family/asks/<int:pk>/withdrawal/", family.withdrawal, name="family_withdrawal"),
    path("mine/", mine.mine, name="mine"),
    path("mine/questionnaire/", mine.questionnaire, name="questionnaire"),
    path("mine/consents/<slug:name>/", mine.consent, name="my_consent"),
    path("mine/export/", mine.export, name="my_export"),
    path("mine/exports/<int:pk>/", mine.exported, name="my_exported"),
]
