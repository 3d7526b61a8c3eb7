"""What an event starts: trigger → the actions that set it off. A duty names a trigger with EVENT:<trigger>.

Exactly once by the slot `event:<id>`; the watermark only keeps the search short. It lags by MARGIN, longer than any
transaction that records an event, because ids are given before commits.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext_noop

from guanjia.events.actions import Action
from guanjia.events.models import Event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guanjia.estates.models import Estate

    from .models import Enactment

MARGIN = timedelta(minutes=2)


class Trigger(NamedTuple):
    title: str  # what sets it off, in the house's language
    actions: tuple[Action, ...]
    kind: str = ""  # of the occasion


TRIGGERS = {
    "repair_done": Trigger(gettext_noop("维修完工"), (Action.WORK_FINISHED,)),
    "order_done": Trigger(gettext_noop("报事处理完成"), (Action.TICKET_DONE,)),
    "complaint_judged": Trigger(gettext_noop("投诉判定"), (Action.COMPLAINT_JUDGED,)),
    "incident_closed": Trigger(gettext_noop("区域事件结束"), (Action.INCIDENT_CLOSED,)),
    "storm": Trigger(gettext_noop("暴雨大风过后"), (Action.OCCASION_ENDED,), "storm"),
    "rainy_season": Trigger(gettext_noop("雨季开始"), (Action.OCCASION_DECLARED,), "rainy_season"),
    "heat": Trigger(gettext_noop("高温开始"), (Action.OCCASION_DECLARED,), "heat"),
    "cold": Trigger(gettext_noop("寒潮开始"), (Action.OCCASION_DECLARED,), "cold"),
    "snow": Trigger(gettext_noop("冰雪开始"), (Action.OCCASION_DECLARED,), "snow"),
    "node": Trigger(gettext_noop("节日与重要节点"), (Action.OCCASION_DECLARED,), "node"),
    "facility_stale": Trigger(gettext_noop("周边服务信息到期未核实"), (Action.FACILITY_STALE,)),
    "house_check_due": Trigger(gettext_noop("房屋健康诊断到期"), (Action.HOUSE_CHECK_DUE,)),
    "invitation": Trigger(gettext_noop("业主来访邀约"), (Action.OCCASION_DECLARED,), "invitation"),
}


class Happened(NamedTuple):
    """An event that sets something off, with the place it is about."""

    id: int
    at: datetime
    triggers: tuple[str, ...]
    zone: int | None
    unit: int | None
    place: int | None
    household: int | None


SINCE = """
SELECT event.id, event.at, event.action, event.particulars ->> 'kind', coalesce(ticket.zone_id, home.zone_id), coalesce(ticket.unit_id, home.id), ticket.place_id,
    coalesce(ticket.household_id, CASE WHEN home.id IS NOT NULL THEN (event.particulars ->> 'household_id')::bigint END)
FROM events_event AS event
LEFT JOIN estates_unit AS home
    ON home.estate_id = event.estate_id AND event.subject_type = 'house_file' AND home.id = (event.particulars ->> 'unit_id')::bigint
LEFT JOIN tickets_ticket AS ticket
    ON ticket.estate_id = event.estate_id AND ticket.id = event.subject_id AND event.subject_type = 'ticket'
WHERE event.estate_id = %(estate)s AND event.id > %(after)s AND event.at > %(since)s AND event.at <= %(now)s
    AND event.action = ANY(%(actions)s)
ORDER BY event.id
"""


def happened(estate: Estate, state: Enactment, names: Iterable[str], since: datetime, now: datetime) -> list[Happened]:
    """The events since the watermark that set off one of the triggers."""
    wanted = {name: TRIGGERS[name] for name in names if name in TRIGGERS}
    if not wanted:
        return []
    actions = sorted({str(action) for trigger in wanted.values() for action in trigger.actions})
    with connection.cursor() as cursor:
        cursor.execute(
            SINCE, {"estate": estate.pk, "after": state.events_to, "since": since, "now": now, "actions": actions}
        )
        rows = cursor.fetchall()
    found = []
    for number, at, action, kind, *where in rows:
        names_hit = tuple(name for name, each in wanted.items() if action in each.actions and each.kind in ("", kind))
        if names_hit:
            found.append(Happened(number, at, names_hit, *where))
    return found


def origin(task: Any) -> Event | None:
    """The event that set a task off; None for what the calendar opens."""
    if task.subject_kind != "event" and not task.slot.startswith("event:"):
        return None
    number = task.slot.partition(":")[2]
    return Event.objects.at_estate(task.estate_id).filter(pk=int(number)).first() if number.isdigit() else None


def newest(estate: Estate) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM events_event WHERE estate_id = %s", [estate.pk])
        return int(cursor.fetchone()[0])


def moved_on(estate: Estate, state: Enactment, now: datetime) -> dict[str, Any]:
    """The watermark's columns after a look at `now`: what was the newest event MARGIN ago is done with."""
    if state.events_at is None or now - state.events_at >= MARGIN:
        return {"events_to": state.events_seen, "events_seen": newest(estate), "events_at": now}
    return {}
