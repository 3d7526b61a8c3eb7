"""What somebody asks of the estate (诉求), from report to archive (REQ-01)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from guanjia.events.models import Event
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey

from ..categories import categories
from ..kinds import OPEN, STEP_OF, Channel, Kind, Klass, Priority, Stage
from .answerable import Answerable
from .archivable import Archivable
from .cancellable import Cancellable
from .classifiable import Classifiable
from .clocked import COLUMNS, Clocked
from .complainable import Complainable
from .completable import Completable
from .contactable import Contactable
from .dispatchable import Dispatchable
from .holdable import Holdable
from .mergeable import Mergeable
from .photographable import Photographable
from .reportable import Reporting, Urgeable
from .transferable import Transferable

if TYPE_CHECKING:
    from datetime import datetime


# What a verb decides by is read anew under the lock: the page that asked may be minutes old.
FRESH = ("stage", "held", "due_at", "klass", "kind", "reopened", "incident_id", *COLUMNS.values())


class TicketQuerySet(Reporting, EstateQuerySet["Ticket"]):  # type: ignore[override]  # as_manager() of two bases
    def open(self) -> TicketQuerySet:
        return self.filter(closed_at__isnull=True)

    def overdue(self, now: datetime) -> TicketQuerySet:
        return self.open().filter(due_at__lt=now)

    def by_due(self) -> TicketQuerySet:
        """Nearest deadline first; what has none stands last."""
        return self.order_by(F("due_at").asc(nulls_last=True), "id")

    def recent_first(self) -> TicketQuerySet:
        return self.order_by("-reported_at", "-id")

    def visible_to(self, reach: Any) -> TicketQuerySet:
        """The tickets a person may see; everything else does not exist for them (design §7)."""
        rows = self.at_estate(reach.estate)
        if reach.sees == "estate":
            return rows
        if reach.sees == "household":
            return rows.filter(Q(household_id__in=reach.households) | Q(reporter_id=reach.person_id))
        rows = rows.alias(order=Subquery(self._worked_by(reach).values("pk")[:1]))
        mine = Q(taken_by_id=reach.person_id) | Q(steward_id=reach.person_id) | Q(order__isnull=False)
        return rows.filter(mine | Q(zone_id__in=reach.zones)) if reach.sees == "zone" else rows.filter(mine)

    def _worked_by(self, reach: Any) -> Any:
        """Asked ticket by ticket: a scalar subquery is never hashed over all of a worker's orders."""
        from .work_order import WorkOrder

        return WorkOrder.objects.filter(estate=OuterRef("estate"), ticket=OuterRef("pk"), worker_id=reach.person_id)

    def unassigned(self) -> TicketQuerySet:
        """Nobody answers for it: no steward, nobody working (REQ-03)."""
        from .work_order import WorkOrder

        working = WorkOrder.objects.filter(estate=OuterRef("estate"), ticket=OuterRef("pk")).open()
        return self.open().filter(steward__isnull=True).exclude(Exists(working))


class Ticket(
    Answerable, Archivable, Cancellable, Classifiable, Completable, Complainable, Contactable, Dispatchable, Holdable, Mergeable,
    Photographable, Transferable, Urgeable, Clocked, EstateOwned,
):  # fmt: skip
    """`noun` names it in events. Columns are written by the one verb that owns them."""

    noun = "ticket"

    number = models.CharField(max_length=20)  # yymmdd-nnnn: short enough to read out on the telephone
    kind = models.CharField(max_length=12, choices=Kind.choices)
    category = models.CharField(max_length=30, blank=True)
    klass = models.CharField(max_length=12, choices=Klass.choices, blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    priority = models.CharField(max_length=8, choices=Priority.choices, default=Priority.MEDIUM)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.RECEIVED)

    words = models.TextField(max_length=2000)
    wishes = models.CharField(max_length=300, blank=True)  # REQ-08: no noise while the child studies
    wished_from = models.DateTimeField(null=True, blank=True)
    wished_until = models.DateTimeField(null=True, blank=True)

    unit = EstateForeignKey("estates.Unit", models.PROTECT, null=True, blank=True, related_name="tickets")
    place = EstateForeignKey("estates.Place", models.PROTECT, null=True, blank=True, related_name="tickets")
    where = models.CharField(max_length=120, blank=True)  # in words, when neither says it
    zone = EstateForeignKey("estates.Zone", models.PROTECT, null=True, blank=True, related_name="tickets")
    household = EstateForeignKey("households.Household", models.PROTECT, null=True, blank=True, related_name="tickets")

    anonymous = models.BooleanField(default=False)
    secret = models.CharField(max_length=64, blank=True)  # digest: the anonymous reporter's way back
    reporter = PersonKey(null=True)  # who signed in to report; never kept for an anonymous complaint
    reporter_name = models.CharField(max_length=60, blank=True)
    reporter_phone = models.CharField(max_length=20, blank=True)
    taken_by = PersonKey(null=True)  # REQ-37: whoever takes a report stays responsible for it
    steward = PersonKey(null=True)  # who answered for the place when it was reported
    checklist = models.JSONField(default=dict, blank=True)  # REQ-38: heard, asked, written clearly
    held = models.BooleanField(default=False)
    urged = models.PositiveSmallIntegerField(default=0)
    reopened = models.PositiveSmallIntegerField(default=0)
    client_key = models.CharField(max_length=64, blank=True)  # the form's own id: a double click is one ticket

    merged_into = EstateForeignKey("self", models.PROTECT, null=True, blank=True, related_name="absorbed")
    incident = EstateForeignKey("tickets.Incident", models.PROTECT, null=True, blank=True, related_name="tickets")

    objects = TicketQuerySet.as_manager()  # type: ignore[assignment]  # and so the manager

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "number"], name="ticket_number"),
            models.UniqueConstraint(
                fields=["estate", "client_key"], condition=~Q(client_key=""), name="ticket_client_key"
            ),
            models.CheckConstraint(
                condition=Q(anonymous=False) | Q(reporter__isnull=True, household__isnull=True), name="ticket_anonymous_is_nobody"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(stage__in=["archived", "cancelled", "merged"]), name="ticket_closed_stage"
            ),
        ]
        indexes = [
            models.Index(fields=["estate", "due_at", "id"], condition=Q(closed_at__isnull=True), name="ticket_open_due"),
            models.Index(fields=["estate", "-reported_at", "-id"], name="ticket_recent"),
            models.Index(fields=["estate", "stage", "-reported_at"], name="ticket_stage"),
            models.Index(fields=["estate", "zone", "-reported_at"], name="ticket_zone"),
            models.Index(fields=["estate", "household", "-reported_at"], name="ticket_household"),
            models.Index(fields=["estate", "reporter", "-reported_at"], condition=Q(reporter__isnull=False), name="ticket_reporter"),
            models.Index(fields=["estate", "secret"], condition=Q(anonymous=True), name="ticket_secret"),
            models.Index(fields=["estate", "taken_by"], condition=Q(taken_by__isnull=False), name="ticket_taken_by"),
            models.Index(fields=["estate", "incident"], condition=Q(incident__isnull=False), name="ticket_incident"),
            models.Index(fields=["estate", "steward", "due_at"], condition=Q(closed_at__isnull=True), name="ticket_steward_open"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        """The first words, as lists show them."""
        line = self.words.strip().splitlines()[0] if self.words.strip() else ""
        return line if len(line) <= 40 else line[:39] + "…"

    @property
    def category_title(self) -> str:
        return categories()[self.category].title if self.category in categories() else ""

    @property
    def location(self) -> str:
        """Where, in one phrase."""
        return str(self.unit or self.place or self.where or _("未注明位置"))

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN

    @property
    def step(self) -> int:
        """How many of the six steps are behind it."""
        return STEP_OF[Stage(self.stage)]

    @property
    def timeline(self) -> Any:
        return Event.objects.about(self)

    def must_follow(self, by: Any, permission: str) -> None:
        """Whoever reported follows it themselves; staff on their word, with `permission`. Raises NotAllowed."""
        if by is None or by.may(permission):
            return
        theirs = self.anonymous if by.person_id is None else self.household_id in by.households or self.reporter_id == by.person_id
        if not theirs or not by.may("own.rate"):
            raise NotAllowed(permission)

    def must_be(self, *stages: str) -> None:
        """Refuse unless the ticket stands at one of the stages; the row is locked so that two people queue up."""
        row = type(self).objects.at_estate(self.estate_id).select_for_update().filter(pk=self.pk).values(*FRESH).get()
        for name, value in row.items():
            setattr(self, name, value)
        if self.stage not in stages:
            raise Refused(_("本单现在是“%(stage)s”，不能这样做。") % {"stage": self.get_stage_display()}, code=f"already_{self.stage}")
