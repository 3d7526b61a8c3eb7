"""The accountant's month, in the order it is worked through. Every verb is a POST to a noun."""

from django.urls import path

from .views import bills, collection, costs, discounts, fees, ledger, meters, month, planning, resident, runs

app_name = "billing"
urlpatterns = [
    path("", month.month, name="month"),
    path("runs/", runs.draft, name="draft"),
    path("runs/<int:pk>/", runs.show, name="run"),
    path("runs/<int:pk>/review/", runs.review, name="review"),
    path("runs/<int:pk>/posting/", runs.posting, name="posting"),
    path("runs/<int:pk>/discard/", runs.discard, name="discard"),
    path("runs/<int:pk>/reversal/", runs.reversal, name="reversal"),
    path("runs/<int:pk>/issue/", runs.issue, name="issue"),
    path("fees/", fees.fees, name="fees"),
    path("fees/new/", fees.new, name="fee_new"),
    path("fees/formula/", fees.formula, name="formula"),
    path("fees/<int:pk>/", fees.show, name="fee"),
    path("fees/<int:pk>/price/", fees.price, name="price"),
    path("fees/<int:pk>/edit/", fees.edit, name="fee_edit"),
    path("meters/", meters.meters, name="meters"),
    path("meters/<int:pk>/", meters.meter, name="meter"),
    path("meters/<int:pk>/replacement/", meters.replacement, name="replacement"),
    path("readings/<int:pk>/confirmation/", meters.confirmation, name="confirmation"),
    path("readings/<int:pk>/photo/", meters.photo, name="reading_photo"),
    path("costs/", costs.costs, name="costs"),
    path("discounts/", discounts.discounts, name="discounts"),
    path("discounts/<int:pk>/verdict/", discounts.verdict, name="verdict"),
    path("bills/", bills.bills, name="bills"),
    path("bills/<int:pk>/", bills.show, name="bill"),
    path("bills/<int:pk>/pdf/", bills.pdf, name="bill_pdf"),
    path("collection/", collection.collection, name="collection"),
    path("ledger/", ledger.trial, name="trial"),
    path("ledger/journal.xlsx", ledger.journal_xlsx, name="journal_xlsx"),
    path("ledger/journal.csv", ledger.journal_csv, name="journal_csv"),
    path("ledger/close/", ledger.close, name="close"),
    path("ledger/reopening/", ledger.reopening, name="reopening"),
    path("ledger/reopening/agreement/", ledger.agreement, name="agreement"),
    path("fund/", planning.fund, name="fund"),
    path("fund/grant/", planning.grant, name="fund_grant"),
    path("fund/<int:pk>/verdict/", planning.fund_verdict, name="fund_verdict"),
    path("budget/", planning.budget, name="budget"),
    path("budget/budget.xlsx", planning.budget_xlsx, name="budget_xlsx"),
    path("mine/", resident.mine, name="mine"),
]
