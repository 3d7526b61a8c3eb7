"""Below /e/<code>/emergencies/."""

from django.urls import path

from .views import after, hazards, papers, plans, register, scene, start

app_name = "emergencies"
urlpatterns = [
    path("", start.board, name="board"),
    path("start/", start.start, name="start"),
    path("plans/", plans.plans, name="plans"),
    path("plans/<str:kind>/", plans.plan, name="plan"),
    path("plans/<str:kind>/issue/", plans.issue, name="issue"),
    path("plans/<str:kind>/plan.pdf", papers.plan, name="plan_paper"),
    path("plan-versions/<int:pk>/", plans.plan_row, name="plan_row"),
    path("plan-versions/<int:pk>/reading/", plans.reading, name="reading"),
    path("contacts/", plans.contacts, name="contacts"),
    path("register/", register.register, name="register"),
    path("drills/", register.drills, name="drills"),
    path("hazards/", hazards.hazards, name="hazards"),
    path("hazards/new/", hazards.new, name="hazard_new"),
    path("hazards/<int:pk>/", hazards.hazard, name="hazard"),
    path("hazards/<int:pk>/plan/", hazards.plan, name="hazard_plan"),
    path("hazards/<int:pk>/clearance/", hazards.clearance, name="hazard_clearance"),
    path("hazards/<int:pk>/photo/<str:part>/", papers.hazard_photo, name="hazard_photo"),
    path("mine/<int:pk>/", start.mine, name="mine"),
    path("orders/<int:pk>/taking/", scene.taking, name="order_taking"),
    path("orders/<int:pk>/completion/", scene.completion, name="order_completion"),
    path("orders/<int:pk>/sending/", scene.sending, name="order_sending"),
    path("entries/<int:pk>/photo/", papers.entry_photo, name="entry_photo"),
    path("homes/<int:pk>/visit/", after.visit, name="home_visit"),
    path("claims/<int:pk>/closure/", after.closure, name="claim_closure"),
    path("<int:pk>/", scene.scene, name="scene"),
    path("<int:pk>/log/", scene.log, name="log"),
    path("<int:pk>/notice/", scene.notice, name="notice"),
    path("<int:pk>/stand-down/", scene.stand_down, name="stand_down"),
    path("<int:pk>/after/", after.after, name="after"),
    path("<int:pk>/homes/", after.homes, name="homes"),
    path("<int:pk>/damages/", after.damages, name="damages"),
    path("<int:pk>/claims/", after.claims, name="claims"),
    path("<int:pk>/declaration/", after.declaration, name="declaration"),
    path("<int:pk>/measures/", after.measures, name="measures"),
    path("<int:pk>/report/", after.report, name="report"),
    path("<int:pk>/signature/", after.signature, name="signature"),
    path("<int:pk>/evaluation/", after.evaluation, name="evaluation"),
    path("<int:pk>/report.pdf", papers.report, name="paper"),
]
