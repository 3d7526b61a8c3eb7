"""A list of tickets as an Excel file: row by row into a temporary file, words never formulas, telephones masked."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.privacy import mask_phone
from guanjia.tenancy.workbooks import Workbook

from .lines import Line
from .workbench import LINKS, seen_by, with_workers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .lists import ListQuery
    from .models import Ticket

LIMIT = 20_000  # rows of a file
BATCH = 1000


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
    book, heads = Workbook(ZoneInfo(query.reach.estate.time_zone)), columns()
    book.sheet(_("报事"), [(title, width) for title, width, _value in heads], filtered=True)
    for batch in _batches(query, keys):
        lines = [Line(ticket, query.reach) for ticket in batch]
        book.rows([value(line) for _title, _width, value in heads] for line in lines)
    Event.objects.record(
        Action.PERSONAL_DATA_EXPORTED, _Subject(query.reach.estate.pk), by=query.reach, at=query.now, told=False,
        what=_("报事清单 %(n)s 单（手机号已隐藏）") % {"n": len(keys)},
    )  # fmt: skip
    return book.done()


def _batches(query: ListQuery, keys: list[int]) -> Iterator[list[Ticket]]:
    """The tickets in the order of their keys, a thousand at a time."""
    for start in range(0, len(keys), BATCH):
        wanted = keys[start : start + BATCH]
        rows = {row.pk: row for row in seen_by(query.reach).filter(pk__in=wanted).select_related(*LINKS)}
        batch = [rows[key] for key in wanted if key in rows]
        with_workers(batch)
        yield batch


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
