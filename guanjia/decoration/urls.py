"""装修: the desk's pages, the resident's, the gate. Every verb is a POST to a noun."""

from django.urls import path

from .views import acts, desk, resident

app_name = "decoration"
urlpatterns = [
    path("", desk.permits, name="permits"),
    path("new/", desk.application, name="application"),
    path("mine/", resident.mine, name="mine"),
    path("mine/new/", resident.apply, name="apply"),
    path("mine/<int:pk>/", resident.mine_permit, name="mine_permit"),
    path("gate/", desk.gate, name="gate"),
    path("gate/q/<str:mark>/", desk.gate, name="pass"),
    path("<int:pk>/", desk.permit, name="permit"),
    path("<int:pk>/papers/", acts.papers, name="papers"),
    path("<int:pk>/decision/", acts.decision, name="decision"),
    path("<int:pk>/workers/", acts.workers, name="workers"),
    path("<int:pk>/passes/", acts.passes, name="passes"),
    path("<int:pk>/violations/", acts.violations, name="violations"),
    path("<int:pk>/progress/", acts.progress, name="progress"),
    path("<int:pk>/acceptance/", acts.acceptance, name="acceptance"),
    path("<int:pk>/deposit/", acts.deposit, name="deposit"),
    path("<int:pk>/<slug:kind>.pdf", desk.paper, name="paper"),
    path("<int:pk>/<slug:noun>/", acts.word, name="word"),
    path("papers/<int:pk>/file/", acts.paper_file, name="paper_file"),
    path("workers/<int:pk>/revocation/", acts.revocation, name="revocation"),
    path("workers/<int:pk>/photo/", acts.worker_photo, name="worker_photo"),
    path("violations/<int:pk>/recheck/", acts.recheck, name="recheck"),
    path("violations/<int:pk>/report/", acts.reporting, name="reporting"),
    path("violations/<int:pk>/letter.pdf", desk.letter, name="letter"),
    path("violations/<int:pk>/photo/", acts.violation_photo, name="violation_photo"),
    path("deposits/<int:pk>/verdict/", acts.deposit_verdict, name="deposit_verdict"),
]
