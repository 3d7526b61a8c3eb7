"""Django's database sessions with a person on each row, so that they can be listed and ended (SESSION_ENGINE)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth import SESSION_KEY, login
from django.contrib.sessions.backends import db

from guanjia import clock

from .addresses import address_of, device_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from .models import Person

SEEN_EVERY = timedelta(minutes=5)
BACKEND = "django.contrib.auth.backends.ModelBackend"


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls) -> Any:
        from .models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        if data.get(SESSION_KEY):
            row.person_id = int(data[SESSION_KEY])
            row.device, row.address = data.get("device", ""), data.get("address", "")
            row.made_at = datetime.fromisoformat(data["since"]) if data.get("since") else None
            row.seen_at = clock.now()
        return row

    def _get_session_from_db(self) -> Any:
        """Note now and then that the session is alive."""
        row = super()._get_session_from_db()  # type: ignore[misc]
        now = clock.now()
        if row is not None and row.seen_at and row.seen_at < now - SEEN_EVERY:
            self.get_model_class().objects.filter(pk=row.pk).update(seen_at=now)
        return row


def enter(request: HttpRequest, person: Person) -> None:
    """Begin a session under a new key; what the stranger's session held stays behind."""
    request.session.flush()
    login(request, person, backend=BACKEND)
    request.session.update(
        {"since": clock.now().isoformat(), "device": device_of(request), "address": address_of(request)}
    )


def sessions_of(person: Person) -> Any:
    """The person's sessions, newest first."""
    from .models import Session

    return Session.objects.filter(person=person, expire_date__gt=clock.now()).order_by("-seen_at")


def end(person: Person, *, but: str | None = None) -> int:
    """End all of a person's sessions, or all but one (by its key)."""
    return sessions_of(person).exclude(pk=but or "").delete()[0]


def deactivate(person: Person) -> None:
    """Out at once: no sign-in, no session, no token."""
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    person.is_active = False
    end(person)
    person.tokens.filter(revoked_at__isnull=True).update(revoked_at=clock.now())
