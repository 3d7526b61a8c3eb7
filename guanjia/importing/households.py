"""住户资料: preferences, members, consents, needs, vehicles and visits in and out of a workbook (issue 4 line 9).

A health note needs the member's consent: a 同意 column that says 是 gives it first, on paper. A telephone that an export
has masked, and an empty cell, leave what is there.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.care.models import Visit
from guanjia.care.reach import within
from guanjia.estates.rooms import code_of, split
from guanjia.events.sentences import kept
from guanjia.households.models import Consent, Household, Member, Need, Occupancy, Purpose, Slot, Vehicle, Way
from guanjia.people.phones import e164

from .rowwise import CHANGED, CREATED, UNCHANGED, Reader, WrongCell

if TYPE_CHECKING:
    from collections.abc import Callable

    from guanjia.estates.models import Estate
    from guanjia.people.reach import Reach

    from .rowwise import Said

SHEETS = {
    "住户": ["房号", "方便时段", "联系方式", "服务偏好", "上门须知"],
    "成员": ["房号", "姓名", "身份", "手机号", "出生年份", "生日"],
    "同意": ["房号", "姓名", "用途", "方式", "撤回"],
    "特殊需要": ["房号", "姓名", "需要", "说明", "同意"],
    "车辆": ["房号", "车牌", "品牌", "颜色"],
    "走访": ["房号", "日期", "方式", "结果", "见到谁", "听到的需求", "当场答复"],
}


def homes_of(reach: Reach, at: datetime) -> dict[str, Household]:
    """What 房号 says → the household within reach. Of a let home the room is the tenant's, “3-1-501 业主” its owner's."""
    held = Occupancy.objects.at_estate(reach.estate).filter(
        during__contains=clock.today(reach.estate, at), household__in=within(reach)
    )
    found: dict[str, Household] = {}
    for row in held.select_related("household__estate", "unit").order_by("kind"):  # the owner before the tenant
        owner = found.get(row.unit.code)
        if owner and owner.pk != row.household_id:
            found[f"{row.unit.code} {kept(Occupancy.Kind.OWNER.label)}"] = owner
        found[row.unit.code] = row.household
    return found


class Homes(Reader):
    SHEETS = SHEETS

    def __init__(self, estate: Estate, reach: Reach, at: datetime) -> None:
        super().__init__(estate, reach, at)
        self.homes = homes_of(reach, at)

    def takes(self) -> dict[str, Callable[[Said], str]]:
        return {
            "住户": self.household,
            "成员": self.member,
            "同意": self.consent,
            "特殊需要": self.need,
            "车辆": self.vehicle,
            "走访": self.visit,
        }

    def _home(self, said: Said) -> Household:
        room = said.must("房号")
        found = split(room)
        home = self.homes.get(room) or self.homes.get(code_of(*found) if found else room)
        if home is None:
            raise WrongCell("房号", _("没有这一户，或不在您的片区。"))
        return home

    def _known(self, home: Household, name: str) -> Member | None:
        rows = Member.objects.at_estate(self.estate).filter(household=home, name=name, left_on__isnull=True)
        return rows.select_related("household__estate").order_by("pk").first()

    def _someone(self, home: Household, said: Said) -> Member:
        member = self._known(home, said.must("姓名"))
        if member is None:
            raise WrongCell("姓名", _("这一户没有这位成员。"))
        return member

    def household(self, said: Said) -> str:
        """What the household likes; an empty cell leaves what is there."""
        home = self._home(said)
        before = (home.preferences, home.hints, home.slot, home.way)
        after = (
            said["服务偏好"] or home.preferences, said["上门须知"] or home.hints,
            said.one_of("方便时段", Slot.choices, home.slot), said.one_of("联系方式", Way.choices, home.way),
        )  # fmt: skip
        if after == before:
            return UNCHANGED
        home.keep_preferences(*after[:2], by=self.reach, slot=after[2], way=after[3], at=self.at)
        return CHANGED

    def member(self, said: Said) -> str:
        home, name = self._home(said), said.must("姓名")
        kind, born_on, year = said.one_of("身份", Member.Kind.choices), said.day("生日"), said.whole("出生年份")
        phone = "" if "*" in said["手机号"] else self._phone(said)
        known = self._known(home, name)
        if known is None:
            Member.objects.join(
                home, name, kind or Member.Kind.FAMILY, by=self.reach, phone=phone, at=self.at, born_year=year, born_on=born_on
            )  # fmt: skip
            return CREATED
        told = {"kind": kind, "born_on": born_on, "born_year": born_on.year if born_on else year}
        new = {key: value for key, value in told.items() if value and value != getattr(known, key)}
        if new:
            known.keep(by=self.reach, at=self.at, **new)
        if phone and phone != known.phone:
            known.change_phone(phone, by=self.reach, why=_("导入"), at=self.at)
            return CHANGED
        return CHANGED if new else UNCHANGED

    def _phone(self, said: Said) -> str:
        try:
            return e164(said["手机号"]) if said["手机号"] else ""
        except ValueError:
            raise WrongCell("手机号", _("这不是一个手机号。")) from None

    def consent(self, said: Said) -> str:
        home = self._home(said)
        said.must("用途")
        member, purpose = self._someone(home, said), said.one_of("用途", Purpose.choices)
        stands = Consent.objects.standing().filter(estate=self.estate, member=member, purpose=purpose).first()
        if said.yes("撤回"):
            if stands is None:
                return UNCHANGED
            stands.withdraw(by=self.reach, at=self.at)
            return CHANGED
        if stands:
            return UNCHANGED
        how = said.one_of("方式", Consent.How.choices, Consent.How.PAPER)
        if how == Consent.How.ONLINE:  # said by the resident alone, never by whoever fills in a sheet
            raise WrongCell("方式", _("线上同意只能由本人给出。"))
        Consent.objects.give(member, purpose, how, by=self.reach, at=self.at)
        return CREATED

    def need(self, said: Said) -> str:
        home = self._home(said)
        said.must("需要")
        kind, member = said.one_of("需要", Need.Kind.choices), self._known(home, said["姓名"])
        if said["姓名"] and member is None:
            raise WrongCell("姓名", _("这一户没有这位成员。"))
        if Need.objects.at_estate(self.estate).live().filter(household=home, member=member, kind=kind).exists():
            return UNCHANGED
        if member and kind in Need.SENSITIVE and said.yes("同意"):
            Consent.objects.give(member, "health", Consent.How.PAPER, by=self.reach, at=self.at)
        Need.objects.add(home, kind, said["说明"], by=self.reach, member=member, at=self.at)
        return CREATED

    def vehicle(self, said: Said) -> str:
        home, plate = self._home(said), "".join(said.must("车牌").split()).upper()
        known = Vehicle.objects.at_estate(self.estate).filter(plate=plate).first()
        if known and self._lives_elsewhere(known.household_id):
            raise WrongCell("车牌", _("这个车牌登记在别处，请先在那一户删除。"))
        brand, colour = said["品牌"] or (known.brand if known else ""), said["颜色"] or (known.colour if known else "")
        if known and (known.household_id, known.brand, known.colour) == (home.pk, brand, colour):
            return UNCHANGED
        Vehicle.objects.keep(home, plate, by=self.reach, brand=brand, colour=colour, at=self.at)
        return CHANGED if known else CREATED

    def _lives_elsewhere(self, household: int) -> bool:
        """At a home of this estate that the file's reader does not answer for."""
        if household in {row.pk for row in self.homes.values()}:
            return False
        held = Occupancy.objects.at_estate(self.estate).filter(household_id=household)
        return bool(held.filter(during__contains=clock.today(self.estate, self.at)).exists())

    def visit(self, said: Said) -> str:
        """Noted as made on its day at noon; the same home, day and words are one visit."""
        home, heard = self._home(said), said["听到的需求"]
        on, today = said.day("日期"), clock.today(self.estate, self.at)
        if on and on > today:
            raise WrongCell("日期", _("走访日期还没有到。"))
        midnight = datetime.combine(on or today, time(), ZoneInfo(self.estate.time_zone))
        same = Visit.objects.at_estate(self.estate).filter(
            made_at__gte=midnight, made_at__lt=midnight + timedelta(days=1)
        )
        if same.filter(household=home, heard=heard).exists():
            return UNCHANGED
        noon = min(midnight + timedelta(hours=12), self.at)
        outcome = said.one_of("结果", [pair for pair in Visit.Outcome.choices if pair[0]], "met")
        Visit.objects.note(
            home, by=self.reach, at=noon, outcome=outcome, way=said.one_of("方式", Visit.Way.choices, "door"),
            met_whom=said["见到谁"], heard=heard, answered=said["当场答复"],
        )  # fmt: skip
        return CREATED
