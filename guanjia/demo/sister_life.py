"""How a sister estate lives: its tickets, duties, bills, payments and inspections of the last months, each by the verbs of every day."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from guanjia import clock
from guanjia.billing.models import Bill
from guanjia.billing.months import month_after
from guanjia.care import coverage
from guanjia.care.models import Answer
from guanjia.care.retiering import retier
from guanjia.collection.models import Payer, Payment
from guanjia.duties.generation import make_up
from guanjia.duties.laying import lay_changes
from guanjia.duties.missing import miss
from guanjia.duties.models import Enactment, Task
from guanjia.duties.taking_in import Taken, take_in
from guanjia.estates.models import Building
from guanjia.events.models import Outbox
from guanjia.households.models import Household, Occupancy
from guanjia.incentives.ends import close_of
from guanjia.incentives.reckoning import reckon
from guanjia.incentives.work import propose
from guanjia.people.models import Person, Post
from guanjia.people.reach import reach_of
from guanjia.people.roles import Role
from guanjia.quality.models import Inspection
from guanjia.reports.reading import midnight
from guanjia.rulebooks.books import books
from guanjia.rulebooks.models import Parameter
from guanjia.tenancy.scope import estate_scope
from guanjia.tickets.models import Ticket

from .history import History
from .life import Life
from .money import bill_months
from .quality import _mark
from .replies import replies

if TYPE_CHECKING:
    from datetime import date

    from guanjia.estates.models import Estate

    from .sisters import Sister

DAYS, WALKED, MONTHS = 60, 45, 3  # of tickets, of rounds, of figures
KEPT_BOOKS = ("zone", "posts")  # these estates began with two rulebooks


class Mood(Life):
    """The people of a sister estate: as quick, as careful and as liked as it is."""

    def __init__(self, history: History, one: Sister) -> None:
        super().__init__(history)
        self.one, self.happy = one, one.happy
        self.outcomes = [round(one.happy * 100), 5, 100 - round(one.happy * 100)]
        for role in (Role.FRONT_DESK, Role.DISPATCHER):  # one person does both in a small estate
            self.by_role.setdefault(role, self.by_role[Role.DISPATCHER])

    def soon(self, mean: float, late: float = 0.08) -> timedelta:
        return super().soon(mean * self.one.pace, min(late / 0.08 * self.one.forgets, 0.9))


def tell(estate: Estate, one: Sister, until: datetime) -> bool:
    """Everything of one estate; what was told stays as it is."""
    with estate_scope(estate):
        if Ticket.objects.at_estate(estate).exists():
            return False
        _tickets(estate, one, until)
    _duties(estate, one, until)
    for day in (close_of(estate, _month(estate, until, -1)) - timedelta(hours=3), until):  # what comes later is not paid before
        bill_months(estate, day, metered=False)
        with estate_scope(estate):
            _payments(estate, one, day)
    with estate_scope(estate):
        _known(estate, one, until)
        _inspected(estate, one, until)
        Outbox.objects.at_estate(estate).filter(ready_at__lt=until - timedelta(days=1)).delete()
        _scores(estate, until)
    return True


def _tickets(estate: Estate, one: Sister, until: datetime) -> None:
    history = History(estate, until, one.seed)
    life, dice = Mood(history, one), history.dice
    for n in range(one.tickets):
        ago = timedelta(days=dice.uniform(1, DAYS), hours=0) if n > 2 else timedelta(hours=dice.uniform(0.5, 3))
        day = (until - ago).astimezone(ZoneInfo(estate.time_zone))
        at = day.replace(hour=dice.randint(8, 20), minute=dice.randint(0, 59)) if n > 2 else day
        history.later(at.astimezone(UTC), life.report)
    history.live()


def _duties(estate: Estate, one: Sister, until: datetime) -> None:
    """Six weeks of the rulebooks they began with; `kept` of the tasks were done in time."""
    since, zone = midnight(estate, until, WALKED), ZoneInfo(estate.time_zone)
    with estate_scope(estate):
        for code in books():
            if code not in KEPT_BOOKS:
                Parameter.objects.set(f"book.{code}.adopted", False, by=None, reason="先采用片区和岗位两本", estate=estate, company=estate.company, at=since)
        state = Enactment.objects.held(estate)
        if state.enacted_at is not None:
            return
        lay_changes(estate, state, since)
        with clock.at(since):
            make_up(estate, since, until, first=True)
        state.keep(made_at=until, made_to=until, swept_on=clock.today(estate, until))
        dice, rows = random.Random(one.seed), []
        reaches: dict[int | None, Any] = {}
        buildings: dict[int | None, list[str]] = defaultdict(list)
        for pk, within in Building.objects.at_estate(estate).values_list("pk", "zone_id"):
            buildings[within].append(str(pk))
        due = Task.objects.at_estate(estate).open().filter(person__isnull=False, opens_at__lt=until - timedelta(hours=6)).select_related("person", "duty")
        for task in due.order_by("due_at", "pk"):
            if dice.random() > one.kept:
                continue
            if task.person_id not in reaches:
                reaches[task.person_id] = reach_of(task.person, estate)
            by = reaches[task.person_id]
            span = min(task.due_at, until) - task.opens_at
            at = task.opens_at + span * dice.uniform(0.2, 0.8)
            work = at.astimezone(zone)
            if span > timedelta(hours=20):
                at = min(max(work.replace(hour=9 + task.pk % 8), task.opens_at + timedelta(minutes=10)), task.due_at - timedelta(minutes=5)).astimezone(UTC)
            rows.append(Taken(task.pk, by, at, replies(task.duty.form, dice, buildings[task.zone_id], ""), at - timedelta(minutes=9)))
        take_in(estate, [row for row in rows if row.by], by=None, at=until)
    miss(until, estate)


def _month(estate: Estate, at: datetime, more: int = 0) -> date:
    """The first day of the month of an instant, or of another so many on."""
    return month_after(clock.today(estate, at).replace(day=1), more)


def _payments(estate: Estate, one: Sister, until: datetime) -> None:
    """On the phone: `paid` of the households pay what they owe within the last days."""
    dice = random.Random(one.seed)
    homes = sorted(set(Bill.objects.at_estate(estate).filter(household__isnull=False).values_list("household_id", "unit_id")))
    for household, unit in homes:
        if dice.random() < (one.paid if until.day > 25 else one.paid / 2):  # of a month that still runs half has come
            payer = Payer(estate, household, unit)
            with clock.at(until - timedelta(days=dice.uniform(0.2, 12))):
                owed = payer.owes()
                if owed > 0:
                    Payment.objects.take(payer, owed, way="online", key=f"demo {household} {until:%m}", by=None)


def _known(estate: Estate, one: Sister, until: datetime) -> None:
    """What the stewards say they know of their households, and the figures that come of it."""
    dice = random.Random(one.seed)
    stewards = {row.zone_id: reach_of(row.person, estate) for row in _stewards(estate)}
    homes = dict(Occupancy.objects.at_estate(estate).values_list("household_id", "unit__zone_id"))
    for household in Household.objects.at_estate(estate).filter(pk__in=homes).order_by("pk"):
        if by := stewards.get(homes[household.pk]):
            Answer.objects.give(household, {"people": max(1, min(5, one.familiar - dice.randint(0, 1)))}, by=by, at=until - timedelta(days=dice.uniform(20, 60)))
    for back in range(MONTHS - 1, -1, -1):
        at = min(until, close_of(estate, _month(estate, until, -back)) - timedelta(hours=2))
        retier(estate, at)
        coverage.keep(estate, at)


def _stewards(estate: Estate) -> Any:
    return Post.objects.at_estate(estate).filter(role=Role.STEWARD).select_related("person")


def _inspected(estate: Estate, one: Sister, until: datetime) -> None:
    """By the company, once in each of the last two months."""
    me = reach_of(Person.objects.get(username="inspector1"), estate)
    if me is None:
        return
    for number, ago in enumerate((40, 9)):
        at = until - timedelta(days=ago)
        lacks = one.lacks if number else dict(list(one.lacks.items())[:2])
        row = Inspection.objects.plan("客服月查", "open", clock.today(estate, at), me.person, by=me, rubrics={"customer_service": Decimal(100)}, at=at - timedelta(days=2))
        _mark(row, lacks, me, at)
        row.finish("见扣分说明" if lacks else "规范", by=me, at=at + timedelta(minutes=50))


def _scores(estate: Estate, until: datetime) -> None:
    for back in range(MONTHS, -1, -1):
        month = _month(estate, until, -back)
        reckon([estate], month, at=min(until, close_of(estate, month) + timedelta(hours=2)))
    with clock.at(until):
        propose([estate], _month(estate, until, -1))
