"""Classifying: within ten minutes of receipt (REQ-04)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey
from guanjia.tenancy.verbs import verb

from ..categories import categories
from ..kinds import BEFORE_DONE, Kind, Klass, Priority, Stage

if TYPE_CHECKING:
    from datetime import datetime


class Classification(EstateOwned):
    """Who classified it as what, when and why; the last one counts."""

    ticket = EstateForeignKey("tickets.Ticket", models.CASCADE, related_name="classifications")
    by = PersonKey()
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    klass = models.CharField(max_length=12, choices=Klass.choices)
    category = models.CharField(max_length=30)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["estate", "ticket"], name="classification_ticket")]

    def __str__(self) -> str:
        return f"{self.klass} {self.category}"


class Classifiable(models.Model):
    class Meta:
        abstract = True

    @verb
    def classify(
        self, *, by: Any, klass: str, category: str, kind: str = "", priority: str = "", why: str = "", at: datetime | None = None
    ) -> Classification:
        """Say what it is. Again with other words needs a reason, and keeps the time already used (REQ-04..07)."""
        at = at or clock.now()
        by.must("ticket.classify")
        self.must_be(*BEFORE_DONE)
        if category not in categories() or klass not in Klass.values:
            raise Refused(_("没有这个类别。"), code="unknown_category")
        again = self.stage != Stage.RECEIVED
        if again and not why.strip():
            raise Refused(_("改分类请写明原因。"), code="why_missing")
        columns = {
            "kind": kind or self.kind, "klass": klass, "category": category,
            "priority": priority or (Priority.HIGH if klass == Klass.URGENT else self.priority),
            "stage": self.stage if again else Stage.CLASSIFIED,
        }  # fmt: skip
        made = Classification.objects.create(
            estate_id=self.estate_id, ticket=self, by_id=by.person_id, at=at, kind=columns["kind"], klass=klass, category=category, why=why
        )
        self.come_to("classified", at=at, **columns)
        action = Action.TICKET_RECLASSIFIED if again else Action.TICKET_CLASSIFIED
        Event.objects.record(
            action, self, by=by, at=at, klass=kept(Klass(klass).label), category=categories()[category].title_zh, why=why
        )
        return made
