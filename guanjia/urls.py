"""The address book. Everything of an estate lives below /e/<code>/."""

from django.urls import include, path

from guanjia.web.views import healthz

handler500 = "guanjia.web.views.failed"

estate_urls = [
    path("", include("guanjia.tickets.urls")),
    path("import/", include("guanjia.importing.urls")),
    path("inbox/", include("guanjia.notices.urls")),
    path("rules/", include("guanjia.rulebooks.urls")),
    path("", include("guanjia.reports.urls")),
    path("", include("guanjia.duties.urls")),
    path("households/", include("guanjia.care.urls")),
    path("staff/", include("guanjia.staffing.urls")),
    path("bulletins/", include("guanjia.bulletins.urls")),
    path("services/moves/", include("guanjia.moves.urls")),
    path("services/gate/", include("guanjia.gate.urls")),
    path("services/decoration/", include("guanjia.decoration.urls")),
    path("services/nearby/", include("guanjia.nearby.urls")),
    path("services/liaison/", include("guanjia.liaison.urls")),
    path("services/lettings/", include("guanjia.lettings.urls")),
    path("services/orders/", include("guanjia.services.urls")),
    path("services/", include("guanjia.keys.urls")),
    path("emergencies/", include("guanjia.emergencies.urls")),
    path("quality/", include("guanjia.quality.urls")),
    path("scores/", include("guanjia.incentives.urls")),
    path("voice/", include("guanjia.surveys.urls")),
    path("activities/assembly/", include("guanjia.assembly.urls")),
    path("activities/sorting/", include("guanjia.sorting.urls")),
    path("activities/", include("guanjia.activities.urls")),
    path("training/", include("guanjia.training.urls")),
    path("jobs/", include("guanjia.jobs.urls")),
    path("billing/", include("guanjia.billing.urls")),
    path("money/", include("guanjia.collection.urls")),
]

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("guanjia.people.urls")),
    path("", include("guanjia.web.urls")),
    path("api/v1/", include("guanjia.api.urls")),
    path("e/<slug:estate_code>/", include(estate_urls)),
]
