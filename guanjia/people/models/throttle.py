"""Failed attempts, counted in the database so that every process knows of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, models

from guanjia.tenancy.models import Local

if TYPE_CHECKING:
    from datetime import datetime

FORGET = timedelta(hours=24)  # failures older than this no longer count
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)

# One statement: two processes that fail at once are both counted.
COUNT = """
INSERT INTO people_throttle AS t (key, failures, last_at, blocked_until) VALUES (%(key)s, 1, %(at)s, NULL)
ON CONFLICT (key) DO UPDATE SET last_at = %(at)s,
  failures = CASE WHEN t.last_at < %(forgotten)s THEN 1 ELSE t.failures + 1 END
WHERE t.blocked_until IS NULL OR t.blocked_until <= %(at)s OR t.last_at < %(forgotten)s
RETURNING failures
"""


class ThrottleManager(models.Manager):
    def attempt(self, key: str, at: datetime, allowed: int) -> bool:
        """Count an attempt before it is made; False while the key is blocked.

        After `allowed` failures each further one doubles the wait, from half a minute to an hour. Call `forgive`
        when the attempt succeeded.
        """
        with connection.cursor() as cursor:
            cursor.execute(COUNT, {"key": key[:120], "at": at, "forgotten": at - FORGET})
            row = cursor.fetchone()
        if row is None:
            return False
        if row[0] >= allowed:
            wait = min(FIRST_WAIT * 2 ** min(row[0] - allowed, 10), LONGEST_WAIT)
            self.filter(key=key[:120]).update(blocked_until=at + wait)
        return True

    def take_back(self, key: str) -> None:
        """The attempt counted just now was none: it succeeded. Earlier failures still count."""
        self.filter(key=key[:120], failures__gt=0).update(failures=models.F("failures") - 1, blocked_until=None)

    def forgive(self, *keys: str) -> None:
        self.filter(key__in=[key[:120] for key in keys]).delete()


class Throttle(Local):
    """How often something failed under a key: a username at an address, an address, a second factor."""

    key = models.CharField(max_length=120, unique=True)
    failures = models.PositiveIntegerField()
    last_at = models.DateTimeField()
    blocked_until = models.DateTimeField(null=True)

    objects = ThrottleManager()

    def __str__(self) -> str:
        return f"{self.key}: {self.failures}"
