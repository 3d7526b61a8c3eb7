"""What fifteen minutes in the morning are about: what is in hand, whom to call back, what is due today (COM-05, 004 一2a)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from .counting import run
from .figures import _figure, figures

if TYPE_CHECKING:
    from .figures import Figure, Of

HERE = "t.estate_id = %(estate)s AND t.stage NOT IN ('merged', 'cancelled') AND (%(zone)s::bigint IS NULL OR t.zone_id = %(zone)s)"
IN_HAND = f"""
SELECT count(*), count(*) FILTER (WHERE t.klass = 'urgent'), count(*) FILTER (WHERE t.due_at < %(now)s), min(t.reported_at)
FROM tickets_ticket t WHERE {HERE} AND t.done_at IS NULL AND t.closed_at IS NULL
"""


@figures("in_hand")
def _in_hand(of: Of) -> list[Figure]:
    """As of now, whatever the report's day."""
    left, urgent, late, oldest = run(IN_HAND, of.named)[0]
    days = (of.named["now"] - oldest).days if oldest else 0
    return [
        _figure("in_hand", _("还没办完"), left, _("件"), _("最早的已经 %(n)s 天") % {"n": days} if days else ""),
        _figure("in_hand_urgent", _("其中紧急"), urgent, _("件")), _figure("in_hand_late", _("其中超时"), late, _("件")),
    ]  # fmt: skip


FOLLOW_UPS = f"""
SELECT count(*) FILTER (WHERE t.confirmed_at IS NULL), count(*) FILTER (WHERE t.followed_up_at IS NULL)
FROM tickets_ticket t WHERE {HERE} AND NOT t.anonymous AND t.done_at >= %(now)s - interval '7 days' AND t.closed_at IS NULL
"""


@figures("follow_ups")
def _follow_ups(of: Of) -> list[Figure]:
    to_call, to_ask = run(FOLLOW_UPS, of.named)[0]
    return [_figure("to_call", _("待电话确认"), to_call, _("件")), _figure("to_follow_up", _("待线上回访"), to_ask, _("件"))]


DUE_TODAY = """
SELECT count(*), count(*) FILTER (WHERE k.done_at IS NULL) FROM duties_task k
WHERE k.estate_id = %(estate)s AND k.waived_at IS NULL AND (%(zone)s::bigint IS NULL OR k.zone_id = %(zone)s)
  AND (k.due_at AT TIME ZONE %(zone_name)s)::date = (%(now)s AT TIME ZONE %(zone_name)s)::date
"""


@figures("due_today")
def _due_today(of: Of) -> list[Figure]:
    due, left = run(DUE_TODAY, of.named)[0]
    return [_figure("due_today", _("今天要办的任务"), due, _("项")), _figure("due_left", _("其中没办"), left, _("项"))]
