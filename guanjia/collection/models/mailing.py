"""客户函件: a letter to one or many households, printed one by one, handed over like the statements (COM-15..20, CF-18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _t

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.responsibility import responsible_for
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from .approvable import JUDGED, Approvable
from .handing import ADDRESSED, COLUMNS, WAY, Handing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

# One for every household that holds a home there today; of several homes the first.
ADDRESSEES = f"""
INSERT INTO collection_handing (estate_id, mailing_id, {COLUMNS})
SELECT DISTINCT ON (h.id) o.estate_id, %(mailing)s, h.id, u.id, {WAY}, %(on)s::date, '', '', coalesce(p.address, '')
FROM households_occupancy o JOIN estates_unit u ON u.estate_id = o.estate_id AND u.id = o.unit_id
JOIN households_household h ON h.estate_id = o.estate_id AND h.id = o.household_id {ADDRESSED}
WHERE o.estate_id = %(estate)s AND o.during @> %(on)s::date
    AND (%(reach)s::bigint[] IS NULL OR u.zone_id = ANY(%(reach)s::bigint[]))
    AND (%(units)s::bigint[] IS NULL OR u.id = ANY(%(units)s::bigint[]))
    AND (%(places)s OR u.zone_id = ANY(%(zones)s::bigint[]) OR u.building_id = ANY(%(buildings)s::bigint[]))
ORDER BY h.id, u.code
ON CONFLICT DO NOTHING
"""


def stewards_of(estate: Any, event: Event) -> set[int]:
    """Who answers for the homes a letter is for (guanjia/notices/crowd.py)."""
    zones = set(Handing.objects.at_estate(estate).filter(mailing_id=event.subject_id).values_list("unit__zone_id", flat=True))
    return {one.pk for zone in zones if (one := responsible_for(estate, zone, at=event.at))}


class MailingQuerySet(EstateQuerySet["Mailing"]):
    def visible_to(self, reach: Any) -> MailingQuerySet:
        """All of the estate's; a steward's: what is for homes of their zones, and what they wrote."""
        rows = self.at_estate(reach.estate)
        if not (reach.may("chase.act") or reach.may("mailing.judge")):
            return rows.none()
        here = Handing.objects.at_estate(reach.estate).filter(mailing_id=OuterRef("pk"), unit__zone_id__in=list(reach.zones))
        return rows if reach.sees == "estate" else rows.filter(Exists(here) | Q(writer_id=reach.person_id))

    def counted(self) -> MailingQuerySet:
        """With `sent` (households it is for) and `done` (handed over)."""
        return self.annotate(sent=Count("handings"), done=Count("handings", filter=Q(handings__outcome="handed")))

    def write(
        self, title: str, words: str, signer: str, *, by: Any, units: Iterable[int] | None = None, zones: Iterable[int] = (), buildings: Iterable[int] = (),
        client_key: str = "", at: datetime | None = None,
    ) -> Mailing:  # fmt: skip
        """A letter, and one to hand over for every household of the rooms, else zones or buildings, else of the whole reach. It waits for another's approval.

        A steward writes to their own zones only. Sent twice with one key, it is one.
        """
        by.must("chase.act")
        at = at or clock.now()
        title, words, signer = title.strip()[:60], words.strip()[:4000], signer.strip()[:60]
        if not title or not words or not signer:
            raise Refused(_t("请写标题、正文和落款。"), code="words_missing")
        with refusing_clashes(), estate_scope(by.estate), transaction.atomic():
            if client_key and (known := self.at_estate(by.estate).filter(client_key=client_key, writer_id=by.person_id).first()):
                return known
            made = self.create(estate=by.estate, title=title, words=words, signer=signer, writer_id=by.person_id, written_at=at, client_key=client_key)
            count = made._address(by, None if units is None else list(units), list(zones), list(buildings), at)
            if not count:
                raise Refused(_t("这里没有住户可以送。"), code="nobody")
            Event.objects.record(Action.MAILING_WRITTEN, made, by=by, at=at, title=title, count=count)
        return made


class Mailing(Approvable, EstateOwned):
    noun = "mailing"
    title = models.CharField(max_length=60)
    words = models.TextField()
    signer = models.CharField(max_length=60)  # who signs it: a department, a name
    writer = PersonKey()
    written_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True)  # why it was withdrawn
    client_key = models.CharField(max_length=40, blank=True)

    objects = MailingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "-written_at"], name="mailing_newest")]
        constraints = [
            *JUDGED,
            models.UniqueConstraint(fields=["estate", "writer", "client_key"], condition=~Q(client_key=""), name="mailing_client"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(words="") & ~Q(signer=""), name="mailing_complete"),
        ]

    def __str__(self) -> str:
        return self.title

    def _address(self, by: Any, units: list[int] | None, zones: list[int], buildings: list[int], at: datetime) -> int:
        values = {
            "estate": self.estate_id, "mailing": self.pk, "on": clock.today(by.estate, at), "policy": parameter(by.estate, "statements.delivery", at),
            "reach": None if by.sees == "estate" else list(by.zones), "units": units, "zones": zones, "buildings": buildings,
            "places": units is not None or not (zones or buildings),
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(ADDRESSEES, values)
            return int(cursor.rowcount)

    @verb
    def withdraw(self, why: str, *, by: Any, at: datetime | None = None) -> None:
        """What nobody has yet is not handed over any more; what was handed over stays on record."""
        by.must("chase.act")
        at = at or clock.now()
        if by.sees != "estate" and by.person_id != self.writer_id:
            raise Refused(_t("自己写的函件才能撤回。"), code="not_own")
        if not why.strip():
            raise Refused(_t("请写明原因。"), code="why_missing")
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, withdrawn_at__isnull=True)
        if not rows.update(withdrawn_at=at, why=why.strip()[:200]):
            raise Refused(_t("这封函件已经撤回。"), code="withdrawn")
        self.refresh_from_db()
        left = Handing.objects.at_estate(self.estate_id).filter(mailing_id=self.pk).exclude(outcome="handed")
        left.end_calls(self.estate_id, "held", at)
        left.delete()
        Event.objects.record(Action.MAILING_WITHDRAWN, self, by=by, at=at, told=False, title=self.title, why=self.why)
