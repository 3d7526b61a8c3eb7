"""制度执行 and reports."""

from django.urls import path

from .views import building, clause, proof, reports

app_name = "reports"
urlpatterns = [
    path("proof/", proof.proof, name="proof"),
    path("proof/mine/", proof.mine, name="mine"),
    path("proof/export/", proof.export, name="proof_export"),
    path("proof/clauses/<str:key>/", clause.clause, name="clause"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<int:pk>/", reports.report, name="report"),
    path("reports/<int:pk>/signature/", reports.signature, name="signature"),
    path("reports/<int:pk>/<slug:kind>/", reports.report_file, name="report_file"),
    path("building/", building.building, name="building"),
]
