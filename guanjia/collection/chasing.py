"""A day's calls: the calendar of the sources (FEE-05, 06, 09, 10), broken promises, solved problems, papers not collected."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from guanjia import clock
from guanjia.billing.overdue import mark_arrears
from guanjia.estates.models import Estate
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.parameters import parameter
from guanjia.rulebooks.values import parts
from guanjia.tenancy.scope import estate_scope

from .kinds import CallKind, HoldKind
from .models import Call, CallRound, Chase, Handing, Hold, Payer, Shift

if TYPE_CHECKING:
    from datetime import date, datetime

logger = logging.getLogger("guanjia.collection")

REASON_DAYS = 3  # after the cut-off of the quarter's second month
WITHIN = timedelta(days=3)  # for a broken promise, a solved problem


def windows(estate: Any, day: date, at: datetime) -> list[tuple[str, date, date]]:
    """(kind, first day, last day) of the windows a day falls into. Days past the month's end mean its last day (CF-47)."""
    end = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)

    def span(first: int, last: int) -> tuple[date, date]:
        return day.replace(day=min(first, end.day)), day.replace(day=min(last, end.day))

    def of(key: str) -> tuple[date, date]:
        first, last = parts("days", parameter(estate, key, at))
        return span(int(first), int(last))

    found = []
    if day.month % 3:
        found.append((CallKind.MONTH, *of("fee.month_call_window")))
    else:
        found += [(CallKind.RECHECK, *of("fee.q_end_window1")), (CallKind.FINAL, *of("fee.q_end_window2"))]
    if day.month % 3 == 2:
        cut = int(parameter(estate, "fee.q_mid_cutoff", at))
        found.append((CallKind.REASON, *span(cut, cut + REASON_DAYS)))
    return [window for window in found if window[1] <= day <= window[2]]


def make_calls(estate: Any, at: datetime | None = None) -> int:
    """What a business day asks for; asked again the same day, nothing more. How many calls are new."""
    at = at or clock.now()
    day = clock.today(estate, at)
    with estate_scope(estate):
        made = _solved(estate, at)
        with transaction.atomic():
            if not CallRound.objects.insert_new([CallRound(estate=estate, day=day, at=at)]):
                return made
            mark_arrears(estate.pk, day)
            _over(estate, day, at)
            for kind, opens, closes in windows(estate, day, at):
                made += Call.objects.make_all(estate, kind, f"{day:%Y-%m}", opens, closes, at)
            Handing.objects.plan(estate, at)
            made += _promises(estate, day, at) + Handing.objects.call_uncollected(estate, at)
            _overnight(estate, day, at)
            CallRound.objects.at_estate(estate).filter(day=day).update(made=made)
    return made


def _over(estate: Any, day: date, at: datetime) -> None:
    """Holds whose day has come."""
    for hold in Hold.objects.at_estate(estate).in_force().filter(until__lte=day):
        hold.end(at=at)


def _solved(estate: Any, at: datetime) -> int:
    """A problem that kept a household from paying is solved: follow it up, then remind (FEE-09). The hold ends with it."""
    made = 0
    solved = Hold.objects.at_estate(estate).in_force().filter(kind=HoldKind.SERVICE, ticket__closed_at__isnull=False)
    for hold in solved.select_related("ticket"):
        payer = Payer(estate, hold.household_id, hold.unit_id)
        closes = clock.today(estate, at) + WITHIN
        made += (
            Call.objects.make(payer, CallKind.FOLLOW_UP, f"hold {hold.pk}", closes, words=hold.why, at=at) is not None
        )
        hold.end(at=at)
    return made


def _promises(estate: Any, day: date, at: datetime) -> int:
    """The last word of a household was a day that is past, and it still owes."""
    made, seen = 0, set()
    rows = (
        Chase.objects.at_estate(estate).filter(at__gte=at - timedelta(days=120)).order_by("household_id", "-at", "-pk")
    )
    for household_id, pk, promised_on, unit_id in rows.values_list("household_id", "pk", "promised_on", "unit_id"):
        if household_id in seen:
            continue
        seen.add(household_id)
        if promised_on is None or promised_on >= day:
            continue
        payer = Payer(estate, household_id, unit_id)
        held = Hold.objects.at_estate(estate).in_force().filter(household_id=household_id).exists()
        if not held and payer.owes(day) > 0:
            made += (
                Call.objects.make(
                    payer, CallKind.PROMISE, f"promise {pk}", day + WITHIN, words=f"{promised_on:%Y-%m-%d}", at=at
                )
                is not None
            )
    return made


def _overnight(estate: Any, day: date, at: datetime) -> None:
    """A drawer that was not closed yesterday: cash has stayed overnight (FIN-01). Told, not called."""
    if parameter(estate, "cash.overnight", at) == "no_overnight":
        for shift in Shift.objects.at_estate(estate).open_now():
            if clock.today(estate, shift.opened_at) < day and shift.in_drawer():
                Event.objects.record(
                    Action.CASH_OVERNIGHT, shift, at=at, amount=str(shift.in_drawer()), worker_id=shift.cashier_id
                )


def run_once(now: datetime, estate: Estate | None = None) -> int:
    """Every estate's day; how many calls are new. One estate's trouble is not the others'."""
    made = 0
    for one in [estate] if estate else Estate.objects.order_by("pk"):
        try:
            made += make_calls(one, now)
        except Exception:
            logger.exception("calls of estate %s", one.pk)
    return made
