"""A changed rule on last quarter's facts. Nothing is kept."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia.quality.grading import banded, grading
from guanjia.quality.rubric_book import is_key, rubrics_book
from guanjia.rulebooks.parameters import entry_of, parameter
from guanjia.tenancy.errors import Refused
from guanjia.web.guard import needs

from ..book import book, indicators
from ..ends import close_of
from ..facts import TERMS
from ..models import Sort
from ..simulation import Side, simulate
from ..yearly import BONUS, LADDER_ROLES, weighing
from .common import month_of, render
from .money import number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

FAIL, GOOD = "grade.fail_max", "grade.good_most"  # where two bands end; the second is no setting but half of one (CF-27)
LADDER = ("kpi.collection_threshold", "kpi.collection_step", "kpi.ladder_grades", "ladder.first_step", *(f"ladder.top_{role}" for role in LADDER_ROLES))


def groups() -> list[tuple[Any, list[str]]]:
    """(heading, its settings): each rule of the proposal that has settings (INC-01..07, QLT-22..25)."""
    money = rubrics_book()
    amounts = [said[1:] for row in money.money.values() for said in (row.fail, row.excellent) if is_key(said)]
    team = [said[1:] for said in (money.team.since, money.team.amount) if is_key(said)]
    promised = [indicators()[key].target for key in book().promised if indicators()[key].target not in TERMS.values()]
    return [
        (gettext_lazy("片区、月度之星和支持"), list(TERMS.values())), (Sort.LADDER.label, list(LADDER)),
        (gettext_lazy("考评权重和分档"), [*sorted(weighing()), FAIL, GOOD, "grade.rounding"]), (Sort.CAMPAIGN.label, ["grade.team_award", *amounts, *team]),
        (Sort.CONTRACT.label, [*promised, "contract.scale", "contract.least", *(f"contract.share_{key}" for key in book().promised), BONUS]),
    ]  # fmt: skip


@needs("incentive.read")
def simulation(request: HttpRequest) -> HttpResponse:
    """The rule stands in the address, so that it can be sent; what is not given stays as it holds."""
    month = month_of(request, whole=True)
    at = close_of(request.estate, month)
    shown: list[dict[str, Any]] = []
    changes: dict[str, Any] = {}
    errors = False
    for heading, keys in groups():
        fields = [_field(request, key, at) for key in keys]
        changes |= {one["name"]: one["tried"] for one in fields if one["tried"] is not None}
        errors |= any(one["error"] for one in fields)
        shown.append({"heading": heading, "fields": fields, "open": any(one["value"] for one in fields)})
    wrong = ""
    try:
        changes |= _limits(request, changes, at)
        rows, months = simulate(request.estate, month, changes)
    except Refused as refused:
        wrong, (rows, months) = str(refused), simulate(request.estate, month, {})
    sorts = dict(Sort.choices)
    now, then = sum((row.now.amount for row in rows), Decimal(0)), sum((row.then.amount for row in rows), Decimal(0))
    page = {
        "month": month, "months": months, "now": now, "then": then, "change": then - now, "groups": shown, "differing": sum(1 for row in rows if row.differs),
        "rows": [{"row": row, "sort": sorts[row.kind], "now": said(row.kind, row.now), "then": said(row.kind, row.then)} for row in rows],
    }  # fmt: skip
    return render(request, "incentives/simulation.html", page | {"wrong": wrong}, status=422 if errors or wrong else 200)


def _limits(request: Any, changes: dict[str, Any], at: Any) -> dict[str, Any]:
    """The three bands' settings where one of their two limits is tried; takes the limit that is no setting of its own out."""
    good = changes.pop(GOOD, None)
    if good is None and FAIL not in changes:
        return {}
    now = grading(request.estate, at)
    return banded(Decimal(changes.get(FAIL, now.fail)), Decimal(good if good is not None else now.good))


def said(kind: str, side: Side) -> str:
    """Of what is no money: grades up, or that a manager decides."""
    if not side.there or kind not in (Sort.LADDER, Sort.HALF_YEAR):
        return "—"
    return _("升 %(n)s 档") % {"n": side.grades} if kind == Sort.LADDER else _("由经理决定")


def _field(request: Any, key: str, at: Any) -> dict[str, Any]:
    """A setting as it holds and as it was typed; `tried` is nothing where it was not, or makes no sense."""
    text = request.GET.get(key, "").strip()
    if key == BONUS:
        shape: dict[str, Any] = {"label": _("每份合同的年终奖"), "unit": _("元"), "choices": [], "now": _("按各合同")}
        value = number(text)
        return {**shape, "name": key, "value": text, "tried": value if value is not None and 0 <= value <= 100_000 else None, "error": bool(text) and (value is None or not 0 <= value <= 100_000)}
    if key == GOOD:
        shape = {"label": _("良好到"), "unit": _("分"), "choices": [], "now": f"{grading(request.estate, at).good.normalize():f}"}
        value = number(text)
        fits = value is not None and 0 <= value <= 100
        return {**shape, "name": key, "value": text, "tried": f"{value.normalize():f}" if value is not None and fits else None, "error": bool(text) and not fits}
    entry, now = entry_of(key, request.estate.company_id), parameter(request.estate, key, at)
    tried = _read(entry, text) if text else None
    choices = [(one, _(words)) for one, words in entry.choices.items()]
    return {
        "name": key, "label": _(entry.title), "unit": _(entry.unit) if entry.unit else "", "choices": choices, "now": dict(choices).get(now, now), "value": text, "tried": tried,
        "error": bool(text) and tried is None,
    }  # fmt: skip


def _read(entry: Any, text: str) -> Any:
    """The value of a setting's sort, nothing for nonsense or what no rule could be."""
    if entry.choices:
        return text if text in entry.choices else None
    value = number(text)
    if value is None or not 0 <= value <= (100 if entry.unit in ("%", "分") else 100_000):
        return None
    whole = entry.type == "count"
    return None if whole and value % 1 else int(value) if whole else f"{value.normalize():f}"
