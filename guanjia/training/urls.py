"""What people learn, pass and hold. Every verb is a POST to a noun."""

from django.urls import path

from .views import bank, certificates, exams, handbook, marking, mine, outline, papers, roll, sessions, team

app_name = "training"
urlpatterns = [
    path("", mine.mine, name="mine"),
    path("handbook/", handbook.handbook, name="handbook"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/<int:pk>/", sessions.session, name="session"),
    path("sessions/<int:pk>/sign-in/", roll.signing, name="signing"),
    path("sessions/<int:pk>/roll/", roll.roll, name="roll"),
    path("sessions/<int:pk>/notes/", roll.notes, name="notes"),
    path("sessions/<int:pk>/materials/", roll.materials, name="materials"),
    path("sessions/<int:pk>/holding/", sessions.holding, name="holding"),
    path("sessions/<int:pk>/effect/", sessions.effect, name="effect"),
    path("sessions/<int:pk>/make-up/", sessions.make_up, name="make_up"),
    path("sessions/<int:pk>/calling-off/", sessions.calling_off, name="calling_off"),
    path("materials/<int:pk>/", roll.material, name="material"),
    path("outline/", outline.outline, name="outline"),
    path("outline/items/", outline.items, name="outline_items"),
    path("outline/<int:pk>/issue/", outline.issue, name="outline_issue"),
    path("bank/", bank.bank, name="bank"),
    path("bank/starter/", bank.starter, name="starter"),
    path("bank/new/", bank.question, name="question_new"),
    path("bank/<int:pk>/", bank.question, name="question"),
    path("bank/<int:pk>/retirement/", bank.retirement, name="retirement"),
    path("exams/", exams.exams, name="exams"),
    path("exams/<int:pk>/", exams.exam, name="exam"),
    path("exams/<int:pk>/report/", exams.report, name="report"),
    path("exams/<int:pk>/report.<slug:kind>", exams.paper, name="report_file"),
    path("exams/<int:pk>/mine/", papers.mine, name="exam_mine"),
    path("exams/<int:pk>/sitting/", papers.sitting, name="sitting"),
    path("papers/<int:pk>/", papers.paper, name="paper"),
    path("papers/<int:pk>/answers/", papers.answers, name="answers"),
    path("papers/<int:pk>/giving/", papers.giving, name="giving"),
    path("papers/<int:pk>/marks/", marking.marks, name="marks"),
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/<int:pk>/scan/", certificates.scan, name="scan"),
    path("certificates/<int:pk>/end/", certificates.end, name="certificate_end"),
    path("team/", team.people, name="team"),
    path("team/<int:pk>/", team.person, name="person"),
    path("team/<int:pk>/review/", team.review, name="review"),
]
