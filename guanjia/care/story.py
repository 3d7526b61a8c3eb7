"""The household's timeline: reports, visits, calls and records, bills, and what was written down, newest first (HSE-10)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia.duties.models import Record
from guanjia.events.models import Event
from guanjia.rulebooks.books import duties
from guanjia.tickets.models import Ticket

from .models import Visit

if TYPE_CHECKING:
    from guanjia.households.models import Household
    from guanjia.people.reach import Reach

SIZE = 30
OWN = ("visit.planned", "visit.made", "visit.called_off")  # told by the visits themselves
STORY = """
SELECT kind, id, at, who FROM (
    (SELECT 'ticket' AS kind, t.id, t.reported_at AS at, '' AS who FROM tickets_ticket t
        WHERE t.estate_id = %(e)s AND t.household_id = %(h)s AND t.reported_at < %(before)s ORDER BY t.reported_at DESC LIMIT %(n)s)
    UNION ALL (SELECT 'visit', v.id, v.made_at, coalesce(p.name, '') FROM care_visit v LEFT JOIN people_person p ON p.id = v.made_by_id
        WHERE v.estate_id = %(e)s AND v.household_id = %(h)s AND v.made_at < %(before)s ORDER BY v.made_at DESC LIMIT %(n)s)
    UNION ALL (SELECT 'record', r.id, r.done_at, coalesce(p.name, '') FROM duties_task k JOIN duties_record r ON r.estate_id = k.estate_id AND r.task_id = k.id
        LEFT JOIN people_person p ON p.id = r.by_id
        WHERE k.estate_id = %(e)s AND k.household_id = %(h)s AND r.done_at < %(before)s ORDER BY r.done_at DESC LIMIT %(n)s)
    UNION ALL (SELECT 'bill', b.id, r.issued_at, b.amount::text FROM billing_bill b JOIN billing_billrun r ON r.estate_id = b.estate_id AND r.id = b.run_id
        WHERE b.estate_id = %(e)s AND b.household_id = %(h)s AND b.live AND r.issued_at < %(before)s ORDER BY r.issued_at DESC LIMIT %(n)s)
    UNION ALL (SELECT 'event', x.id, x.at, '' FROM events_event x
        WHERE x.estate_id = %(e)s AND x.subject_type = 'household' AND x.subject_id = %(h)s AND x.at < %(before)s AND NOT x.action = ANY(%(own)s)
        ORDER BY x.at DESC LIMIT %(n)s)
) AS s ORDER BY at DESC, kind, id DESC LIMIT %(n)s
"""


def story(household: Household, reach: Reach, before: datetime, size: int = SIZE) -> list[dict[str, Any]]:
    """Rows for `<c-timeline>`; five statements at most. Tickets that the reader may not see are left out."""
    values: dict[str, Any] = {"e": reach.estate.pk, "h": household.pk, "before": before, "n": size, "own": list(OWN)}
    with connection.cursor() as cursor:
        cursor.execute(STORY, values)
        rows = cursor.fetchall()
    ids: dict[str, list[int]] = {}
    for kind, pk, _at, _who in rows:
        ids.setdefault(kind, []).append(pk)
    telling = {"ticket": _tickets, "visit": _visits, "record": _records, "event": _events}
    told: dict[str, Any] = {kind: telling[kind](reach, some) for kind, some in ids.items() if kind in telling}
    found = []
    for kind, pk, at, who in rows:
        said = _bill(reach, who) if kind == "bill" else told[kind].get(pk)
        if said:
            found.append({"at": at, "tone": "", "note": "", "state": "", **said, "who": who})
    return found


def _tickets(reach: Reach, ids: list[int]) -> dict[int, dict[str, Any]]:
    rows = Ticket.objects.visible_to(reach).filter(pk__in=ids)
    return {
        row.pk: {"icon": "clipboard-list", "tone": "bad" if row.is_complaint else "info", "sentence": f"{row.get_kind_display()} {row.number}　{row.title}",
                 "state": row.get_stage_display(), "url": reverse("tickets:show", args=[reach.estate.code, row.number])}
        for row in rows
    }  # fmt: skip


def _visits(reach: Reach, ids: list[int]) -> dict[int, dict[str, Any]]:
    found = {}
    for row in Visit.objects.at_estate(reach.estate).filter(pk__in=ids):
        stars = _("满意 %(n)s / 5") % {"n": row.mood} if row.mood else ""
        note = " · ".join(filter(None, [row.heard, row.answered, row.opinion, stars]))
        who = f"（{row.met_whom}）" if row.met_whom else ""
        sentence = f"{row.get_way_display()}　{row.get_outcome_display()}{who}"
        found[row.pk] = {
            "icon": "footprints",
            "tone": "good" if row.outcome == "met" else "mute",
            "sentence": sentence,
            "note": note,
        }
    return found


def _records(reach: Reach, ids: list[int]) -> dict[int, dict[str, Any]]:
    found = {}
    for row in Record.objects.at_estate(reach.estate).filter(pk__in=ids).select_related("task"):
        title = _(duties()[row.task.key][1].title) if row.task.key in duties() else row.task.key
        said = row.words or str(row.answers.get("words", {}).get("value", ""))
        found[row.pk] = {
            "icon": "phone",
            "tone": "good",
            "sentence": title,
            "note": said,
            "url": reverse("duties:record", args=[reach.estate.code, row.pk]),
        }
    return found


def _events(reach: Reach, ids: list[int]) -> dict[int, dict[str, Any]]:
    rows = Event.objects.at_estate(reach.estate).filter(pk__in=ids)
    return {row.pk: {"icon": "pencil-line", "sentence": row.sentence} for row in rows}


def _bill(reach: Reach, amount: str) -> dict[str, Any] | None:
    if not reach.may("bill.read"):
        return None
    return {"icon": "receipt-text", "tone": "house", "sentence": _("账单 ¥%(amount)s 已发出") % {"amount": amount}}
