"""From the outbox to deliveries: each event is fanned out once, whoever runs the loop."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import DatabaseError

from guanjia.estates.models import Estate
from guanjia.events.models import Event, Outbox
from guanjia.tenancy.scope import ALL, estate_scope
from guanjia.tickets.story import FOR_RESIDENTS

from .book import Note, notices_book
from .crowd import Crowd
from .models import Channel, Delivery, Preference, State, Subscription, Wanted

if TYPE_CHECKING:
    from datetime import datetime

log = logging.getLogger(__name__)


def fan_out(now: datetime, limit: int = 500) -> int:
    """Turn up to `limit` outbox rows of each estate into deliveries. Returns how many inbox messages were laid down.

    Claiming, writing and removing are one transaction; another loop skips the rows that are claimed.
    """
    with estate_scope(ALL):
        waiting = set(Outbox.objects.filter(ready_at__lte=now).values_list("estate_id", flat=True).distinct())
    laid = 0
    for estate in Estate.objects.filter(pk__in=waiting).order_by("pk"):
        try:
            laid += _fan_out_at(estate, now, limit)
        except DatabaseError:  # one estate in trouble never silences the others; its rows wait
            log.exception("estate %s cannot be fanned out just now", estate.pk)
    return laid


def _fan_out_at(estate: Estate, now: datetime, limit: int) -> int:
    with estate_scope(estate):
        rows = Outbox.objects.at_estate(estate).filter(ready_at__lte=now).order_by("ready_at", "id")
        claimed = list(rows.select_for_update(skip_locked=True)[:limit])
        if not claimed:
            return 0
        events = list(Event.objects.at_estate(estate).filter(pk__in=[row.event_id for row in claimed]).order_by("id"))
        made = _planned(estate, events, now)
        Delivery.objects.bulk_create(made, batch_size=1000, ignore_conflicts=True)
        Outbox.objects.at_estate(estate).filter(pk__in=[row.pk for row in claimed]).delete()
        return sum(row.channel == Channel.INBOX for row in made)


def _planned(estate: Estate, events: list[Event], now: datetime) -> list[Delivery]:
    crowd = Crowd(estate, events, now)
    loudness = _loudness(crowd)
    hooks = list(Subscription.objects.at_estate(estate).filter(active=True))
    made: list[Delivery] = []
    for event in events:
        try:
            made += [*_to_people(event, crowd, loudness, now), *_to_hooks(event, hooks, now)]
        except Exception:  # one event that cannot be told never holds back the others
            log.exception("event %s of estate %s cannot be told", event.pk, estate.pk)
    return made


def _loudness(crowd: Crowd) -> dict[tuple[int, str], str]:
    rows = Preference.objects.filter(person_id__in=crowd.people)
    return {(person, channel): wanted for person, channel, wanted in rows.values_list("person_id", "channel", "wanted")}


def _to_people(event: Event, crowd: Crowd, loudness: dict[tuple[int, str], str], now: datetime) -> list[Delivery]:
    found: dict[tuple[int, str], Delivery] = {}
    for note in notices_book().entry(event.action).tell:
        if note.face == "resident" and not is_public(event):
            continue
        urgent = note.urgent or crowd.tickets.get(event.subject_id, {}).get("klass") == "urgent"
        for person_id in sorted(set().union(*(crowd.audience(name, event) for name in note.to))):
            for channel in notices_book().ways(note):
                if (person_id, channel) not in found and _wanted(
                    channel, person_id, urgent, event, crowd, loudness, now
                ):
                    found[person_id, channel] = _delivery(event, note, channel, person_id, urgent, crowd, now)
    return list(found.values())


def is_public(event: Event) -> bool:
    """Residents are told of what their own timeline shows, and of nothing else."""
    return bool(event.particulars.get("public")) or event.action in FOR_RESIDENTS


def _wanted(
    channel: str,
    person_id: int,
    urgent: bool,
    event: Event,
    crowd: Crowd,
    loudness: dict[tuple[int, str], str],
    now: datetime,
) -> bool:
    if channel == Channel.INBOX:
        return True
    wanted = loudness.get((person_id, channel), Wanted.ALL)
    loud_enough = wanted == Wanted.ALL or (wanted == Wanted.URGENT and urgent)
    fresh = now - event.at <= notices_book().stale_after
    reached = person_id in crowd.devices if channel == Channel.PUSH else bool(crowd.people[person_id].email)
    return loud_enough and fresh and reached


def _delivery(
    event: Event, note: Note, channel: str, person_id: int, urgent: bool, crowd: Crowd, now: datetime
) -> Delivery:
    row = Delivery(
        estate_id=event.estate_id, event_id=event.pk, person_id=person_id, channel=channel, title=note.title, body=note.body,
        urgent=urgent, made_at=now, linked=note.link == "subject",
    )  # fmt: skip
    if channel == Channel.INBOX:
        row.state, row.sent_at = State.SENT, now
    else:
        rests = (note.face == "resident" or channel == Channel.PUSH) and not urgent
        row.next_at = notices_book().quiet.wake(now, crowd.estate.time_zone) if rests else now
    return row


def _to_hooks(event: Event, hooks: list[Subscription], now: datetime) -> list[Delivery]:
    if not notices_book().entry(event.action).webhook:
        return []
    return [
        Delivery(
            estate_id=event.estate_id,
            event_id=event.pk,
            subscription=hook,
            channel=Channel.WEBHOOK,
            made_at=now,
            next_at=now,
        )
        for hook in hooks
        if event.action in hook.actions
    ]
