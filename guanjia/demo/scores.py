"""Three months' figures of the demo estate, two months' rewards and penalties: one frozen after an appeal, one waiting."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from guanjia import clock
from guanjia.billing.months import month_after
from guanjia.incentives.ends import close_of
from guanjia.incentives.models import Appeal, Contract, Line, Proposal
from guanjia.incentives.models.line import team_of
from guanjia.incentives.reckoning import reckon
from guanjia.people.models import Person
from guanjia.people.reach import reach_of
from guanjia.rulebooks.models import Parameter
from guanjia.tenancy.scope import estate_scope

if TYPE_CHECKING:
    from datetime import date

    from guanjia.estates.models import Estate

MONTHS = 3
AMOUNTS = {"zone.bonus": "500", "zone.penalty": "200", "support.penalty": "20", "ladder.top_senior_steward": 6, "ladder.top_assistant_steward": 4}
HEADS = [("engineering", "supervisor1", True), ("order", "leader1", True), ("environment", "cleaner1", True), ("service", "desk1", False)]  # department, login, signed

WORDS = {  # what is appealed and how it is judged: of a person's line, of a zone's
    True: ("有一次是在抢修水管，走不开，当时已报班长", "班长证实一次在抢修，减半执行"), False: ("有三户欠费在诉讼中，不应计入本月收缴率", "三户确已立案，减半执行"),
}  # fmt: skip


def score_months(estate: Estate, until: datetime) -> int:
    """The last months and the present one; harmless when run again. How many proposals there are."""
    present = clock.today(estate, until).replace(day=1)
    with estate_scope(estate):
        known = set(Parameter.objects.filter(company=estate.company_id).values_list("key", flat=True))
        for key, value in AMOUNTS.items():
            if key not in known:
                since = close_of(estate, month_after(present, -MONTHS - 1))
                Parameter.objects.set(key, value, by=None, reason="演示：制度里空着、由公司定的数", company=estate.company, at=since)
        _contracts(estate, present.year, until)
        for back in range(MONTHS, -1, -1):
            month = month_after(present, -back)
            reckon([estate], month, at=min(until, close_of(estate, month) + timedelta(hours=2)))
        for back in (2, 1):
            _propose(estate, month_after(present, -back), frozen=back == 2, until=until)
        return Proposal.objects.at_estate(estate).count()


def _contracts(estate: Estate, year: int, until: datetime) -> None:
    """The year's target contracts of four departments; one is still to be signed."""
    boss = reach_of(Person.objects.get(username="manager1"), estate)
    if Contract.objects.at_estate(estate).exists() or boss is None:
        return
    for n, (department, login, signed) in enumerate(HEADS):
        at = until - timedelta(days=80 - n)
        head = Person.objects.get(username=login)
        made = Contract.objects.draft(year, department, head, by=boss, bonus=Decimal(2000) if n else None, at=at)
        by = reach_of(head, estate)
        if signed and by:
            made.sign(by=by, at=at + timedelta(days=1))


def _propose(estate: Estate, month: date, *, frozen: bool, until: datetime) -> None:
    if Proposal.objects.at_estate(estate).filter(month=month).exists():
        return
    at = min(until, close_of(estate, month) + timedelta(days=1, hours=9))
    with clock.at(at):
        made = Proposal.objects.work_out(estate, month)
        line = made.lines.filter(amount__lt=0).order_by("-kind", "amount", "pk").first()
        boss = reach_of(Person.objects.get(username="manager1"), estate)
        if frozen and boss:
            if line:
                _appeal(estate, line, boss, at)
            made.approve("同意，按裁定后的数执行", by=boss, at=min(until, at + timedelta(days=3)))


def _appeal(estate: Estate, line: Line, boss: object, at: datetime) -> None:
    """By whom the line is about; half of it is taken back by an entry."""
    whose = [line.person_id] if line.person_id else team_of(estate.pk, line.zone_id, line.proposal.month)
    person = Person.objects.filter(pk__in=whose).order_by("pk").first()
    by = reach_of(person, estate) if person else None
    if by:
        why, found = WORDS[bool(line.person_id)]
        appeal = Appeal.objects.file(line, why, by=by, at=at + timedelta(hours=5))
        appeal.judge(line.amount / Decimal(2), found, by=boss, at=at + timedelta(days=1))
