"""分析结论报告: written by one, signed by another; with it the emergency is archived and its paper frozen (EMG-06, F-71)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.keys.models import Autograph
from guanjia.quality.models import Rectification
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

if TYPE_CHECKING:
    from datetime import date, datetime

PARTS = ("cause", "course", "liable", "measures", "lessons")  # 原因、经过、责任、措施、教训


class AnalysisQuerySet(EstateQuerySet["Analysis"]):
    def write(self, emergency: Any, said: dict[str, str], *, by: Any, at: datetime | None = None) -> Analysis:
        """Draft, or draft again, until it is signed. Cause, course and measures are asked for."""
        at = at or clock.now()
        by.must("emergency.command")
        if emergency.drill:
            raise Refused(_("演练请填写评估。"), code="drill")
        said = {part: said.get(part, "").strip()[:2000] for part in PARTS}
        if any(len(said[part]) < 4 for part in ("cause", "course", "measures")):
            raise Refused(_("请写原因、经过和整改措施。"), code="incomplete")
        with refusing_clashes(), estate_scope(emergency.estate_id):
            emergency._hold("down")
            row, _new = self.update_or_create(
                estate_id=emergency.estate_id, emergency=emergency, defaults={**said, "written_by_id": by.person_id, "written_at": at, "returned": ""}
            )
            emergency.tell(Action.EMERGENCY_REPORTED, by=by, at=at)
        return row


class Analysis(EstateOwned):
    noun = "emergency_report"
    emergency = EstateForeignKey("emergencies.Emergency", models.RESTRICT, related_name="analyses")
    cause = models.TextField()
    course = models.TextField()
    liable = models.TextField(blank=True)
    measures = models.TextField()
    lessons = models.TextField(blank=True)
    written_by = PersonKey()
    written_at = models.DateTimeField()
    returned = models.CharField(max_length=300, blank=True)  # why it was sent back
    signed_by = PersonKey(null=True)
    signed_at = models.DateTimeField(null=True)
    paper = models.FileField(upload_to="emergencies/", blank=True)  # the PDF as it was signed

    objects = AnalysisQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "emergency"], name="analysis_once"),
            models.CheckConstraint(condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("written_by")), name="analysis_by_another"),
        ]

    def __str__(self) -> str:
        return str(self.emergency)

    def document(self) -> dict[str, str]:
        return {"number": self.emergency.number, **{part: getattr(self, part) for part in PARTS}}

    def _check(self, by: Any) -> None:
        by.must("emergency.review")
        self.emergency._hold("down", "archived")  # first, as whoever writes it does
        self.refresh_from_db(from_queryset=type(self).objects.at_estate(self.estate_id).select_for_update(of=("self",)))
        if self.signed_at:
            raise Refused(_("报告已经签认。"), code="already_done")
        if by.person_id == self.written_by_id:
            raise Refused(_("自己写的报告由别人签认。"), code="own_matter")

    @verb
    def send_back(self, why: str, *, by: Any, at: datetime | None = None) -> None:
        at = at or clock.now()
        self._check(by)
        if len(why.strip()) < 2:
            raise Refused(_("退回时请写明原因。"), code="why_missing")
        self.returned = why.strip()[:300]
        self.save(update_fields=["returned"])
        self.emergency.tell(Action.EMERGENCY_RETURNED, by=by, at=at, why=self.returned, worker_id=self.written_by_id)

    @verb
    def sign(self, signature: Any, *, by: Any, at: datetime | None = None) -> None:
        """By another, once every affected home was visited: frozen as a paper, the emergency archived."""
        from ..paper import report_pdf

        at = at or clock.now()
        self._check(by)
        if self.returned:
            raise Refused(_("报告已退回，等修改后再签认。"), code="returned")
        left = [row.unit.code for row in self.emergency.homes.filter(visited_at__isnull=True).select_related("unit")]
        if left:
            raise Refused(_("还有受影响住户没有走访：%(homes)s") % {"homes": "、".join(left)}, code="not_visited")
        Autograph.objects.keep(self, "sign", signature, name=by.name, person_id=by.person_id, at=at, document=self.document())
        self.signed_by_id, self.signed_at = by.person_id, at
        self.save(update_fields=["signed_by", "signed_at"])
        self.emergency._set(stage="archived", archived_at=at)
        self.emergency.tell(Action.EMERGENCY_ARCHIVED, by=by, at=at)
        self.paper.save(f"{self.estate_id}-{self.emergency.number}.pdf", ContentFile(report_pdf(self.emergency)), save=False)
        self.save(update_fields=["paper"])


class MeasureQuerySet(EstateQuerySet["Measure"]):
    def ask(self, emergency: Any, words: str, responsible: Any, due_on: date | None, *, by: Any, at: datetime | None = None) -> Measure:
        """What has to change after it becomes a rectification with a name and a day (guanjia/quality)."""
        at = at or clock.now()
        with refusing_clashes(), estate_scope(emergency.estate_id):
            emergency._hold("live", "down")
            asked = Rectification.objects.ask(f"{emergency.number} {words.strip()}" if words.strip() else "", responsible, due_on, by=by, at=at)
            return self.create(estate_id=emergency.estate_id, emergency=emergency, rectification=asked)


class Measure(EstateOwned):
    noun = "emergency_measure"
    emergency = EstateForeignKey("emergencies.Emergency", models.RESTRICT, related_name="measured")
    rectification = EstateForeignKey("quality.Rectification", models.RESTRICT, related_name="+")

    objects = MeasureQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "rectification"], name="emergency_measure_once")]

    def __str__(self) -> str:
        return str(self.rectification)
