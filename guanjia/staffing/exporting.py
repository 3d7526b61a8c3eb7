"""Workbooks: a month of books with ledger and attendance; every home with who answers for it."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia.estates.models import Unit
from guanjia.rulebooks.shifts import title_of
from guanjia.tenancy.workbooks import book_of

from .load import loads
from .models import LedgerItem

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

Sheet = tuple[str, list[str], list[list[Any]]]


def month_of_books(estate: Any, books: Any, present: Any) -> IO[bytes]:
    """The file, open at its beginning; times are the estate's."""
    tz = ZoneInfo(estate.time_zone)

    def at(moment: datetime | None) -> str:
        return moment.astimezone(tz).strftime("%Y-%m-%d %H:%M") if moment else ""

    items = (
        LedgerItem.objects.at_estate(estate)
        .filter(book__in=books)
        .select_related("book", "unit", "handler", "by")
        .order_by("at")
    )
    return book_of([_book_sheet(books, at), _ledger_sheet(items, at), _attendance_sheet(present, at)])


def _book_sheet(books: Any, at: Callable[[Any], str]) -> Sheet:
    heads = [_("日期"), _("班次"), _("当班"), _("全员须知"), _("住户动态"), _("住户需要与偏好"), _("交班签字"), _("接班签字"), _("审核签字"), _("审核意见")]
    rows = [
        [f"{row.day:%F}", title_of(row.shift), row.person.name, row.matters, row.movements, row.guests, at(row.given_at),
         _signed(row.taken_by, at(row.taken_at)), _signed(row.reviewed_by, at(row.reviewed_at)), row.review]
        for row in books
    ]  # fmt: skip
    return _("交接班本"), heads, rows


def _ledger_sheet(items: Any, at: Callable[[Any], str]) -> Sheet:
    heads = [_("日期"), _("房号"), _("谁"), _("事项"), _("跟进情况"), _("完成情况"), _("结果"), _("经办"), _("办结时间")]
    rows = [
        [f"{row.book.day:%F}", row.unit.code if row.unit else "", row.who, row.words, row.follow_up,
         _("已完成") if row.done_at else _("转入交接班本跟进") if row.carried_at else _("跟进中"), row.result,
         row.handler.name if row.handler else "", at(row.done_at)]
        for row in items
    ]  # fmt: skip
    return _("工作台账"), heads, rows


def _attendance_sheet(present: Any, at: Callable[[Any], str]) -> Sheet:
    heads = [_("日期"), _("班次"), _("姓名"), _("上班打卡"), _("下班打卡"), _("迟到"), _("方式"), _("距小区（米）")]
    rows = [
        [f"{row.day:%F}", title_of(row.shift), row.person.name, at(row.in_at), at(row.out_at), _("迟到") if row.is_late else "",
         row.get_proof_display(), row.metres if row.metres is not None else ""]
        for row in present
    ]  # fmt: skip
    return _("考勤"), heads, rows


def responsibility_list(estate: Any) -> IO[bytes]:
    """Every home with its zone, its steward and who stands in, as of today."""
    zones = {row.zone.pk: row for row in loads(estate)}
    heads = [_("房号"), _("片区"), _("片区管家"), _("电话"), _("代行"), _("管家负荷")]
    rows: list[list[Any]] = []
    for code, zone in Unit.objects.at_estate(estate).order_by("building__order", "code").values_list("code", "zone_id"):
        row = zones.get(zone)
        steward = row.stewards[0] if row and row.stewards else None
        away = row.acting.get(steward.pk) if row and steward else None
        rows.append(
            [code, row.zone.name if row else "", steward.name if steward else "", (steward.phone or "").removeprefix("+86") if steward else "",
             away.name if away else "、".join(person.name for person in row.deputies) if row else "", row.load if row else ""]
        )  # fmt: skip
    return book_of([(_("责任清单"), heads, rows)])


def _signed(person: Any, when: str) -> str:
    return f"{person.name} {when}" if person else ""
