"""Scores and incentives. Every verb is a POST to a noun."""

from django.urls import path

from .views import company, contracts, money, scores, trying, wall

app_name = "incentives"
urlpatterns = [
    path("", scores.scores, name="scores"),
    path("mine/", money.mine, name="mine"),
    path("export/", scores.export, name="export"),
    path("reckonings/", scores.reckonings, name="reckonings"),
    path("company/", company.company, name="company"),
    path("wall/", wall.wall, name="wall"),
    path("simulation/", trying.simulation, name="simulation"),
    path("proposals/", money.proposals, name="proposals"),
    path("proposals/working/", money.work_out, name="work_out"),
    path("proposals/<int:pk>/", money.proposal, name="proposal"),
    path("proposals/<int:pk>/approval/", money.approval, name="approval"),
    path("proposals/<int:pk>/entries/", money.entries, name="entries"),
    path("proposals/<int:pk>/export/", money.export, name="proposal_export"),
    path("contracts/", contracts.contracts, name="contracts"),
    path("contracts/drafts/", contracts.draft, name="contract_draft"),
    path("contracts/<int:pk>/signature/", contracts.signature, name="signature"),
    path("lines/<int:pk>/appeals/", money.appeals, name="appeals"),
    path("appeals/<int:pk>/verdict/", money.verdict, name="appeal_verdict"),
    path("indicators/<str:key>/", scores.indicator, name="indicator"),
    path("indicators/<str:key>/rows/", scores.rows, name="rows"),
]
