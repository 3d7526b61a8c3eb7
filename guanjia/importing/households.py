"""Members, needs, vehicles and visits from a workbook: each row by its verb, what is refused with its reason (issue 4 line 9).

Sheets are known by their titles and columns by theirs, in any order. A health note needs the member's consent: a 同意
column that says 是 gives it first, on paper. A row that stands there already is left as it is.
"""

from __future__ import annotations

import tempfile
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import xlsxwriter
from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.care.models import Visit
from guanjia.care.reach import within
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.households.models import Consent, Household, Member, Need, Occupancy, Vehicle
from guanjia.people.models import Person
from guanjia.people.privacy import mask_phone
from guanjia.people.reach import reach_of
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope
from guanjia.tickets.exporting import put

from .cells import CellError, text
from .dates import day
from .importer import EstateSubject
from .workbook import Workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from guanjia.estates.models import Estate
    from guanjia.jobs.models import Job
    from guanjia.people.reach import Reach

KIND = "homes_import"
MOST = 20_000
SHEETS = {
    "成员": ["房号", "姓名", "身份", "手机号", "出生年份", "生日"],
    "特殊需要": ["房号", "姓名", "需要", "说明", "同意"],
    "车辆": ["房号", "车牌", "品牌", "颜色"],
    "走访": ["房号", "日期", "方式", "结果", "见到谁", "听到的需求", "当场答复"],
}
DATES = ("生日", "日期")


class Reader:
    """One file at one estate, for one person."""

    def __init__(self, estate: Estate, reach: Reach, at: datetime) -> None:
        self.estate, self.reach, self.at = estate, reach, at
        held = (
            Occupancy.objects.at_estate(estate)
            .filter(during__contains=clock.today(estate, at), household__in=within(reach))
            .select_related("household__estate", "unit")
        )
        self.homes: dict[str, Household] = {row.unit.code: row.household for row in held.order_by("kind")}
        self.created = self.unchanged = 0
        self.refused: list[dict[str, Any]] = []

    def read(self, path: Path, progress: Callable[..., None]) -> dict[str, Any]:
        takes = {"成员": self.member, "特殊需要": self.need, "车辆": self.vehicle, "走访": self.visit}
        with Workbook.open(path) as book:
            for sheet in book.sheets:
                if take := takes.get(sheet.name.strip()):
                    self._sheet(book, sheet, take, progress)
        return {
            "created": self.created,
            "unchanged": self.unchanged,
            "refused": self.refused[:500],
            "refusals": len(self.refused),
        }

    def _sheet(
        self, book: Workbook, sheet: Any, take: Callable[[dict[str, str]], bool], progress: Callable[..., None]
    ) -> None:
        heads: dict[int, str] = {}
        for count, row in enumerate(book.rows(sheet)):
            if count > MOST:
                raise Refused(_("行数太多，请拆成几个文件。"), code="too_many")
            if not heads:
                heads = {column: str(value).strip() for column, value in row.cells.items()}
                continue
            said = {heads[column]: value for column, value in row.cells.items() if column in heads}
            self._row(sheet.name, row.number, said, take)
            progress(count, 0, sheet.name)

    def _row(self, sheet: str, number: int, said: dict[str, Any], take: Callable[[dict[str, Any]], bool]) -> None:
        try:
            with transaction.atomic():
                made = take(
                    {
                        name: value if name in DATES and isinstance(value, date) else text(value)
                        for name, value in said.items()
                    }
                )
        except (Refused, CellError, ValueError, KeyError, DataError, IntegrityError) as wrong:
            reason = str(wrong) if isinstance(wrong, Refused | CellError) else _("这一行填得不对。")
            self.refused.append(
                {"sheet": sheet, "row": number, "column": "", "value": str(said.get("房号", "")), "reason": reason}
            )
        else:
            self.created += made
            self.unchanged += not made

    def _home(self, said: dict[str, Any]) -> Household:
        found = self.homes.get(str(said.get("房号", "")))
        if found is None:
            raise Refused(_("没有这一户，或不在您的片区。"), code="no_home")
        return found

    def _known(self, home: Household, name: str) -> Member | None:
        return (
            Member.objects.at_estate(self.estate)
            .filter(household=home, name=name, left_on__isnull=True)
            .select_related("household__estate")
            .first()
        )

    def member(self, said: dict[str, Any]) -> bool:
        home, name = self._home(said), said.get("姓名", "")
        if self._known(home, name):
            return False
        kinds = {str(label): value for value, label in Member.Kind.choices}
        year, born = said.get("出生年份", ""), said.get("生日", "")
        Member.objects.join(
            home, name, kinds.get(said.get("身份", ""), "family"), by=self.reach, phone=said.get("手机号", ""), at=self.at,
            born_year=int(year) if year else None, born_on=day(born) if born else None,
        )  # fmt: skip
        return True

    def need(self, said: dict[str, Any]) -> bool:
        home = self._home(said)
        kinds = {str(label): value for value, label in Need.Kind.choices}
        kind = kinds.get(said.get("需要", ""))
        if kind is None:
            raise Refused(_("没有这种需要：%(kind)s。") % {"kind": said.get("需要", "")}, code="no_kind")
        member = self._known(home, said.get("姓名", ""))
        if Need.objects.at_estate(self.estate).live().filter(household=home, member=member, kind=kind).exists():
            return False
        if member and said.get("同意", "") in ("是", "yes", "Y", "1"):
            Consent.objects.give(member, "health", Consent.How.PAPER, by=self.reach, at=self.at)
        Need.objects.add(home, kind, said.get("说明", ""), by=self.reach, member=member, at=self.at)
        return True

    def vehicle(self, said: dict[str, Any]) -> bool:
        home, plate = self._home(said), said.get("车牌", "")
        if Vehicle.objects.at_estate(self.estate).filter(household=home, plate=plate.upper()).exists():
            return False
        Vehicle.objects.keep(
            home, plate, by=self.reach, brand=said.get("品牌", ""), colour=said.get("颜色", ""), at=self.at
        )
        return True

    def visit(self, said: dict[str, Any]) -> bool:
        """Noted as made on its day at noon; the same home, day and words are one visit."""
        home, on = self._home(said), day(said.get("日期", ""))
        at = datetime.combine(on or date.min, time(12), ZoneInfo(self.estate.time_zone)) if on else self.at
        if at > self.at:
            raise Refused(_("走访日期还没有到。"), code="future")
        ways, ends = (
            {str(label): value for value, label in choices} for choices in (Visit.Way.choices, Visit.Outcome.choices)
        )
        heard = said.get("听到的需求", "")
        if Visit.objects.at_estate(self.estate).filter(household=home, made_at=at, heard=heard).exists():
            return False
        Visit.objects.note(
            home, by=self.reach, at=at, outcome=ends.get(said.get("结果", ""), "met"), way=ways.get(said.get("方式", ""), "door"),
            met_whom=said.get("见到谁", ""), heard=heard, answered=said.get("当场答复", ""),
        )  # fmt: skip
        return True


def do(job: Job, progress: Any) -> dict[str, Any]:
    """The job: all rows in one transaction, each in a savepoint."""
    language = job.arguments.get("language") or settings.LANGUAGE_CODE
    with (
        tempfile.NamedTemporaryFile(suffix=".xlsx") as copy,
        translation.override(language),
        estate_scope(job.estate_id),
    ):
        copy.write(job.source_file.read())
        copy.flush()
        reach = reach_of(Person.objects.get(pk=job.by_id or 0), job.estate)
        if reach is None:
            raise Refused(_("您在这个小区没有岗位。"), code="no_post")
        return Reader(job.estate, reach, job.asked_at).read(Path(copy.name), progress)


def write(file: IO[bytes], reach: Reach, at: datetime) -> None:
    """What is within reach in the same four sheets: telephones masked, no health notes. Leaves a trace."""
    reach.must("household.export")
    zone, book = (
        ZoneInfo(reach.estate.time_zone),
        xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}),
    )
    looks = {
        "quoted": book.add_format({"quote_prefix": True}),
        "at": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    for title, rows in _told(reach, at).items():
        sheet = book.add_worksheet(title)
        for number, row in enumerate([SHEETS[title], *rows]):
            for column, value in enumerate(row):
                put(sheet, number, column, value, looks, zone)
    book.close()
    Event.objects.record(
        Action.PERSONAL_DATA_EXPORTED,
        EstateSubject(reach.estate),
        by=reach,
        at=at,
        told=False,
        what=kept(gettext_lazy("住户登记（手机号已隐藏）")),
    )


def _told(reach: Reach, at: datetime) -> dict[str, list[list[Any]]]:
    held = Occupancy.objects.at_estate(reach.estate).filter(during__contains=clock.today(reach.estate, at), household__in=within(reach))
    rooms = dict(held.order_by("-unit__code").values_list("household_id", "unit__code"))

    def of(model: Any) -> Any:
        return model.objects.at_estate(reach.estate).filter(household_id__in=rooms).order_by("household_id", "pk")

    return {
        "成员": [[rooms[m.household_id], m.name, m.get_kind_display(), mask_phone(m.phone), m.born_year, ""] for m in of(Member).filter(left_on__isnull=True, erased_at__isnull=True)],
        "特殊需要": [[rooms[n.household_id], n.member.name if n.member else "", n.get_kind_display(), n.words, ""] for n in of(Need).live().exclude(kind__in=Need.SENSITIVE).select_related("member")],
        "车辆": [[rooms[v.household_id], v.plate, v.brand, v.colour] for v in of(Vehicle)],
        "走访": [[rooms[v.household_id], v.made_at, v.get_way_display(), v.get_outcome_display(), v.met_whom, v.heard, v.answered] for v in of(Visit).exclude(outcome="")],
    }  # fmt: skip
