"""What came of the demo's bills: most pay, some late, a few for reasons; told by the real verbs with the clock set back."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.billing.models import Bill
from guanjia.collection import banking
from guanjia.collection.chasing import make_calls
from guanjia.collection.kinds import CallKind
from guanjia.collection.models import (
    BankRow,
    Call,
    CallRound,
    Chase,
    DebitBatch,
    Handing,
    Mandate,
    Payer,
    Payment,
    Shift,
)
from guanjia.households.models import Household
from guanjia.people.models import Person
from guanjia.people.reach import reach_of
from guanjia.tenancy.scope import estate_scope

from .cash import close_month
from .following import follow
from .letters import write_letters
from .mailings import write_mailing

if TYPE_CHECKING:
    from datetime import date

    from guanjia.estates.models import Estate

SHARE = 0.72  # of households that have paid what they were billed
WAYS = ["online", "online", "online", "qr", "transfer", "card", "cash"]
SAID = [
    ("forgot", "出差忘了，回来就缴", 5), ("away", "住在外地，请发电子账单", 9), ("not_received", "没收到对账单，已当面补送", 3), ("service", "电梯老是停，修好再说", 0),
    ("hardship", "家里有人住院，想缓两个月", 0), ("dispute", "公摊水电算得不明白，要看明细", 0), ("unreached", "三次无人接听", 0), ("debit", "卡里余额不足，周末存进去", 4),
    ("refuses", "不肯说理由，挂断电话", 0), ("other", "等年终奖一起缴", 20),
]  # fmt: skip


class Till:
    """The cashier's days: opened when cash comes, closed in the evening with everything banked."""

    def __init__(self, estate: Estate, until: datetime, by: Any) -> None:
        self.estate, self.until, self.by = estate, until, by

    def day(self, day: date, dues: list[tuple[Payer, str]]) -> None:
        morning = datetime(day.year, day.month, day.day, 1, 5, tzinfo=UTC)
        with clock.at(min(morning, self.until)):
            shift = Shift.objects.begin(self.estate, Decimal(300), by=self.by)
        for place, (payer, way) in enumerate(dues):
            with clock.at(min(morning + timedelta(minutes=9 * place + 4), self.until)):
                _pay(payer, way, self.by)
        if self.until - morning > timedelta(hours=12):
            with clock.at(morning + timedelta(hours=9)):
                shift.close(shift.in_drawer(), shift.in_drawer(), by=self.by, slip=f"CK{day:%m%d}01")


def _pay(payer: Payer, way: str, by: Any) -> None:
    owed = payer.owes()
    if owed <= 0:
        return
    key = f"demo {payer.household_id} {clock.now():%Y%m%d%H%M}"
    reference = f"{clock.now():%Y%m%d}{payer.household_id:06d}" if way != "cash" else ""
    Payment.objects.take(payer, owed, way=way, key=key, by=by if way != "online" else None, reference=reference)


def collect(estate: Estate, until: datetime) -> None:
    """Weeks of the counter, calls and the bank; harmless when run again."""
    with estate_scope(estate):
        if Shift.objects.at_estate(estate).exists() or not Bill.objects.at_estate(estate).exists():
            return
        by = {name: reach_of(Person.objects.get(username=name), estate) for name in ("cashier1", "desk1", "manager1", "supervisor1")}
        _weeks(estate, until, by)


def _weeks(estate: Estate, until: datetime, by: dict[str, Any]) -> None:
    dice = random.Random(5)
    today = clock.today(estate, until)
    homes = sorted(
        set(Bill.objects.at_estate(estate).filter(household__isnull=False).values_list("household_id", "unit_id"))
    )
    payers = list({household: Payer(estate, household, unit) for household, unit in homes}.values())
    dice.shuffle(payers)
    paying, rest = payers[: int(len(payers) * SHARE)], payers[int(len(payers) * SHARE) :]
    days = [today - timedelta(days=back) for back in range(24, -1, -1)]
    dues: dict[date, list[tuple[Payer, str]]] = {day: [] for day in days}
    for payer in paying:
        dues[dice.choice(days)].append((payer, dice.choice(WAYS)))
    chased = rest[8:-2]
    till = Till(estate, until, by["cashier1"])
    CallRound.objects.at_estate(estate).filter(made=0).delete()  # the worker's, from before there were bills
    for back in range(44, -1, -1):  # day after day: who has paid is not called
        if back % 4 == 0:
            _ring(estate, until - timedelta(days=back), by["manager1"])
            _tell_uncollected(estate, until - timedelta(days=back))
        day = today - timedelta(days=back)
        if day in dues:
            till.day(day, dues[day][:24])
    write_letters(estate, until, rest[-2:], by["manager1"])
    write_mailing(estate, until, by["manager1"], by["supervisor1"])
    _debit(estate, until - timedelta(days=3), rest[:8], by)
    _talk(estate, until, chased, dice)
    _bank(estate, until, by["cashier1"])
    close_month(estate, until, by)
    follow(estate, until)


def _debit(estate: Estate, at: datetime, payers: list[Payer], by: dict[str, Any]) -> None:
    """A week's list, out and back; two accounts were empty."""
    with clock.at(at):
        names: dict[int | None, str] = dict(Household.objects.filter(pk__in=[payer.household_id for payer in payers]).values_list("pk", "name"))
        for payer in payers:
            holder = names[payer.household_id]
            Mandate.objects.sign(payer, bank="交通银行", holder=holder, number=f"62226001{payer.household_id:08d}", by=by["desk1"])
        batch = DebitBatch.objects.list_up(estate, by=by["desk1"])
        batch.fill(by=by["cashier1"])
        batch.send(by=by["desk1"])
        lines = ["序号,户名,账号,金额,房号,结果,原因"]
        for place, item in enumerate(batch.items.order_by("number")):
            lines.append(f"{item.number},,,{item.amount},,{'失败,余额不足' if place % 4 == 3 else '成功,'}")
        batch.take_back("\n".join(lines).encode(), by=by["cashier1"])


def _ring(estate: Estate, at: datetime, manager: Any) -> None:
    """A day's papers and calls; a dozen letter boxes stay full."""
    Handing.objects.plan(estate, at)
    waiting = list(Handing.objects.at_estate(estate).waiting().order_by("pk").values_list("pk", flat=True))
    for start in range(12, len(waiting), 500):
        Handing.objects.hand(manager, waiting[start : start + 500], "handed", enveloped=True, briefed=True, at=at)
    make_calls(estate, at)


def _talk(estate: Estate, until: datetime, payers: list[Payer], dice: random.Random) -> None:
    """The stewards have reached some of those they were to call."""
    stewards: dict[int, Any] = {}
    wanted = {payer.household_id: payer for payer in payers if payer.household_id}
    rows = list(
        Call.objects.at_estate(estate).open().filter(household_id__in=wanted, steward__isnull=False).order_by("pk")[:160]
    )
    for place, row in enumerate(dice.sample(rows, min(48, len(rows)))):
        reason, words, days = SAID[place % len(SAID)]
        steward = row.steward_id or 0
        if steward not in stewards:
            stewards[steward] = reach_of(Person.objects.get(pk=steward), estate)
        opens = max(row.opens_on, clock.today(estate, until) - timedelta(days=20))
        day = min(opens + timedelta(days=dice.randint(0, 5)), clock.today(estate, until) - timedelta(days=1))
        at = datetime(day.year, day.month, day.day, 1, 30, tzinfo=UTC) + timedelta(minutes=dice.randint(0, 480))
        promised = clock.today(estate, at) + timedelta(days=days) if days else None
        payer = wanted[row.household_id]
        if payer.owes() > 0:
            said: dict[str, Any] = {
                "contact": dice.choice(["phone", "phone", "visit"]),
                "reason": reason,
                "words": words,
                "promised_on": promised,
                "offered_debit": reason == "forgot",
            }
            Chase.objects.record(payer, by=stewards[steward], key=f"demo {row.pk}", at=at, **said)


def _tell_uncollected(estate: Estate, until: datetime) -> None:
    """Statements that lay in the box for two weeks: three households of four are rung up in time (COM-19)."""
    rows = Call.objects.at_estate(estate).open().about_money().filter(kind=CallKind.UNCOLLECTED, steward__isnull=False)
    for row in rows.order_by("pk"):
        day = row.opens_on + timedelta(days=1)
        at = datetime(day.year, day.month, day.day, 2, row.pk % 60, tzinfo=UTC)
        if row.pk % 4 == 3 or at >= until:
            continue
        by = reach_of(Person.objects.get(pk=row.steward_id or 0), estate)
        said: dict[str, Any] = {"contact": "phone", "reason": "forgot", "words": "账单一直在信箱里没取，电话里把金额和缴费办法都说了", "offered_debit": True}
        Chase.objects.record(Payer(estate, row.household_id, row.unit_id), by=by, key=f"demo paper {row.pk}", at=at, **said)


def _bank(estate: Estate, until: datetime, by: Any) -> None:
    """The bank's statement until yesterday: one transfer nobody noted, and its fee."""
    today = clock.today(estate, until)
    ours = banking.booked(estate, today - timedelta(days=40), today - timedelta(days=1))
    held, lines = Decimal("0.00"), ["交易日期,交易金额,余额,对方户名,流水号,摘要"]
    strange = [
        (today - timedelta(days=2), Decimal("512.40"), "王先生", "WX88213", "物业费"),
        (today - timedelta(days=1), Decimal("-15.00"), "", "FEE01", "账户管理费"),
    ]
    rows = [
        (entry.on, entry.amount, entry.payer or entry.household, entry.reference, entry.words) for entry in ours
    ] + strange
    for on, amount, name, reference, words in sorted(rows, key=lambda row: row[0]):
        held += amount
        lines.append(f"{on},{amount},{held},{name},{reference},{words.replace(',', ' ')}")
    BankRow.objects.bring_in(estate, "statement.csv", "\n".join(lines).encode(), by=by, at=until)
