"""What residents and staff think: polls, satisfaction, opinions, officers, open days. Every verb is a POST to a noun."""

from django.urls import path

from .views import mine, opinions, outreach, poll, polls, satisfaction

app_name = "surveys"
urlpatterns = [
    path("", satisfaction.satisfaction, name="satisfaction"),
    path("rows/<slug:kind>/<slug:name>/", satisfaction.source_rows, name="rows"),
    path("mine/", mine.mine, name="mine"),
    path("questionnaires/<int:pk>/", mine.questionnaire, name="questionnaire"),
    path("mine/officers/<int:pk>/", mine.my_officer, name="my_officer"),
    path("mine/open-days/<int:pk>/", mine.my_open_day, name="my_open_day"),
    path("polls/", polls.polls, name="polls"),
    path("polls/<int:pk>/", poll.poll, name="poll"),
    path("polls/<int:pk>/settings/", polls.settings, name="poll_settings"),
    path("polls/<int:pk>/questions/", polls.questions, name="poll_questions"),
    path("polls/<int:pk>/preview/", polls.preview, name="poll_preview"),
    path("polls/<int:pk>/publication/", polls.publication, name="publication"),
    path("polls/<int:pk>/copy/", polls.copying, name="poll_copy"),
    path("polls/<int:pk>/dropping/", polls.dropping, name="poll_dropping"),
    path("polls/<int:pk>/reminder/", poll.reminder, name="poll_reminder"),
    path("polls/<int:pk>/closing/", poll.closing, name="poll_closing"),
    path("polls/<int:pk>/file/", poll.file, name="poll_file"),
    path("polls/<int:pk>/invitations/", poll.invitations, name="invitations"),
    path("invitations/<int:pk>/", poll.interview, name="interview"),
    path("invitations/<int:pk>/missing/", poll.missing, name="missing"),
    path("opinions/", opinions.opinions, name="opinions"),
    path("opinions/file/", opinions.opinions_file, name="opinions_file"),
    path("opinions/<int:pk>/", mine.lead, {"noun": "opinions"}, name="opinion_lead"),
    path("officers/<int:pk>/lead/", mine.lead, {"noun": "officers"}, name="officer_lead"),
    path("open-days/<int:pk>/lead/", mine.lead, {"noun": "open_days"}, name="open_day_lead"),
    path("opinions/<int:pk>/settlement/", opinions.settlement, name="settlement"),
    path("opinions/<int:pk>/topic/", opinions.sorting, name="sorting"),
    path("officers/", outreach.officers, name="officers"),
    path("officers/<int:pk>/", outreach.officer, name="officer"),
    path("open-days/", outreach.open_days, name="open_days"),
    path("open-days/<int:pk>/", outreach.open_day, name="open_day"),
]
