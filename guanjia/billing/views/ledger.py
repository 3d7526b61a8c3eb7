"""The trial balance, the journal as files, and the month's end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia import clock
from guanjia.billing.books import trial_balance
from guanjia.billing.exporting import as_csv, as_xlsx
from guanjia.billing.models import Period, Reopening
from guanjia.billing.months import month_after
from guanjia.people.models import Person
from guanjia.web.acting import act
from guanjia.web.guard import needs

from .common import around, month_of, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs("ledger.read")
def trial(request: HttpRequest) -> HttpResponse:
    """Every account with opening, movement and closing; debits equal credits."""
    month = month_of(request)
    lines = trial_balance(request.estate, month)
    rows = [
        {"line": line, "opening_debit": line.side(line.opening, "debit"), "opening_credit": line.side(line.opening, "credit"), "debits": line.debits, "credits": line.credits,
         "closing_debit": line.side(line.closing, "debit"), "closing_credit": line.side(line.closing, "credit")}
        for line in lines
    ]  # fmt: skip
    names = ("opening_debit", "opening_credit", "debits", "credits", "closing_debit", "closing_credit")
    totals = {name: sum(row[name] or 0 for row in rows) for name in names}
    period = Period.objects.at_estate(request.estate).filter(month=month).first()
    asked = (
        Reopening.objects.filter(estate=request.estate, period=period, agreed_at__isnull=True).first()
        if period
        else None
    )
    page = around(month) | {"rows": rows, "totals": totals, "closed": bool(period and period.closed), "asked": asked, "asker": Person.objects.filter(pk=asked.asker_id).first() if asked else None,
                            "mine": asked and asked.asker_id == request.reach.person_id, "over": clock.today(request.estate) >= month_after(month)}  # fmt: skip
    return render(request, "billing/trial.html", page)


@needs("ledger.read")
def journal_xlsx(request: HttpRequest) -> FileResponse:
    month = month_of(request)
    return FileResponse(
        as_xlsx(request.estate, month, by=request.reach),
        as_attachment=True,
        filename=_("凭证 %(month)s.xlsx") % {"month": f"{month:%Y-%m}"},
    )


@needs("ledger.read")
def journal_csv(request: HttpRequest) -> FileResponse:
    month = month_of(request)
    return FileResponse(
        as_csv(request.estate, month, by=request.reach),
        as_attachment=True,
        filename=f"journal-{month:%Y-%m}.csv",
        content_type="text/csv; charset=utf-8",
    )


@require_POST
@needs("ledger.close")
def close(request: HttpRequest) -> HttpResponse:
    month = month_of(request)
    act(request, lambda: Period.objects.of(request.estate, month).close(by=request.reach), _("已结账。"))
    return to(request, "trial", period=month)


@require_POST
@needs("ledger.reopen")
def reopening(request: HttpRequest) -> HttpResponse:
    month = month_of(request)
    act(
        request,
        lambda: Period.objects.of(request.estate, month).ask_reopening(request.POST.get("why", ""), by=request.reach),
        _("已申请，等另一个人同意。"),
    )
    return to(request, "trial", period=month)


@require_POST
@needs("ledger.reopen")
def agreement(request: HttpRequest) -> HttpResponse:
    month = month_of(request)
    act(request, lambda: Period.objects.of(request.estate, month).agree_reopening(by=request.reach), _("已反结账。"))
    return to(request, "trial", period=month)
