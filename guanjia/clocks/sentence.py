"""A deadline in one sentence: “10:02 分类 + 30 分钟，暂停 10 分钟（等业主回家）→ 10:42”."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia.rulebooks.parameters import house
from guanjia.rulebooks.words import MOMENTS

from .calendars import title_of

if TYPE_CHECKING:
    from .models.clock import Clock


def explain(clock: Clock, now: datetime) -> str:
    """How the deadline came about. Instants in the estate's zone; the date stands there unless it is today."""
    zone = ZoneInfo(house(clock.estate_id).time_zone)

    def said(instant: datetime) -> str:
        return moment(instant.astimezone(zone), now.astimezone(zone))

    parts = [_("%(at)s %(moment)s + %(amount)s") % {
        "at": said(clock.started_at), "moment": _(MOMENTS.get(clock.moment, clock.moment)), "amount": _allowed(clock),
    }]  # fmt: skip
    for pause in clock.pauses.all() if clock.pk else ():
        why = _("（%(why)s）") % {"why": pause.why} if pause.why else ""
        if pause.resumed_at is None:
            parts.append(_("%(at)s 起暂停%(why)s") % {"at": said(pause.paused_at), "why": why})
        elif pause.shifted:
            parts.append(_("暂停 %(amount)s%(why)s") % {"amount": amount(pause.shifted), "why": why})
    arrow = _("%(how)s → %(due)s") % {"how": _("，").join(parts), "due": said(clock.due_at)}
    return arrow


def _allowed(clock: Clock) -> str:
    plain = amount(clock.allowed)
    return plain if clock.calendar == "always" else _("%(amount)s（%(calendar)s）") % {"amount": plain, "calendar": title_of(clock.calendar)}


def moment(at: datetime, now: datetime) -> str:
    """10:02, or 3月5日 10:02 on another day, or 2025年3月5日 10:02 in another year."""
    time = f"{at:%H:%M}"
    values = {"year": at.year, "month": at.month, "day": at.day, "time": time}
    if at.date() == now.date():
        return time
    if at.year == now.year:
        return _("%(month)d月%(day)d日 %(time)s") % values
    return _("%(year)d年%(month)d月%(day)d日 %(time)s") % values


def amount(length: timedelta) -> str:
    """30 分钟, 2 小时, 1 小时 30 分钟; under a minute counts as one."""
    minutes = max(round(length.total_seconds() / 60), 1)
    hours, rest = divmod(minutes, 60)
    parts = [_("%(n)d 小时") % {"n": hours}] if hours else []
    parts += [_("%(n)d 分钟") % {"n": rest}] if rest else []
    return " ".join(parts)
