"""Reporting: how a ticket comes into being, is added to and urged (REQ-02, REQ-03, REQ-37..39)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.clocks.models import Clocks
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.responsibility import responsible_for
from guanjia.people.roles import Role
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

from ..anonymous import sightings, way_back
from ..categories import categories, propose
from ..kinds import OPEN, Channel, Kind

if TYPE_CHECKING:
    from datetime import date, datetime

    from guanjia.estates.models import Estate, Place, Unit, Zone

    from .ticket import Ticket


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


# How long a drawn number is, try by try. Numbers are drawn, not counted: a counter row would make every desk wait.
DIGITS = (4, 4, 5, 6, 8)


def _number(day: date, digits: int) -> str:
    return f"{day:%y%m%d}-{secrets.randbelow(10**digits):0{digits}d}"


class Reporting(models.QuerySet):
    """Queryset phrases: `Ticket.objects.report(…)`."""

    def report(
        self, *, by: Any, estate: Estate, words: str, channel: str = Channel.ONLINE, kind: str = "", category: str = "",
        unit: Unit | None = None, place: Place | None = None, zone: Zone | None = None, where: str = "", household_id: int | None = None,
        reporter_name: str = "", reporter_phone: str = "", wishes: str = "", wished_from: datetime | None = None,
        wished_until: datetime | None = None, anonymous: bool = False, checklist: dict[str, bool] | None = None,
        client_key: str = "", at: datetime | None = None,
    ) -> Ticket:  # fmt: skip
        """Take a report. A second report with the same `client_key` returns the first ticket.

        `by` is the resident or the member of staff who takes it; a report from outside anybody's area is taken all the
        same (REQ-39). An anonymous complaint keeps no person: `ticket.way_back` is then the only key to it, shown once.
        """
        at = at or clock.now()
        by.must("ticket.file" if by.is_staff else "own.file")
        fields: dict[str, Any] = {
            "words": words.strip(), "channel": channel, "kind": kind, "category": category, "unit": unit, "place": place, "zone": zone, "where": where,
            "household_id": household_id, "reporter_name": reporter_name, "reporter_phone": reporter_phone, "wishes": wishes,
            "wished_from": wished_from, "wished_until": wished_until, "checklist": checklist or {}, "client_key": client_key,
        }  # fmt: skip
        if client_key and (known := self._known(estate, client_key)):
            return known
        if anonymous and kind != Kind.COMPLAINT:
            raise Refused(_("只有投诉可以匿名；报修需要知道上门地址。"), code="not_a_complaint")
        if not by.is_staff:
            self._spare_the_estate(by, estate, fields["words"], at, anonymous)
        ticket = self._draft(by, estate, at, anonymous, **fields)
        clocks = Clocks.plan(ticket, "received", at)
        ticket.due_at = min((row.due_at for row in clocks), default=None)
        with transaction.atomic(savepoint=False):  # whoever called may be in one; nothing in here is refused
            entered = self._enter(ticket, clock.today(estate, at))
            if entered:
                Clocks.begin(ticket, clocks)
                Event.objects.record(Action.TICKET_REPORTED, ticket, by=None if anonymous else by, at=at, channel=ticket.channel)
        if entered:
            return ticket
        if client_key and (known := self._known(estate, client_key)):
            return known  # the same form, sent twice at the same moment
        raise Refused(_("单号用尽，请稍后再试。"), code="no_number")

    def _enter(self, ticket: Ticket, day: date) -> bool:
        """Insert it under a number nobody has; False when its form has come before, or no number is left."""
        for digits in DIGITS:
            ticket.number = _number(day, digits)
            if self.insert_new([ticket]):
                return True
            if ticket.client_key and self._known(ticket.estate, ticket.client_key):
                return False
        return False

    def _known(self, estate: Estate, client_key: str) -> Ticket | None:
        known = self.at_estate(estate).filter(client_key=client_key).first()
        if known and known.anonymous:
            known.way_back = way_back(client_key)
        return known

    def _draft(self, by: Any, estate: Estate, at: datetime, anonymous: bool, **fields: Any) -> Ticket:
        """The ticket with everything that follows from who reports what, and where; not saved."""
        if not fields["kind"]:
            fields["kind"] = propose(fields["words"]).kind
        if fields["category"] and fields["category"] not in categories():
            raise Refused(_("没有这个类别。"), code="unknown_category")
        zone = fields.pop("zone")  # of a round through a zone, which names no spot
        zone_id = next((spot.zone_id for spot in (fields["unit"], fields["place"]) if spot is not None), zone.pk if zone else None)
        steward = responsible_for(estate, zone_id, at=at)
        if steward is None and zone_id is None and by.is_staff and Role.STEWARD in by.roles:
            steward = by.person  # outside every zone: the steward who took it stays responsible (REQ-37)
        ticket: Any = self.model(estate=estate, zone_id=zone_id, steward=steward, reported_at=at, anonymous=anonymous, **fields)
        ticket.taken_by_id = by.person_id if by.is_staff else None
        if anonymous:
            ticket.way_back = way_back(ticket.client_key)
            ticket.secret = digest(ticket.way_back)
            ticket.household_id, ticket.reporter_name, ticket.reporter_phone = None, "", ""
            if ticket.unit:  # a room number is a name
                ticket.unit, ticket.where = None, ticket.zone.name if ticket.zone else ""
        elif not by.is_staff:
            ticket.reporter_id = by.person_id
            ticket.reporter_name = ticket.reporter_name or by.name
            ticket.reporter_phone = ticket.reporter_phone or by.person.phone or ""
        return ticket

    def _spare_the_estate(self, by: Any, estate: Estate, words: str, at: datetime, anonymous: bool) -> None:
        """Limits against spam: so many a day, so many with the same words still open.

        Anonymous ones of a person are counted in memory only: a table would tell who they were.
        """
        most, lately = parameter(estate, "tickets.per_day", at), (at - timedelta(days=1), at)
        if anonymous:
            key = sightings(by.person_id, estate.pk, clock.today(estate, at))
            cache.add(key, 0, 24 * 3600)
            mine, count = self.at_estate(estate).filter(anonymous=True), cache.incr(key) - 1
        else:
            mine = self.at_estate(estate).filter(reporter=by.person)
            count = mine.filter(reported_at__range=lately).count()
        if count >= most:
            raise Refused(_("今天的报事已达上限。急事请直接拨打服务电话。"), code="too_many")
        same = mine.filter(stage__in=OPEN, words=words.strip(), reported_at__range=lately).count()
        if same >= parameter(estate, "tickets.same_words", at):
            raise Refused(_("同样内容的报事正在处理，可以在原单上补充或催办。"), code="same_words")


class Urgeable(models.Model):
    """What the one who reported can still do while the ticket is open."""

    class Meta:
        abstract = True

    @verb
    def add(self, words: str, *, by: Any, at: datetime | None = None) -> None:
        """Add words to an open ticket."""
        self.must_follow(by, "ticket.file")
        self.must_be(*OPEN)
        Event.objects.record(Action.TICKET_ADDED, self, by=by, at=at or clock.now(), words=words.strip(), public=True)

    @verb
    def urge(self, *, by: Any, at: datetime | None = None) -> None:
        """Urge an open ticket, once in ten minutes at most."""
        at = at or clock.now()
        self.must_follow(by, "ticket.file")
        self.must_be(*OPEN)
        last = self.timeline.filter(action=Action.TICKET_URGED).last()
        if last and at - last.at < timedelta(minutes=10):
            raise Refused(_("刚刚催过了，处理人已收到。"), code="just_urged")
        type(self).objects.at_estate(self.estate_id).filter(pk=self.pk).update(urged=models.F("urged") + 1)
        self.urged += 1
        Event.objects.record(Action.TICKET_URGED, self, by=by, at=at, public=True)
