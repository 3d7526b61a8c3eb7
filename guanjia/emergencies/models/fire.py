"""火情登记: every fire, with or without an emergency: what, when, where, who reported it, cause and loss (QLT-60, EMG-05, EMG-14)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from ..book import emergency_book

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
MOST_LOSS, MOST_HURT = Decimal(10**9), 1000


class FireQuerySet(EstateQuerySet["Fire"]):
    def visible_to(self, reach: Any) -> FireQuerySet:
        """Safety is everybody's: all staff see all of the estate's."""
        rows = self.at_estate(reach.estate)
        return rows if reach.is_staff else rows.none()

    def standing(self) -> FireQuerySet:
        """Those that were fires; what was struck as no fire does not count."""
        return self.filter(struck_at__isnull=True)

    def register(
        self, words: str, happened_at: datetime, *, by: Any, building: Any = None, unit: Any = None, where: str = "", reporter: str = "", emergency: Any = None, ticket: Any = None,
        hurt: int = 0, at: datetime | None = None,
    ) -> Fire:  # fmt: skip
        """By any colleague; cause and loss follow once they are known. One for an emergency and one for a ticket: sent twice it is refused."""
        at = at or clock.now()
        if not by.is_staff:
            raise NotAllowed("fire.register")
        building = building or (unit.building if unit else None)
        if len(words.strip()) < 2 or not (where.strip() or building):
            raise Refused(_("请写发生了什么、在哪里。"), code="incomplete")
        if not EARLIEST < happened_at <= at:
            raise Refused(_("起火时间不能在以后。"), code="in_future")
        if not 0 <= hurt <= MOST_HURT:
            raise Refused(_("伤亡人数不对。"), code="bad_amount")
        if emergency is not None and (emergency.kind != "fire" or emergency.drill or emergency.false_alarm):
            raise Refused(_("只有真实的火警才能登记为火情。"), code="no_fire")
        place = unit or building
        with refusing_clashes(), estate_scope(by.estate):
            row = self.create(
                estate=by.estate, words=words.strip()[:300], happened_at=happened_at, building=building, unit=unit, zone_id=place.zone_id if place else None, where=where.strip()[:80],
                reporter=reporter.strip()[:80] or by.name, emergency=emergency, ticket=ticket, hurt=hurt, by_id=by.person_id, at=at,
            )  # fmt: skip
            row.tell(Action.FIRE_REGISTERED, by=by, at=at)
        return row


class Fire(EstateOwned):
    """`loss` in yuan, as estimated; `cause` a key of emergencies.yaml. Both stay empty until they are known."""

    noun = "fire"
    words = models.CharField(max_length=300)
    happened_at = models.DateTimeField()
    building = EstateForeignKey("estates.Building", models.RESTRICT, null=True, related_name="+")
    unit = EstateForeignKey("estates.Unit", models.RESTRICT, null=True, related_name="+")
    zone = EstateForeignKey("estates.Zone", models.RESTRICT, null=True, related_name="+")
    where = models.CharField(max_length=80, blank=True)
    reporter = models.CharField(max_length=80)  # who saw it first, in words
    emergency = EstateForeignKey("emergencies.Emergency", models.RESTRICT, null=True, related_name="fires")
    ticket = EstateForeignKey("tickets.Ticket", models.RESTRICT, null=True, related_name="+")
    hurt = models.PositiveSmallIntegerField(default=0)  # people hurt or killed
    by = PersonKey()
    at = models.DateTimeField()
    cause = models.CharField(max_length=12, blank=True)
    cause_words = models.CharField(max_length=300, blank=True)
    loss = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = PersonKey(null=True)
    struck_at = models.DateTimeField(null=True)
    struck_by = PersonKey(null=True)
    struck_why = models.CharField(max_length=300, blank=True)

    objects = FireQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "-happened_at"], name="fire_recent")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "emergency"], condition=Q(emergency__isnull=False, struck_at__isnull=True), name="fire_emergency_once"),
            models.UniqueConstraint(fields=["estate", "ticket"], condition=Q(ticket__isnull=False, struck_at__isnull=True), name="fire_ticket_once"),
            models.CheckConstraint(condition=Q(happened_at__lte=F("at")), name="fire_not_in_future"),
            models.CheckConstraint(condition=Q(loss__isnull=True) | Q(loss__gte=Decimal(0)), name="fire_loss"),
            models.CheckConstraint(condition=Q(settled_at__isnull=True) | ~Q(cause="") & Q(loss__isnull=False, settled_by__isnull=False), name="fire_settled"),
            models.CheckConstraint(condition=Q(struck_at__isnull=True) | ~Q(struck_why="") & Q(struck_by__isnull=False) & ~Q(struck_by=F("by")), name="fire_struck_by_another"),
        ]

    def __str__(self) -> str:
        return self.words[:40]

    @property
    def number(self) -> str:
        return f"HQ-{self.pk:05d}"

    @property
    def place(self) -> str:
        near = self.unit.code if self.unit else _("%(number)s 栋") % {"number": self.building.number} if self.building else ""
        return " ".join(part for part in (near, self.where) if part)

    @property
    def cause_title(self) -> str:
        entry = emergency_book().causes.get(self.cause)
        return _(entry.title) if entry else self.cause

    def estimated(self) -> Decimal:
        """What the emergency's damaged things come to so far, yuan."""
        rows = self.emergency.damages.all() if self.emergency else []
        return sum((row.amount for row in rows if row.amount is not None), Decimal(0))

    @verb
    def settle(self, cause: str, cause_words: str, loss: Decimal | None, *, by: Any, hurt: int | None = None, at: datetime | None = None) -> None:
        """Cause and loss as they were found out; said again it replaces them, and the history keeps both."""
        at = at or clock.now()
        by.must("emergency.command")
        if cause not in emergency_book().causes or loss is None or not 0 <= loss <= MOST_LOSS:
            raise Refused(_("请选起火原因，写损失金额（没有损失写 0）。"), code="incomplete")
        if hurt is not None and not 0 <= hurt <= MOST_HURT:
            raise Refused(_("伤亡人数不对。"), code="bad_amount")
        self._must_stand()
        self.cause, self.cause_words, self.loss = cause, cause_words.strip()[:300], loss.quantize(Decimal("0.01"))
        self.settled_at, self.settled_by_id, self.hurt = at, by.person_id, self.hurt if hurt is None else hurt
        self.save(update_fields=["cause", "cause_words", "loss", "settled_at", "settled_by", "hurt"])
        self.tell(Action.FIRE_SETTLED, by=by, at=at, cause=self.cause_title, amount=f"{self.loss:.2f}")

    @verb
    def strike(self, why: str, *, by: Any, at: datetime | None = None) -> None:
        """It was no fire, or stands there twice: by another than who registered it; it stays to be read and counts no longer."""
        at = at or clock.now()
        by.must("emergency.review")
        if by.person_id == self.by_id:
            raise Refused(_("自己登记的由别人作废。"), code="own_matter")
        if len(why.strip()) < 2:
            raise Refused(_("请写作废的原因。"), code="why_missing")
        self._must_stand()
        self.struck_at, self.struck_by_id, self.struck_why = at, by.person_id, why.strip()[:300]
        self.save(update_fields=["struck_at", "struck_by", "struck_why"])
        self.tell(Action.FIRE_STRUCK, by=by, at=at, why=self.struck_why, worker_id=self.by_id)

    def _must_stand(self) -> None:
        """Read anew under its lock."""
        row = type(self).objects.at_estate(self.estate_id).select_for_update(of=("self",)).get(pk=self.pk)
        if row.struck_at:
            raise Refused(_("已经作废。"), code="struck")
        self.hurt = row.hurt

    def tell(self, action: Action, *, by: Any, at: datetime, **said: Any) -> None:
        Event.objects.record(action, self, by=by, at=at, number=self.number, where=self.place, words=self.words[:120], **said)
