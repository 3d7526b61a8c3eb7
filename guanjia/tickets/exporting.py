"""A list of tickets as an Excel file: row by row into a temporary file, words never formulas, telephones masked."""

from __future__ import annotations

import re
import tempfile
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import xlsxwriter
from django.utils.translation import gettext as _

from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.privacy import mask_phone

from .lines import Line
from .workbench import LINKS, seen_by, with_workers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .lists import ListQuery
    from .models import Ticket

LIMIT = 20_000  # rows of a file
BATCH = 1000
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet may take for a formula
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class _Subject:
    """What the trace of an export is about: the tickets of an estate."""

    noun, pk = "ticket", 0

    def __init__(self, estate_id: int) -> None:
        self.estate_id = estate_id


def workbook(query: ListQuery) -> IO[bytes] | None:
    """The file, open at its beginning; None when there are more than `LIMIT` rows. Leaves a trace (design §7)."""
    keys = list(query.ordered().values_list("pk", flat=True)[: LIMIT + 1])
    if len(keys) > LIMIT:
        return None
    file = tempfile.TemporaryFile()  # noqa: SIM115 — the answer closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    _write(book, query, _batches(query, keys))
    book.close()
    Event.objects.record(
        Action.PERSONAL_DATA_EXPORTED, _Subject(query.reach.estate.pk), by=query.reach, at=query.now, told=False,
        what=_("报事清单 %(n)s 单（手机号已隐藏）") % {"n": len(keys)},
    )  # fmt: skip
    file.seek(0)
    return file


def _batches(query: ListQuery, keys: list[int]) -> Iterator[list[Ticket]]:
    """The tickets in the order of their keys, a thousand at a time."""
    for start in range(0, len(keys), BATCH):
        wanted = keys[start : start + BATCH]
        rows = {row.pk: row for row in seen_by(query.reach).filter(pk__in=wanted).select_related(*LINKS)}
        batch = [rows[key] for key in wanted if key in rows]
        with_workers(batch)
        yield batch


def _write(book: Any, query: ListQuery, batches: Iterator[list[Ticket]]) -> int:
    zone = ZoneInfo(query.reach.estate.time_zone)
    sheet = book.add_worksheet(_("报事"))
    looks = {"head": book.add_format({"bold": True, "bg_color": "#E8F0EF", "bottom": 1}), "quoted": book.add_format({"quote_prefix": True}),
             "at": book.add_format({"num_format": "yyyy-mm-dd hh:mm"})}  # fmt: skip
    heads = columns()
    sheet.freeze_panes(1, 0)
    for column, (title, width, _value) in enumerate(heads):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, looks["head"])
    row = 0
    for batch in batches:
        for ticket in batch:
            row += 1
            for column, (_title, _width, value) in enumerate(heads):
                put(sheet, row, column, value(Line(ticket, query.reach)), looks, zone)
    if row:
        sheet.autofilter(0, 0, row, len(heads) - 1)
    return row


def put(sheet: Any, row: int, column: int, value: Any, looks: dict[str, Any], zone: ZoneInfo) -> None:
    """One cell: an instant as a date of the estate, everything else as text that can never run."""
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value.astimezone(zone).replace(tzinfo=None), looks["at"])
    elif value:
        words = UNPRINTABLE.sub("", str(value))[:32767]
        sheet.write_string(row, column, words, looks["quoted"] if words.startswith(DANGEROUS) else None)


def columns() -> list[tuple[str, int, Any]]:
    """Title, width, value of a line; in the reader's language."""
    return [
        (_("单号"), 15, lambda line: line.ticket.number), (_("报事时间"), 17, lambda line: line.ticket.reported_at),
        (_("内容"), 50, lambda line: line.ticket.words), (_("位置"), 18, lambda line: line.ticket.location),
        (_("片区"), 10, lambda line: line.ticket.zone and line.ticket.zone.name), (_("性质"), 8, lambda line: line.ticket.get_kind_display()),
        (_("类别"), 12, lambda line: line.ticket.category_title), (_("级别"), 8, lambda line: line.ticket.get_klass_display()),
        (_("优先级"), 8, lambda line: line.ticket.get_priority_display()), (_("渠道"), 8, lambda line: line.ticket.get_channel_display()),
        (_("状态"), 10, lambda line: line.ticket.get_stage_display()), (_("报事人"), 12, lambda line: line.ticket.reporter_name),
        (_("电话"), 14, lambda line: mask_phone(line.ticket.reporter_phone)), (_("管家"), 10, lambda line: line.ticket.steward and line.ticket.steward.name),
        (_("处理人"), 14, lambda line: "、".join(line.workers)), (_("时限"), 17, lambda line: line.ticket.due_at),
        (_("完成时间"), 17, lambda line: line.ticket.done_at), (_("归档时间"), 17, lambda line: line.ticket.closed_at), (_("催办"), 6, lambda line: str(line.ticket.urged or "")),
    ]  # fmt: skip
