"""《物管费催收记录表》 read two ways: every contact by itself, and a quarter with one line a household (FEE-05 … FEE-11)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.billing.arrears import arrears
from guanjia.billing.months import month_after
from guanjia.people.models import Person
from guanjia.tenancy.reading import row_id

from .kinds import CallKind, Contact, Reason
from .models import Call, Chase, Letter, Payment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from guanjia.people.reach import Reach

NOTHING = Decimal("0.00")
# The windows of a quarter: the month within it, and what is asked.
WINDOWS = ((0, CallKind.MONTH), (1, CallKind.MONTH), (1, CallKind.REASON), (2, CallKind.RECHECK), (2, CallKind.FINAL))
SHORT = {
    CallKind.MONTH: gettext_lazy("%(n)d月第三周"),
    CallKind.REASON: gettext_lazy("%(n)d月查原因"),
    CallKind.RECHECK: gettext_lazy("%(n)d月第三周复核"),
    CallKind.FINAL: gettext_lazy("%(n)d月第四周复核"),
}
STATES = ("owing", "paid")


@dataclass
class Window:
    """What became of one call: its contact, if there was one."""

    call: Call
    chase: Chase | None


@dataclass
class Home:
    """One household's quarter."""

    household: Any
    unit: Any
    zone: str
    steward_id: int | None  # who was to call, else who did
    steward: str = ""
    months: list[date] = field(default_factory=list)  # that owed while it was chased
    windows: list[Window | None] = field(default_factory=lambda: [None] * len(WINDOWS))
    others: list[Chase] = field(default_factory=list)  # contacts outside the windows
    letter: Letter | None = None
    paid_on: date | None = None  # the last payment since the quarter began
    owed: Decimal = NOTHING  # when it was called first, in yuan
    owes: Decimal = NOTHING  # today

    @property
    def months_words(self) -> str:
        """2026-07 至 2026-09（3 期）."""
        if len(self.months) < 2:
            return f"{self.months[0]:%Y-%m}" if self.months else ""
        said = {"first": f"{self.months[0]:%Y-%m}", "last": f"{self.months[-1]:%Y-%m}", "n": len(self.months)}
        return _("%(first)s 至 %(last)s（%(n)s 期）") % said

    @property
    def chases(self) -> list[Chase]:
        return [*(one.chase for one in self.windows if one and one.chase), *self.others]


def _home(row: Any, steward: int | None) -> Home:
    """The line a call or a contact begins."""
    return Home(row.household, row.unit, row.unit.zone.name if row.unit.zone else "", steward, owed=row.owed)


def quarter_of(day: date) -> date:
    """Its first day."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


@dataclass
class RegisterQuery:
    """One reading of the address. Nonsense in it is ignored."""

    reach: Reach
    get: Mapping[str, str]
    now: datetime

    def __post_init__(self) -> None:
        get = self.get
        self.today = clock.today(self.reach.estate, self.now)
        self.reason = get.get("reason", "") if get.get("reason") in Reason.values else ""
        self.contact = get.get("contact", "") if get.get("contact") in Contact.values else ""
        self.state = get.get("state", "") if get.get("state") in STATES else ""
        self.zone, self.words = row_id(get.get("zone", "")), get.get("q", "").strip()[:60]
        try:
            day = parse_date(get.get("quarter", ""))
        except ValueError:
            day = None
        self.quarter = quarter_of(day) if day and 2000 <= day.year <= self.today.year else None

    @property
    def first(self) -> date:
        """Of the quarter asked for, else of the present one."""
        return self.quarter or quarter_of(self.today)

    @property
    def end(self) -> date:
        return month_after(self.first, 3)

    def heads(self) -> list[str]:
        """What each window of the quarter is called."""
        return [str(SHORT[kind]) % {"n": month_after(self.first, month).month} for month, kind in WINDOWS]

    def quarters(self) -> list[date]:
        present = quarter_of(self.today)
        return [month_after(present, -3 * back) for back in range(8)]

    def entries(self) -> Any:
        """Every contact that fits, the newest first."""
        rows = self._narrowed(Chase.objects.visible_to(self.reach)).select_related("household", "unit", "ticket")
        if self.quarter:
            rows = rows.filter(on__gte=self.first, on__lt=self.end)
        rows = rows.filter(**{name: value for name in ("reason", "contact") if (value := getattr(self, name))})
        return rows.order_by("-at", "-pk")

    def homes(self) -> list[Home]:
        """The quarter's households, by room."""
        found = self._called()
        self._said(found)
        self._money(found)
        rows = [home for home in found.values() if self._fits(home)]
        return sorted(
            rows, key=lambda home: ([(len(part), part) for part in home.unit.code.split("-")], home.household.pk)
        )

    def _narrowed(self, rows: Any) -> Any:
        if self.zone:
            rows = rows.filter(unit__zone_id=self.zone)
        if self.words:
            rows = rows.filter(Q(unit__code__startswith=self.words) | Q(household__name__startswith=self.words))
        return rows

    def _called(self) -> dict[int, Home]:
        slots = {f"{month_after(self.first, ahead):%Y-%m}": ahead for ahead in range(3)}
        rows = self._narrowed(Call.objects.visible_to(self.reach)).filter(
            kind__in={kind for _month, kind in WINDOWS}, slot__in=slots
        )
        found: dict[int, Home] = {}
        for row in rows.select_related("estate", "household", "unit__zone").order_by("opens_on", "pk"):
            home = found.setdefault(row.household_id, _home(row, row.steward_id))
            place = WINDOWS.index((slots[row.slot], CallKind(row.kind)))
            home.windows[place] = Window(row, None)
        return found

    def _said(self, found: dict[int, Home]) -> None:
        """A contact belongs to the calls it ended; its instant is theirs."""
        rows = self._narrowed(Chase.objects.visible_to(self.reach)).filter(on__gte=self.first, on__lt=self.end)
        for row in rows.select_related("household", "unit__zone").order_by("at", "pk"):
            home = found.setdefault(row.household_id, _home(row, row.author_id))
            ended = [
                one for one in home.windows if one and one.call.ended_at == row.at and one.call.outcome == "recorded"
            ]
            for one in ended:
                one.chase = row
            if not ended:
                home.others.append(row)
        for letter in (
            Letter.objects.visible_to(self.reach)
            .filter(household__in=found, on__gte=self.first, on__lt=self.end)
            .order_by("pk")
        ):
            found[letter.household_id].letter = letter
        people = Person.objects.in_bulk({home.steward_id for home in found.values()})
        for home in found.values():
            home.steward = people[home.steward_id].name if home.steward_id in people else ""

    def _money(self, found: dict[int, Home]) -> None:
        """The months owed on the windows' first days (or at the end of a quarter without any), what was paid since, what is owed today."""
        estate = self.reach.estate
        days = {one.call.opens_on for home in found.values() for one in home.windows if one}
        owed: dict[int, set[date]] = defaultdict(set)
        for day in days or {min(self.end - timedelta(days=1), self.today)}:
            for row in arrears(estate, day):
                if row.owed > 0 and row.household_id in found:
                    owed[row.household_id].add(row.period)
        paid = Payment.objects.at_estate(estate).filter(household__in=found, on__gte=self.first).with_back()
        last = dict(paid.filter(back__lt=F("amount")).order_by("on", "pk").values_list("household_id", "on"))
        for row in arrears(estate, self.today):
            if row.household_id in found:
                found[row.household_id].owes += row.owed
        for pk, home in found.items():
            home.months, home.paid_on = sorted(owed[pk]), last.get(pk)

    def _fits(self, home: Home) -> bool:
        if self.state and (home.owes > 0) != (self.state == "owing"):
            return False
        if self.reason and self.reason not in {chase.reason for chase in home.chases}:
            return False
        return not self.contact or self.contact in {chase.contact for chase in home.chases}
