"""An activity as steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from .models import Activity

TONES = {"draft": "mute", "asked": "soon", "returned": "bad", "open": "info", "held": "soon", "archived": "good", "called_off": "mute"}


def steps(row: Activity) -> list[dict[str, Any]]:
    """Done, now, to do: plan, approval, sign-up, the day, follow-up, archive."""
    checked = row.is_checked
    named: list[tuple[str, Any, bool]] = [(_("方案"), row.written_at, True)]
    if checked:
        named.append((_("审批"), row.judged_at, row.opened_at is not None))
    if row.entry.joins:
        named.append((_("通知报名"), row.opened_at, row.opened_at is not None))
    named.append((_("举办"), row.held_at, row.held_at is not None))
    if row.entry.follows:
        named.append((_("回访"), None, row.archived_at is not None))
    named.append((_("归档"), row.archived_at, row.archived_at is not None))
    first = next((n for n, (_label, _at, done) in enumerate(named) if not done), len(named))
    return [
        {"label": label, "state": "done" if done else "now" if n == first and row.state != "called_off" else "todo", "at": at if done else None}
        for n, (label, at, done) in enumerate(named)
    ]
