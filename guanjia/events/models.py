"""One event, told many ways: timeline, audit trail, outbox and statistics (design decision 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, models
from psycopg.types.json import Jsonb

from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey

from .actions import Action

if TYPE_CHECKING:
    from datetime import datetime


# Both rows in one statement: every verb waits for it.
COLUMNS = ("estate_id", "action", "actor_id", "actor_name", "subject_type", "subject_id", "at")
RECORD = f"""
WITH event AS (
    INSERT INTO events_event ({", ".join(COLUMNS)}, particulars) VALUES ({"%s, " * len(COLUMNS)}%s) RETURNING id, estate_id, at
), outbox AS (
    INSERT INTO events_outbox (estate_id, event_id, ready_at) SELECT estate_id, id, at FROM event WHERE %s
)
SELECT id FROM event
"""


class EventQuerySet(EstateQuerySet["Event"]):
    def about(self, subject: Any) -> EventQuerySet:
        """The events of one row, oldest first."""
        return self.filter(estate_id=subject.estate_id, subject_type=subject.noun, subject_id=subject.pk).order_by("at", "id")

    def record(
        self, action: Action, subject: Any, *, by: Any = None, at: datetime, told: bool = True, **particulars: Any
    ) -> Event:
        """Append one event, and one outbox row unless nobody is ever told of it (`told=False`).

        `by` is a Reach, or None for the house itself. `at` is when it happened; it is also what readers sort by.
        """
        event = self.model(
            estate_id=subject.estate_id,
            action=action,
            actor_id=by.person_id if by else None,
            actor_name=by.name if by else "",
            subject_type=subject.noun,
            subject_id=subject.pk,
            particulars=particulars,
            at=at,
        )
        values: list[Any] = [getattr(event, name) for name in COLUMNS]
        with connection.cursor() as cursor:
            cursor.execute(RECORD, [*values, Jsonb(particulars), told])  # type: ignore[list-item]
            event.pk = cursor.fetchone()[0]
        event._state.adding = False
        return event


class Event(EstateOwned):
    """Something that happened. Never changed, never deleted: the application's role has no privilege to."""

    action = models.CharField(max_length=40)  # a value of Action; its sentence is rendered, not stored
    actor = PersonKey(null=True)
    actor_name = models.CharField(max_length=80, blank=True)  # as it was then
    subject_type = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    particulars = models.JSONField(default=dict)
    at = models.DateTimeField()

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["estate", "subject_type", "subject_id", "at"], name="event_subject"),
            models.Index(fields=["estate", "-at"], name="event_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.action}"

    @property
    def sentence(self) -> str:
        """What happened, in the reader's language. Unknown particulars never break a timeline."""
        from .sentences import tell

        return tell(self)


class Outbox(EstateOwned):
    """An event that still has to be told. Fanned out into deliveries, then removed."""

    event_id = models.BigIntegerField()
    ready_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ready_at"], name="outbox_ready")]

    def __str__(self) -> str:
        return f"outbox {self.event_id}"


class Once(EstateOwned):
    """What was answered to a request with an idempotency key; asked again, the same is answered."""

    person = PersonKey()
    key = models.CharField(max_length=80)
    request = models.CharField(max_length=64)  # digest of method, path and body
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "person", "key"], name="once_key")]

    def __str__(self) -> str:
        return self.key
