"""Messages in words: templates filled with what the event and its subject say, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia.duties.models import Finding, Record
from guanjia.events.models import Event
from guanjia.tickets.models import Incident, Ticket

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .models import Delivery

NOUNS: dict[str, Any] = {Ticket.noun: Ticket, Incident.noun: Incident, Record.noun: Record, Finding.noun: Finding}

# Where a higher noun is read: noun → names of its page for staff and for residents. Registered when its app is ready.
PAGES: dict[str, tuple[str, str]] = {}
LINKS = {Ticket.noun: ("unit", "place"), Finding.noun: ("ticket",)}


def register(model: Any, *, staff: str = "", resident: str = "") -> None:
    """Messages about rows of this model lead to their page, which takes the estate's code and the row's key."""
    NOUNS[model.noun], PAGES[model.noun] = model, (staff, resident)


@dataclass(frozen=True)
class Message:
    """A delivery as a reader sees it."""

    pk: int
    title: str
    body: str
    at: datetime
    unread: bool
    urgent: bool
    subject: Any


class _Words(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def messages(rows: Iterable[Delivery]) -> list[Message]:
    """Deliveries of one estate with their events and subjects: four queries, however many there are."""
    rows = list(rows)
    if not rows:
        return []
    estate_id = rows[0].estate_id
    events = Event.objects.at_estate(estate_id).in_bulk([row.event_id for row in rows])
    subjects = _subjects(estate_id, events.values())
    return [message(row, events[row.event_id], subjects) for row in rows if row.event_id in events]


def message(row: Delivery, event: Event, subjects: dict[tuple[str, int], Any]) -> Message:
    subject = subjects.get((event.subject_type, event.subject_id))
    words = _words(event, subject)
    title, body = (_(text).format_map(words).strip(" ：") if text else "" for text in (row.title, row.body))
    return Message(row.pk, title, body, event.at, row.read_at is None, row.urgent, subject if row.linked else None)


def _subjects(estate_id: int, events: Iterable[Event]) -> dict[tuple[str, int], Any]:
    wanted: dict[str, set[int]] = {}
    for event in events:
        wanted.setdefault(event.subject_type, set()).add(event.subject_id)
    found: dict[tuple[str, int], Any] = {}
    for noun in wanted.keys() & NOUNS.keys():
        rows = NOUNS[noun].objects.at_estate(estate_id)
        rows = rows.select_related(*LINKS[noun]) if noun in LINKS else rows
        found |= {(noun, row.pk): row for row in rows.filter(pk__in=wanted[noun])}
    return found


def subject_of(event: Event) -> Any:
    """What an event is about; None where it has no page of its own or is gone."""
    return _subjects(event.estate_id, [event]).get((event.subject_type, event.subject_id))


def _words(event: Event, subject: Any) -> _Words:
    said = {key: _(value) if isinstance(value, str) and value else value for key, value in event.particulars.items()}
    words = _Words(said, actor=event.actor_name or _("系统"), sentence=event.sentence)
    if isinstance(subject, Ticket):
        words.update(number=subject.number, ticket=subject.title, where=subject.location)
    elif subject is not None:
        words.setdefault("title", str(subject))
    return words


def address(subject: Any, code: str, is_staff: bool) -> str:
    """The page of a message's subject for that kind of reader, or nothing."""
    if isinstance(subject, Ticket):
        return reverse("tickets:show" if is_staff else "tickets:mine_show", args=[code, subject.number])
    if isinstance(subject, Incident) and is_staff:
        return reverse("tickets:incident", args=[code, subject.pk])
    if isinstance(subject, Record):
        return reverse("duties:record" if is_staff else "duties:visit", args=[code, subject.pk])
    if isinstance(subject, Finding) and is_staff:
        return reverse("tickets:show", args=[code, subject.ticket.number]) if subject.ticket else reverse("duties:record", args=[code, subject.record_id])
    page = PAGES.get(getattr(subject, "noun", ""), ("", ""))[0 if is_staff else 1]
    return reverse(page, args=[code, subject.pk]) if page else ""
