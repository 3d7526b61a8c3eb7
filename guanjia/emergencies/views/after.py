"""善后: homes, damage, claims, declaration, measures, the report and its signature; the evaluation of a drill."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanjia.tenancy.reading import row_id
from guanjia.web.acting import act, carry_out
from guanjia.web.guard import needs

from ..book import emergency_book
from ..forms import ClaimForm, HomeForm, MeasureForm, ReportForm
from ..models import AffectedHome, Analysis, Claim, Evaluation, Measure
from ..models.analysis import PARTS
from .common import found, to

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs()
def after(request: HttpRequest, pk: int) -> HttpResponse:
    return shown(request, pk)


def shown(request: Any, pk: int, status: int = 200, **forms: Any) -> HttpResponse:
    """Everything that is left to do, with the form that was refused as it was typed."""
    row, reach, estate = found(request, pk), request.reach, request.estate
    report = row.analyses.select_related("written_by", "signed_by").first()
    said = {part: getattr(report, part) for part in PARTS} if report else {}
    commands = reach.may("emergency.command")
    page = {
        "emergency": row, "homes": row.homes.select_related("unit", "household", "visited_by").order_by("unit__code"), "damages": row.damages.select_related("home__unit").order_by("pk"),
        "claims": row.claims.order_by("pk"), "measures": row.measured.select_related("rectification__responsible").order_by("pk"), "report": report,
        "task": row.task, "wants_photo": row.task is not None and "photo" in row.task.duty.proof, "judged": row.evaluations.select_related("by").first(), "points": [(key, _(entry.title)) for key, entry in emergency_book().points.items()], "outcomes": Claim.Outcome.choices,
        "commands": commands, "reviews": reach.may("emergency.review"), "rectifies": reach.may("quality.rectify"),
        "signs": report is not None and not report.signed_at and not report.returned and reach.may("emergency.review") and report.written_by_id != reach.person_id,
        "home_form": HomeForm(estate=estate), "claim_form": ClaimForm(), "measure_form": MeasureForm(estate=estate), "report_form": ReportForm(initial=said), **forms,
    }  # fmt: skip
    return render(request, "emergencies/after.html", page, status=status)


def _kept(request: Any, pk: int, name: str, form: Any, verb: Any, said: Any) -> HttpResponse:
    done = carry_out(request, form, verb, said, lambda made: reverse("emergencies:after", args=[request.estate.code, pk]))
    return shown(request, pk, done, **{name: form}) if isinstance(done, int) else done


@require_POST
@needs("emergency.command")
def homes(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    form = HomeForm(request.POST, estate=request.estate)
    verb = lambda said: row.affect(said["room"], said["words"], hurt=said["hurt"], by=request.reach)  # noqa: E731
    return _kept(request, row.pk, "home_form", form, verb, _("已登记。"))


@require_POST
@needs("emergency.command")
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(AffectedHome.objects.at_estate(request.estate).select_related("emergency__building", "emergency__unit", "unit"), pk=pk)
    act(request, lambda: row.visited(request.POST.get("words", ""), by=request.reach), _("已登记走访。"))
    return to(request, "after", row.emergency_id)


def _yuan(text: str) -> Decimal | None:
    """As it was typed, nothing where nothing was; nonsense is less than nothing, which no verb takes."""
    try:
        found = Decimal(text.strip()).quantize(Decimal("0.01")) if text.strip() else None
    except InvalidOperation:
        return Decimal(-1)
    return found if found is None or (found.is_finite() and abs(found) < 10**10) else Decimal(-1)


@require_POST
@needs("emergency.command")
def damages(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    named, amount = request.POST.get("home"), _yuan(request.POST.get("amount", ""))
    home = get_object_or_404(row.homes, pk=row_id(named) or 0) if named else None
    act(request, lambda: row.note_damage(request.POST.get("item", ""), amount, home=home, by=request.reach), _("已登记。"))
    return to(request, "after", row.pk)


@require_POST
@needs("emergency.review")
def claims(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = found(request, pk), ClaimForm(request.POST)
    return _kept(request, row.pk, "claim_form", form, lambda said: row.claim(by=request.reach, **said), _("已登记。"))


@require_POST
@needs("emergency.review")
def closure(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Claim.objects.at_estate(request.estate).select_related("emergency__building", "emergency__unit"), pk=pk)
    paid = _yuan(request.POST.get("paid", ""))
    act(request, lambda: row.close(request.POST.get("outcome", ""), paid, request.POST.get("words", ""), by=request.reach), _("已登记。"))
    return to(request, "after", row.emergency_id)


@require_POST
@needs("emergency.review")
def declaration(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    act(request, lambda: row.declare(request.POST.get("to", ""), request.POST.get("words", ""), by=request.reach), _("已登记申报。"))
    return to(request, "after", row.pk)


@require_POST
@needs("quality.rectify")
def measures(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    form = MeasureForm(request.POST, estate=request.estate)
    verb = lambda said: Measure.objects.ask(row, said["words"], said["responsible"], said["due_on"], by=request.reach)  # noqa: E731
    return _kept(request, row.pk, "measure_form", form, verb, _("已下整改。"))


@require_POST
@needs("emergency.command")
def report(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = found(request, pk), ReportForm(request.POST)
    return _kept(request, row.pk, "report_form", form, lambda said: Analysis.objects.write(row, said, by=request.reach), _("报告已提交，等另一位签认。"))


@require_POST
@needs("emergency.review")
def signature(request: HttpRequest, pk: int) -> HttpResponse:
    """Signed, or sent back with the reason."""
    row = found(request, pk)
    one = get_object_or_404(Analysis.objects.at_estate(request.estate).select_related("emergency__building", "emergency__unit", "emergency__estate__company", "emergency__plan", "emergency__started_by", "emergency__down_by"), emergency=row)
    if request.POST.get("verdict") == "back":
        act(request, lambda: one.send_back(request.POST.get("words", ""), by=request.reach), _("已退回。"))
    else:
        act(request, lambda: one.sign(request.POST.get("signature", ""), by=request.reach), _("已签认并归档。"))
    return to(request, "after", row.pk)


@require_POST
@needs("emergency.review")
def evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(request, pk)
    points = {key: request.POST.get(key, "") for key in emergency_book().points}
    present = row_id(request.POST.get("present")) or 0
    words, photos = request.POST.get("words", ""), request.FILES.getlist("photos")
    act(request, lambda: Evaluation.objects.evaluate(row, points, present, words, photos=photos, by=request.reach), _("已评估并归档。"))
    return to(request, "after", row.pk)
