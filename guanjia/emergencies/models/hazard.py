"""隐患登记: found, how grave, what is done, cleared by when (EMG-13, PAT-13, F-89)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.pictures import cleaned
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

from ..book import emergency_book

if TYPE_CHECKING:
    from datetime import datetime

OPEN = Q(cleared_at__isnull=True)


class HazardQuerySet(EstateQuerySet["Hazard"]):
    def open(self) -> HazardQuerySet:
        return self.filter(OPEN)

    def visible_to(self, reach: Any) -> HazardQuerySet:
        """Safety is everybody's: all staff see all of the estate's."""
        rows = self.at_estate(reach.estate)
        return rows if reach.is_staff else rows.none()

    def find(
        self, words: str, severity: str, where: str, *, by: Any, building: Any = None, measure: str = "", photo: Any = None, at: datetime | None = None
    ) -> Hazard:  # fmt: skip
        """By any colleague. `measure` is what was done at once (temporary protection); the severity says by when it is cleared."""
        at = at or clock.now()
        if not by.is_staff:
            raise NotAllowed("hazard.find")
        entry = emergency_book().severity.get(severity)
        if entry is None or len(words.strip()) < 2 or not (where.strip() or building):
            raise Refused(_("请写隐患、位置和严重程度。"), code="incomplete")
        with estate_scope(by.estate):
            row = self.model(
                estate=by.estate, words=words.strip()[:300], severity=severity, where=where.strip()[:80], building=building, zone_id=building.zone_id if building else None,
                measure=measure.strip()[:300], found_by_id=by.person_id, found_at=at, due_at=at + entry.within,
            )  # fmt: skip
            row._keep("photo", photo)
            row.save(force_insert=True)
            row.tell(Action.HAZARD_FOUND, by=by, at=at)
        return row


class Hazard(EstateOwned):
    noun = "hazard"
    words = models.CharField(max_length=300)
    severity = models.CharField(max_length=8)  # of emergencies.yaml
    where = models.CharField(max_length=80, blank=True)
    building = EstateForeignKey("estates.Building", models.RESTRICT, null=True, related_name="+")
    zone = EstateForeignKey("estates.Zone", models.RESTRICT, null=True, related_name="+")
    photo = models.FileField(upload_to="hazards/", blank=True)
    found_by = PersonKey()
    found_at = models.DateTimeField()
    due_at = models.DateTimeField()
    measure = models.CharField(max_length=300, blank=True)
    responsible = PersonKey(null=True)
    cleared_at = models.DateTimeField(null=True)
    cleared_by = PersonKey(null=True)
    cleared_words = models.CharField(max_length=300, blank=True)
    cleared_photo = models.FileField(upload_to="hazards/", blank=True)
    told = models.PositiveSmallIntegerField(default=0)

    objects = HazardQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["estate", "due_at"], condition=OPEN, name="hazard_open"),
            models.Index(fields=["estate", "-found_at"], name="hazard_recent"),
        ]
        constraints = [
            models.CheckConstraint(condition=OPEN | Q(cleared_by__isnull=False) & ~Q(cleared_words=""), name="hazard_cleared"),
            models.CheckConstraint(condition=Q(due_at__gt=F("found_at")), name="hazard_due_later"),
        ]

    def __str__(self) -> str:
        return self.words[:40]

    @property
    def severity_title(self) -> str:
        entry = emergency_book().severity.get(self.severity)
        return _(entry.title) if entry else self.severity

    @property
    def place(self) -> str:
        near = _("%(number)s 栋") % {"number": self.building.number} if self.building else ""
        return " ".join(part for part in (near, self.where) if part)

    def _keep(self, name: str, photo: Any) -> None:
        if photo:
            picture = cleaned(photo)
            getattr(self, name).save(f"{self.estate_id}-{picture.digest[:16]}.{picture.suffix}", ContentFile(picture.file.read()), save=False)

    @verb
    def plan(self, measure: str, responsible: Any, *, by: Any, at: datetime | None = None) -> None:
        """Who puts it right, and how; said again it replaces what was planned."""
        at = at or clock.now()
        by.must("hazard.clear")
        if len(measure.strip()) < 2 or responsible is None:
            raise Refused(_("请写措施和责任人。"), code="incomplete")
        if not type(self).objects.at_estate(self.estate_id).open().filter(pk=self.pk).update(measure=measure.strip()[:300], responsible=responsible.pk):
            raise Refused(_("已经消除。"), code="already_done")
        self.refresh_from_db()
        self.tell(Action.HAZARD_PLANNED, by=by, at=at, measure=self.measure[:120], person=responsible.name, worker_id=responsible.pk)

    @verb
    def clear(self, words: str, *, by: Any, photo: Any = None, at: datetime | None = None) -> None:
        """It is gone: by who answers for it, or who may clear hazards."""
        at = at or clock.now()
        row = type(self).objects.at_estate(self.estate_id).select_for_update(of=("self",)).get(pk=self.pk)
        if by.person_id != row.responsible_id:
            by.must("hazard.clear")
        if len(words.strip()) < 2:
            raise Refused(_("请写怎样消除的。"), code="words_missing")
        if row.cleared_at:
            raise Refused(_("已经消除。"), code="already_done")
        self.cleared_at, self.cleared_by_id, self.cleared_words = at, by.person_id, words.strip()[:300]
        self._keep("cleared_photo", photo)
        self.save(update_fields=["cleared_at", "cleared_by", "cleared_words", "cleared_photo"])
        self.tell(Action.HAZARD_CLEARED, by=by, at=at, said=self.cleared_words[:120], worker_id=self.found_by_id)

    def tell(self, action: Action, *, by: Any, at: datetime, **said: Any) -> None:
        with translation.override(settings.LANGUAGE_CODE):  # particulars are in the house's language
            about: dict[str, Any] = {"words": self.words[:120], "where": self.place, "severity": self.severity_title}
        Event.objects.record(action, self, by=by, at=at, **about, **said)
