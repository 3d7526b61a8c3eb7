"""Meter readings from a workbook: 房号, 表, 表号, 读数 (起始读数, 倍率 for meters that are new). As a job, row by row through the verb."""

from __future__ import annotations

import re
import tempfile
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.billing.models import Meter, MeterKind, Reading
from guanjia.estates.models import Unit
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.jobs.models import Job
from guanjia.jobs.registry import job_kind
from guanjia.people.models import Person
from guanjia.people.reach import reach_of
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope

from .cells import BadCell, CellError, text
from .importer import EstateSubject
from .workbook import Workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

KIND = "meter_readings"
COLUMNS = {"unit": "房号", "kind": "表", "number": "表号", "value": "读数", "initial": "起始读数", "multiplier": "倍率"}
LONGEST = 40  # of a meter's number
KINDS = {"水表": "water", "热水表": "hot_water", "电表": "power", "燃气表": "gas", "热量表": "heat"} | {
    value: value for value in MeterKind.values
}


def rows_of(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(row, {column: text}) of the first sheet, by its headings. Refused when the headings are not there."""
    with Workbook.open(path) as book:
        heads: dict[int, str] = {}
        for row in book.rows(book.sheets[0]):
            cells = {index: _words(value) for index, value in row.cells.items()}
            if not heads:
                heads = {index: key for index, said in cells.items() for key, title in COLUMNS.items() if said == title}
                if not {"number", "value"} <= set(heads.values()):
                    raise Refused(_("第一行要有“表号”和“读数”。"), code="no_headings")
                continue
            said = {key: cells.get(index, "") for index, key in heads.items()}
            if any(said.values()):
                yield row.number, said


def _words(value: Any) -> str:
    """A cell as words: a meter's number typed as a number loses its `.0`. What cannot be read shows its sign."""
    try:
        return text(value)
    except CellError:
        return value.sign if isinstance(value, BadCell) else str(value).strip()


def _number(said: str, below: int = 10**11) -> Decimal:
    try:
        found = Decimal(re.sub(r"[,，\s]", "", said))
    except InvalidOperation:
        raise Refused(_("“%(text)s”不是数字。") % {"text": said}) from None
    if not found.is_finite() or found < 0 or found >= below:
        raise Refused(_("读数不对。"))
    return found.quantize(Decimal("0.001"))


def _meter(estate: Any, said: dict[str, str]) -> Meter:
    """The meter of a number; made when the row says whose and what it is."""
    kind = KINDS.get(said.get("kind", ""), "")
    known = Meter.objects.filter(estate=estate, number=said["number"], removed_on__isnull=True).select_related(
        "unit", "estate"
    )
    found = list(known.filter(kind=kind) if kind else known)
    if len(found) == 1:
        return found[0]
    unit = Unit.objects.filter(estate=estate, code=said.get("unit", "")).first()
    if found or unit is None or not kind or not 0 < len(said["number"]) <= LONGEST:
        raise Refused(_("没有这只表；新表要写明房号和表的种类。"))
    if Meter.objects.filter(estate=estate, kind=kind, number=said["number"]).exists():
        raise Refused(_("这只表已经换下。"))
    initial, times = said.get("initial") or "0", said.get("multiplier") or "1"
    return Meter.objects.create(
        estate=estate,
        unit=unit,
        kind=kind,
        number=said["number"],
        initial=_number(initial),
        multiplier=max(_number(times, 10**6), Decimal("0.001")),
    )


@job_kind(KIND, gettext_lazy("导入读数"))
def work(job: Any, progress: Any) -> dict[str, Any]:
    """All rows that can be read are kept in one transaction; the others come back as a file with their reasons."""
    with translation.override(job.arguments.get("language") or settings.LANGUAGE_CODE), estate_scope(job.estate):
        by = reach_of(Person.objects.get(pk=job.by_id), job.estate)
        if by is None:
            raise Refused(_("您在这个小区没有岗位。"), code="no_post")
        by.must("meter.read")
        period, rows = date.fromisoformat(job.arguments["period"]), list(rows_of(Path(job.source_file.path)))
        refused: list[tuple[int, dict[str, str], str]] = []
        for done, (number, said) in enumerate(rows):
            progress(done, len(rows), said.get("number", ""))
            try:
                with transaction.atomic():  # a meter that the row makes stays only with its reading
                    _meter(job.estate, said).read(_number(said["value"]), period=period, by=by, told=False)
            except Refused as slip:
                refused.append((number, said, str(slip)))
        kept = len(rows) - len(refused)
        Event.objects.record(
            Action.METERS_READ, EstateSubject(job.estate), by=by, at=clock.now(), told=False, count=kept
        )
        _keep_refused(job, refused)
        result = {
            "read": kept,
            "refused": len(refused),
            "reasons": [[number, reason] for number, _said, reason in refused[:50]],
        }
        job.finish(result, clock.now())
        return {**result, "state": Job.State.DONE}


def _keep_refused(job: Any, refused: list[tuple[int, dict[str, str], str]]) -> None:
    if not refused:
        return
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "refused.xlsx"
        write(
            target, [[*[said.get(key, "") for key in COLUMNS], reason] for _number, said, reason in refused], _("原因")
        )
        with target.open("rb") as content:
            job.result_file.save(f"{job.estate_id}/readings-{job.pk}-refused.xlsx", File(content), save=False)


def write(target: Any, lines: list[list[Any]], more: str = "") -> None:
    """A workbook with our headings."""
    with xlsxwriter.Workbook(
        target, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    ) as book:
        sheet, head = book.add_worksheet(), book.add_format({"bold": True, "bg_color": "#E8F0EF"})
        for column, title in enumerate([*COLUMNS.values(), *filter(None, [more])]):
            sheet.write_string(0, column, title, head)
            sheet.set_column(column, column, 14)
        for row, line in enumerate(lines, 1):
            for column, value in enumerate(line):
                sheet.write_string(row, column, str(value))


def list_of(estate: Any, period: date) -> list[list[Any]]:
    """Every meter in use, with what was read already: to be filled in and sent back."""
    read = dict(Reading.objects.filter(estate=estate, period=period).values_list("meter_id", "value"))
    meters = (
        Meter.objects.filter(estate=estate, removed_on__isnull=True)
        .select_related("unit")
        .order_by("unit__building__order", "unit__code", "kind", "pk")
    )
    return [
        [
            meter.unit.code,
            meter.get_kind_display(),
            meter.number,
            f"{read[meter.pk].normalize():f}" if meter.pk in read else "",
            "",
            "",
        ]
        for meter in meters
    ]
