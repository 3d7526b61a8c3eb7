"""Sessions a person can see and end: one row each, with its person, device and times."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from guanjia.tenancy.models import Local, PersonKey


class Session(AbstractBaseSession, Local):
    """Deleting the row ends the session with the next request (guanjia.people.sessions)."""

    person = PersonKey("people.Person", null=True, db_index=True)
    device = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=50, blank=True)
    made_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # to within SEEN_EVERY

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        db_table = "people_session"

    @classmethod
    def get_session_store_class(cls) -> Any:
        from ..sessions import SessionStore

        return SessionStore
