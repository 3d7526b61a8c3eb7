"""What a changed limit would move: running clocks keep their deadline; what the last month would have been under it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from guanjia.rulebooks.book import amount
from guanjia.rulebooks.moving import Moved
from guanjia.rulebooks.schema import limits_book

from .models import Clock

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate

SAMPLES = 5
MONTH = timedelta(days=30)


def touched(key: str) -> list[str]:
    """The limits that a parameter bears on."""
    word, _dot, rest = key.partition(".")
    book = limits_book().limits
    if word == "limit":
        return [name] if (name := rest.rpartition(".")[0]) in book else []
    if key == "limits.profile":
        return list(book)
    named = f"${key}"
    return [
        name for name, entry in book.items()
        if key in entry.when or named in (entry.calendar, *entry.starts_on, *entry.stops_on) or getattr(entry, "follows", "") == key
    ]  # fmt: skip


def clocks_moved(estate: Estate, key: str, value: Any, at: datetime) -> list[Moved]:
    """Counts and samples of the running clocks, and how the last thirty days would have ended with another amount."""
    kinds = touched(key)
    if not kinds:
        return []
    rows = Clock.objects.at_estate(estate).filter(kind__in=kinds)
    running = rows.running().select_related("ticket").order_by("due_at")
    samples = [(f"{row.title} · {row.ticket.number}", row.due_at) for row in running[:SAMPLES]]
    found = [
        Moved(_("%(n)s 个正在计时的时限保持原来的期限，新的报事按新规则。") % {"n": (n := running.count())}, n, samples)
    ]
    return found + _last_month(rows, key, value, at)


def _last_month(rows: Any, key: str, value: Any, at: datetime) -> list[Moved]:
    """Only an amount can be tried on what has happened, and only where time runs all day."""
    if not key.endswith(".within"):
        return []
    allowed = amount(value)
    ended = rows.filter(started_at__gt=at - MONTH, stopped_at__isnull=False, calendar="always").exclude(
        outcome__in=["superseded", "cancelled"]
    )
    late_then = Q(stopped_at__gt=F("started_at") + F("paused_total") + allowed)
    said = ended.aggregate(
        all=Count("pk"), now=Count("pk", filter=Q(stopped_at__gt=F("due_at"))), then=Count("pk", filter=late_then)
    )
    words = _("近 30 天 %(all)s 个里，现在有 %(now)s 个超时；按新值会有 %(then)s 个。") % said
    return [Moved(words, said["all"], tone="bad" if said["then"] > said["now"] else "info")]
