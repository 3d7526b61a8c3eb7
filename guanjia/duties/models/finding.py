"""A bad answer, open until a later round sees it mended (PAT-04)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.form_book import forms_book
from guanjia.tenancy.models import EstateForeignKey, EstateOwned

from .record import Record

if TYPE_CHECKING:
    from datetime import datetime


class Finding(EstateOwned):
    """A bad answer, what it opened, and whether a later round found it mended (PAT-04)."""

    noun = "finding"
    record = EstateForeignKey(Record, models.CASCADE, related_name="findings")
    key = models.CharField(max_length=60)  # the duty's
    item = models.CharField(max_length=60)  # of the form
    subject_kind = models.CharField(max_length=12)
    subject_id = models.BigIntegerField(default=0)
    words = models.CharField(max_length=500, blank=True)
    ticket = EstateForeignKey("tickets.Ticket", models.RESTRICT, null=True, blank=True, related_name="findings")
    found_at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True)
    mended_by = EstateForeignKey(Record, models.RESTRICT, null=True, blank=True, related_name="mended")

    class Meta:
        indexes = [
            models.Index(
                fields=["estate", "subject_kind", "subject_id"],
                condition=Q(mended_at__isnull=True),
                name="finding_open",
            ),
            models.Index(fields=["estate", "record"], name="finding_record"),
        ]
        constraints = [models.UniqueConstraint(fields=["estate", "record", "item"], name="finding_once")]

    def __str__(self) -> str:
        return self.item

    @property
    def _asked(self) -> Any:
        """Its item as the form now has it; None when the form has changed since."""
        entry = forms_book().forms.get(self.record.form)
        return entry.items.get(self.item) if entry else None

    @property
    def title(self) -> str:
        return str(_(self._asked.title)) if self._asked else self.item

    @property
    def opens(self) -> Any:
        """The ticket that such an answer opens, as the form now has it; None for none."""
        return self._asked.opens if self._asked else None

    @property
    def rechecked(self) -> bool:
        return self._asked is None or self._asked.recheck

    def mend(self, record: Record, *, by: Any, at: datetime) -> None:
        """A later round found it mended (PAT-04)."""
        self.mended_at, self.mended_by = at, record
        self.save(update_fields=["mended_at", "mended_by"])
        self._tell(Action.FINDING_MENDED, by, at)

    def insist(self, *, by: Any, at: datetime) -> None:
        """A later round found it as it was: its ticket is urged."""
        from ..findings import urge

        urge(self, by=by, at=at)
        self._tell(Action.FINDING_UNMENDED, by, at)

    def _tell(self, action: Action, by: Any, at: datetime) -> None:
        item = self._asked.title if self._asked else self.item
        Event.objects.record(action, self, by=by, at=at, item=item, told=False)
