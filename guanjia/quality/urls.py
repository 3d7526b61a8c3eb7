"""品质: inspections, rubrics, assessments, rectification, the campaign. Every verb is a POST to a noun."""

from django.urls import path

from .views import assessments, campaign, correction, fixes, inspections, photos, rubrics, sheet, steps

app_name = "quality"
urlpatterns = [
    path("", inspections.inspections, name="inspections"),
    path("inspections/new/", inspections.plan, name="plan"),
    path("inspections/<int:pk>/", inspections.inspection, name="inspection"),
    path("inspections/<int:pk>/report.<slug:kind>", inspections.report, name="inspection_report"),
    path("inspections/<int:pk>/sheet/", sheet.sheet, name="sheet"),
    path("inspections/<int:pk>/marks/", sheet.marks, name="marks"),
    path("inspections/<int:pk>/samples/", sheet.samples, name="samples"),
    path("inspections/<int:pk>/exam/", sheet.exam, name="inspection_exam"),
    path("inspections/<int:pk>/closure/", sheet.closure, name="closure"),
    path("inspections/<int:pk>/opening/", inspections.opening, name="opening"),
    path("inspections/<int:pk>/call-off/", inspections.call_off, name="call_off"),
    path("inspections/<int:pk>/correction/<str:key>/<slug:name>/", correction.correction, name="correction"),
    path("fixes/", fixes.fixes, name="fixes"),
    path("fixes/new/", fixes.ask, name="fix_ask"),
    path("fixes/<int:pk>/", fixes.fix, name="fix"),
    path("fixes/<int:pk>/proof/", fixes.proof, name="fix_proof"),
    path("fixes/<int:pk>/verdict/", fixes.verdict, name="fix_verdict"),
    path("fixes/<int:pk>/handover/", fixes.handover, name="fix_handover"),
    path("assessments/", assessments.assessments, name="assessments"),
    path("assessments/<int:pk>/", assessments.assessment, name="assessment"),
    path("assessments/<int:pk>/verdict/", assessments.verdict, name="assessment_verdict"),
    path("assessments/<int:pk>/report.<slug:kind>", assessments.report, name="assessment_report"),
    path("campaign/", campaign.campaigns, name="campaigns"),
    path("campaign/<int:pk>/", campaign.campaign, name="campaign"),
    path("campaign/<int:pk>/end/", campaign.end, name="campaign_end"),
    path("campaign/<int:pk>/award/", campaign.award, name="campaign_award"),
    path("campaign/<int:pk>/report.<slug:kind>", campaign.report, name="campaign_report"),
    path("steps/<int:pk>/", steps.step, name="step"),
    path("steps/<int:pk>/evidence/", steps.evidence, name="evidence"),
    path("steps/<int:pk>/delivery/", steps.delivery, name="delivery"),
    path("steps/<int:pk>/giving/", steps.giving, name="giving"),
    path("rubrics/", rubrics.rubrics, name="rubrics"),
    path("rubrics/new/", rubrics.edit, name="rubric_new"),
    path("rubrics/<str:key>/", rubrics.rubric, name="rubric"),
    path("rubrics/<str:key>/revision/", rubrics.edit, name="rubric_edit"),
    path("photos/<int:pk>/", photos.photo, name="photo"),
]
