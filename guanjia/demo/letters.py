"""Two lawyer's letters of the demo: one went out and is on the household's file, one waits for its judge (FEE-11)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.billing.months import month_after
from guanjia.collection.kinds import CallKind
from guanjia.collection.models import Call, Chase, Letter, Payer
from guanjia.people.models import Person
from guanjia.people.reach import reach_of

from .drafts import late_rule

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

RULES = {"fee.late_fee_rate": "0.05", "letter.firm": "四川明理律师事务所"}
WHY = ["两年来多次电话、上门都拒绝说明理由", "承诺三次都没有兑现，现在不接电话"]


def write_letters(estate: Estate, until: datetime, payers: list[Payer], by: Any) -> None:
    """`payers` owe since the quarter's last month; none where its last check is not a month ago."""
    checked = _last_check(estate, until)
    if until - checked < timedelta(days=30):
        return
    late_rule(estate, RULES, until - timedelta(days=60))
    for place, payer in enumerate(payers):
        with clock.at(checked):
            call = Call.objects.make(
                payer, CallKind.FINAL, f"{checked:%Y-%m}", clock.today(estate, checked), at=checked
            )
        if call is None or call.steward_id is None:
            continue
        steward = reach_of(Person.objects.get(pk=call.steward_id), estate)
        with clock.at(checked + timedelta(hours=2)):
            Chase.objects.record(payer, contact="visit", reason="refuses", words=WHY[place], by=steward)
        with clock.at(until - timedelta(days=6 - 4 * place)):
            letter = Letter.objects.ask(payer, WHY[place], by=steward)
        if place == 0:
            with clock.at(until - timedelta(days=4)):
                letter.judge_it(True, by=by)
            with clock.at(until - timedelta(days=3)):
                letter.send("EMS 1023 4567 890", by=steward)


def _last_check(estate: Estate, until: datetime) -> datetime:
    """The 23rd of the last month of the quarter before, ten in the morning."""
    present = clock.today(estate, until).replace(day=1)
    month = month_after(present, -(present.month % 3 or 3))
    return datetime(month.year, month.month, 23, 2, tzinfo=UTC)
