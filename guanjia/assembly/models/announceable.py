"""Calling an assembly: drafted with its topics, announced with the roll frozen; or called off."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

from ..book import assembly_book

if TYPE_CHECKING:
    from datetime import datetime

    from .assembly import Assembly

MOST_TOPICS = 20
LONGEST = timedelta(days=180)
# Every unit with an area: its owner of that day, the builder's where unsold, nobody's known otherwise.
ROLL = """
INSERT INTO assembly_rollline (estate_id, assembly_id, unit_id, household_id, owner, area)
SELECT u.estate_id, %(assembly)s, u.id, o.household_id,
    CASE WHEN u.state = 'unsold' THEN 'builder' WHEN o.household_id IS NOT NULL THEN 'h' || o.household_id ELSE 'u' || u.id END, u.area
FROM estates_unit u
LEFT JOIN households_occupancy o ON o.estate_id = u.estate_id AND o.unit_id = u.id AND o.kind = 'owner' AND o.during @> %(day)s::date AND u.state <> 'unsold'
WHERE u.estate_id = %(estate)s AND u.area > 0
ON CONFLICT DO NOTHING
"""


class Calling:
    def draft(self: Any, title: str, topics: list[dict[str, str]], begins_at: datetime, ends_at: datetime, *, by: Any, words: str = "", at: datetime | None = None) -> Assembly:
        """Topics: {title, matter, words}."""
        by.must("assembly.run")
        at = at or clock.now()
        with estate_scope(by.estate):
            row: Assembly = self.model(estate=by.estate, made_by_id=by.person_id, made_at=at)
            row._fill(title, topics, begins_at, ends_at, words, at)
            return row


class Announceable(models.Model):
    class Meta:
        abstract = True

    def _fill(self: Any, title: str, topics: list[dict[str, str]], begins_at: datetime, ends_at: datetime, words: str, at: datetime) -> None:
        from .topic import Topic

        if not title.strip():
            raise Refused(_("请写标题。"), code="incomplete")
        if not at < ends_at or not begins_at < ends_at or ends_at - begins_at > LONGEST:
            raise Refused(_("投票时间要在以后，结束晚于开始。"), code="bad_time")
        if not 1 <= len(topics) <= MOST_TOPICS or any(not one["title"].strip() or one["matter"] not in assembly_book().matters for one in topics):
            raise Refused(_("请写议题，并选属于哪一类事项。"), code="topics")
        self.title, self.words, self.begins_at, self.ends_at = title.strip()[:60], words.strip()[:2000], begins_at, ends_at
        self.save()
        self.topics.all().delete()
        for n, one in enumerate(topics, 1):
            Topic.objects.create(estate_id=self.estate_id, assembly=self, n=n, title=one["title"].strip()[:100], words=one.get("words", "").strip()[:1000], matter=one["matter"])

    @verb
    def revise(self: Any, title: str, topics: list[dict[str, str]], begins_at: datetime, ends_at: datetime, *, by: Any, words: str = "", at: datetime | None = None) -> None:
        by.must("assembly.run")
        self._hold("draft")
        self._fill(title, topics, begins_at, ends_at, words, at or clock.now())

    @verb
    def announce(self: Any, *, by: Any, at: datetime | None = None) -> int:
        """From now on its topics stand and its roll is frozen. Returns how many units may vote."""
        by.must("assembly.run")
        at = at or clock.now()
        self._hold("draft")
        if at >= self.ends_at:
            raise Refused(_("投票时间要在以后，结束晚于开始。"), code="bad_time")
        with connection.cursor() as cursor:
            cursor.execute(ROLL, {"assembly": self.pk, "estate": self.estate_id, "day": clock.today(self.estate, at)})
            cursor.execute("SELECT count(*), coalesce(sum(area), 0), count(DISTINCT owner) FROM assembly_rollline WHERE estate_id = %s AND assembly_id = %s", [self.estate_id, self.pk])
            units, area, heads = cursor.fetchone()
        if not units:
            raise Refused(_("没有登记面积的房屋，不能公告。"), code="no_roll")
        self._set(state="open", announced_at=at, units=units, area=area, heads=heads)
        self.tell(Action.ASSEMBLY_ANNOUNCED, by=by, at=at, day=clock.today(self.estate, self.ends_at).isoformat(), public=True)
        return int(units)

    @verb
    def call_off(self: Any, why: str, *, by: Any, at: datetime | None = None) -> None:
        """With a reason that every owner is told; ballots that were given are kept and not counted."""
        by.must("assembly.run")
        self._hold("draft", "open")
        if not why.strip():
            raise Refused(_("请写取消原因。"), code="why_missing")
        was = self.state
        self._set(state="called_off", why=why.strip()[:300])
        self.tell(Action.ASSEMBLY_CALLED_OFF, by=by, at=at or clock.now(), told=was == "open", why=self.why, public=True)
