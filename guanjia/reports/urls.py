"""制度执行 and reports."""

from django.urls import path

from .views import building, clause, proof

app_name = "reports"
urlpatterns = [
    path("proof/", proof.proof, name="proof"),
    path("proof/mine/", proof.mine, name="mine"),
    path("proof/export/", proof.export, name="proof_export"),
    path("proof/clauses/<str:key>/", clause.clause, name="clause"),
    path("building/", building.building, name="building"),
]
