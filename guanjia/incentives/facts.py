"""A month's facts and rule as an estate has them: what proposals are worked out from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.ladder import ladder
from guanjia.billing.months import month_after
from guanjia.estates.models import Zone
from guanjia.people.models import Post
from guanjia.rulebooks.parameters import entry_of, parameter
from guanjia.staffing.models import Appraisal, Award, FactRecord, ZoneNote
from guanjia.tickets.models.refusable import Refusal

from .ends import close_of
from .models import Figure
from .rules import PersonFacts, Result, Share, Terms, ZoneFacts
from .yearly import LADDER_ROLES, NOTHING, campaign_again, campaign_money, capped, contract_results, gained

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

# terms → the parameter or figure of a rulebook
TERMS = {
    "collection_target": "collection.target", "satisfaction_target": "kpi.satisfaction_target", "bonus": "zone.bonus", "penalty": "zone.penalty",
    "tie": "zone.tie", "star": "star.bonus", "support": "support.penalty",
}  # fmt: skip

WAITS = ("zone.bonus", "zone.penalty", "ladder.top_senior_steward", "ladder.top_assistant_steward")


def terms_of(estate: Any, month: date) -> Terms:
    at = close_of(estate, month) - timedelta(microseconds=1)
    said = {name: parameter(estate, key, at) for name, key in TERMS.items()}
    return Terms.read({name: value if name == "tie" or value is None else str(value) for name, value in said.items()})


def blanks(estate: Any) -> list[tuple[str, str]]:
    """Amounts and caps that the sources leave to the company and it has not set yet: (setting, its name) (CF-76, INC-01)."""
    now = clock.now()
    return [(key, _(entry_of(key).title)) for key in WAITS if parameter(estate, key, now) is None]


def zone_facts(estate: Any, month: date, version: int | None = None) -> list[ZoneFacts]:
    """Every zone, from the month's kept figures; one statement."""
    wanted = ("collection", "satisfaction", "complaints")
    rows = Figure.objects.at_estate(estate).filter(month=month, level="zone", indicator__in=wanted).standing(version)
    found: dict[int, dict[str, Share]] = defaultdict(dict)
    for row in rows:
        found[row.subject_id][row.indicator] = Share(row.part, row.whole)
    nothing = Share()
    return [
        ZoneFacts(pk, found[pk].get("collection", nothing), found[pk].get("satisfaction", nothing), int(found[pk].get("complaints", nothing).part))
        for pk in Zone.objects.at_estate(estate).order_by("code").values_list("pk", flat=True)
    ]  # fmt: skip


def person_facts(estate: Any, month: date, version: int | None = None) -> list[PersonFacts]:
    """Who was marked, praised, or failed to support somebody that month; five statements however many people."""
    since, until = close_of(estate, (month - timedelta(days=1)).replace(day=1)), close_of(estate, month)
    people: dict[int, PersonFacts] = defaultdict(lambda: PersonFacts(0))

    def say(person: int, **more: Any) -> None:
        people[person] = replace(people[person], person=person, **more)

    for person, total, count in Appraisal.objects.at_estate(estate).filter(month=month).values_list("person_id").annotate(s=Sum("score"), n=Count("pk")).order_by():
        say(person, marks=Share(Decimal(total), Decimal(count)))
    notes = ZoneNote.objects.at_estate(estate).filter(kind=ZoneNote.Kind.PRAISE, on__gte=month, on__lt=month_after(month))
    for person, count in notes.values_list("person_id").annotate(n=Count("pk")).order_by():
        say(person, praises=count)
    refused = Refusal.objects.at_estate(estate).filter(judged_at__gte=since, judged_at__lt=until, upheld=False)
    facts = FactRecord.objects.at_estate(estate).filter(judged_at__gte=since, judged_at__lt=until, verdict__in=("stands", "partly"))
    for rows, who in ((refused, "by_id"), (facts, "about_id")):
        for person, count in rows.values_list(who).annotate(n=Count("pk")).order_by():
            say(person, failures=people[person].failures + count)
    for row in Figure.objects.at_estate(estate).filter(month=month, level="person", indicator="tasks", subject_id__in=list(people)).standing(version):
        say(row.subject_id, tasks=Share(row.part, row.whole))
    return sorted(people.values(), key=lambda one: one.person)


def awards(estate: Any, month: date) -> list[Result]:
    """Instant rewards and penalties that were granted in the month, as they were decided (INC-07)."""
    since, until = close_of(estate, (month - timedelta(days=1)).replace(day=1)), close_of(estate, month)
    rows = Award.objects.at_estate(estate).filter(granted=True, decided_at__gte=since, decided_at__lt=until).order_by("pk")
    return [
        Result("award", row.amount if row.kind == Award.Kind.REWARD else -row.amount, person=row.person_id, inputs={"source": row.pk, "why": row.why})
        for row in rows
    ]  # fmt: skip


def climbing(estate: Any, month: date, version: int | None = None) -> list[Result]:
    """The ladder of the whole plot's rate at the end of each half-year, or what a manager has to decide on (INC-01, INC-02, CF-44)."""
    at = close_of(estate, month) - timedelta(microseconds=1)
    if month.month % max(int(parameter(estate, "kpi.collection_period", at)), 1):
        return []
    whole = Figure.objects.at_estate(estate).filter(month=month, level="estate", indicator="collection").standing(version).first()
    if whole is None or not whole.whole:
        return []
    rate = (whole.part * 100 / whole.whole).quantize(Decimal("0.1"))
    one = ladder(estate, rate, at)
    posts = Post.objects.at_estate(estate).held_on(month_after(month) - timedelta(days=1)).filter(role__in=LADDER_ROLES)
    roles = {person: role for person, role in posts.order_by("role").values_list("person_id", "role")}  # who holds both climbs as the senior
    before = gained(estate, list(roles), month)
    kind = "ladder" if one.reached else "half_year"
    inputs = {"rate": str(rate), "threshold": str(one.threshold), "step": str(one.step), "steps": one.steps, "each": one.each}
    found = []
    for person, role in sorted(roles.items()):
        grades, told = capped(estate, one.grades, role, before.get(person, 0), at)
        if one.grades or not one.reached:
            found.append(Result(kind, Decimal(0), person=person, grades=grades, inputs=inputs | told))
    return found


def further(estate: Any, month: date, version: int | None = None, tried: Mapping[str, Any] = NOTHING) -> list[Result]:
    """Beside the rule of zones and people: instant awards, the campaign, the ladder, the year's contracts. `tried`: settings of a trial, in force here already."""
    since, until = close_of(estate, (month - timedelta(days=1)).replace(day=1)), close_of(estate, month)
    campaign = campaign_again(estate, since, until, tried) if any(key.startswith("grade.") for key in tried) else campaign_money(estate, since, until)
    return [*awards(estate, month), *campaign, *climbing(estate, month, version), *contract_results(estate, month, tried)]
