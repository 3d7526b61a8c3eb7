"""The card register and the book of visitors as workbooks (F-40)."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia.tenancy.workbooks import book_of

from .models import Card, Guest, Passage

if TYPE_CHECKING:
    from datetime import datetime

MOST = 20_000
HEADS = ("卡号", "房号", "持卡人")  # those that are read again (guanjia/importing/cards.py)


def _at(estate: Any, moment: datetime | None) -> str:
    return moment.astimezone(ZoneInfo(estate.time_zone)).strftime("%Y-%m-%d %H:%M") if moment else ""


def card_book(reach: Any) -> IO[bytes]:
    rows = Card.objects.visible_to(reach).select_related("unit", "household").order_by("unit__code", "number")[:MOST]
    heads = [*(_(head) for head in HEADS), _("住户"), _("状态"), _("发卡时间"), _("停用时间"), _("原因")]
    lines = [
        [row.number, row.unit.code, row.holder, row.household.name, row.get_state_display(), _at(reach.estate, row.issued_at), _at(reach.estate, row.ended_at), row.why]
        for row in rows
    ]  # fmt: skip
    return book_of([(_("住户卡台账"), heads, lines)])


def visit_book(reach: Any) -> IO[bytes]:
    """Every coming to the gate that the reader may see, newest first."""
    rows = Passage.objects.at_estate(reach.estate).filter(guest__in=Guest.objects.visible_to(reach).values("pk"))
    rows = rows.select_related("guest__unit", "guest__household", "by").order_by("-at")[:MOST]
    heads = [_("时间"), _("访客"), _("房号"), _("住户"), _("车牌"), _("来访事由"), _("结果"), _("原因"), _("谁同意"), _("经办")]
    lines = [
        [_at(reach.estate, row.at), row.guest.visitor, row.guest.unit.code, row.guest.household.name, row.guest.plate, row.guest.purpose, str(row), row.why,
         row.answered or (_("住户预约") if row.guest.announced and row.entered else ""), row.by.name]
        for row in rows
    ]  # fmt: skip
    return book_of([(_("访客登记"), heads, lines)])
