"""检查: planned, made, scored, finished; its score is fixed then, a correction leaves both versions (QLT-20, QLT-27..54)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

from ..independence import must_be_independent
from ..rubric_book import rubrics_book
from ..rubrics import in_force, must_add_up
from .finishing import Finishing
from .sampling import Sampling
from .scored import Scoring

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

COVERT = Q(method="covert", opened_at__isnull=True)
OPEN = Q(finished_at__isnull=True, called_off_at__isnull=True)


class Method(models.TextChoices):
    """The five ways of the source (QLT-20); their titles stand in rubrics.yaml."""

    OPEN = "open"
    COVERT = "covert"
    QUESTIONS = "questions"
    CALLBACK = "callback"
    TEST = "test"


class InspectionQuerySet(EstateQuerySet["Inspection"]):
    def visible_to(self, reach: Any) -> InspectionQuerySet:
        """Unannounced ones are nobody's business at the estate until they are opened; who makes them sees them."""
        rows = self.at_estate(reach.estate)
        mine = Q(inspector_id=reach.person_id) | Q(companion_id=reach.person_id)
        if reach.may("quality.covert"):
            return rows
        return rows.filter(mine | ~COVERT) if reach.may("quality.read") or reach.may("quality.inspect") else rows.filter(mine)

    def plan(
        self, title: str, method: str, day: date, inspector: Any, *, by: Any, rubrics: dict[str, Decimal] | None = None, companion: Any = None,
        zone: Any = None, campaign: Any = None, at: datetime | None = None,
    ) -> Inspection:  # fmt: skip
        """An inspection on a day. `rubrics`: key → weight, which make 100 %; one alone is the whole (CF-31)."""
        at = at or clock.now()
        row = self.model(
            estate=by.estate, title=title.strip()[:80], method=method, planned_on=day, inspector_id=inspector.pk,
            companion_id=companion.pk if companion else None, zone=zone, campaign=campaign, made_at=at, made_by_id=by.person_id,
        )  # fmt: skip
        return row._plan(rubrics or {}, [inspector, *([companion] if companion else [])], by, at)


class Inspection(Scoring, Sampling, Finishing, EstateOwned):
    noun = "inspection"
    title = models.CharField(max_length=80)
    method = models.CharField(max_length=10, choices=Method.choices)
    planned_on = models.DateField()
    inspector = PersonKey()
    companion = PersonKey(null=True)  # a second inspector: they share the items
    zone = EstateForeignKey("estates.Zone", models.RESTRICT, null=True, related_name="+")  # none: the whole estate
    campaign = EstateForeignKey("quality.Campaign", models.RESTRICT, null=True, related_name="inspections")
    rubrics = models.JSONField(default=list)  # as they were when it was planned (guanjia/quality/rubrics.py), each with its share
    made_at = models.DateTimeField()
    made_by = PersonKey()
    began_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    finished_by = PersonKey(null=True)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)  # the newest result's
    conclusion = models.CharField(max_length=1000, blank=True)
    opened_at = models.DateTimeField(null=True)  # when an unannounced one was shown to the estate
    called_off_at = models.DateTimeField(null=True)
    call_off_words = models.CharField(max_length=300, blank=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["estate", "-planned_on"], name="inspection_recent"),
            models.Index(fields=["estate", "inspector", "planned_on"], condition=OPEN, name="inspection_open"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(score__isnull=True) | Q(score__range=(0, 100)), name="inspection_score"),
            models.CheckConstraint(condition=Q(finished_at__isnull=True) | Q(score__isnull=False), name="inspection_finished"),
            models.CheckConstraint(condition=Q(finished_at__isnull=True) | Q(called_off_at__isnull=True), name="inspection_one_end"),
            models.CheckConstraint(condition=Q(companion__isnull=True) | ~Q(companion=models.F("inspector")), name="inspection_two"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def way(self) -> str:
        """What the method is called, in the reader's language."""
        return _(rubrics_book().methods[self.method].title)

    @property
    def by_samples(self) -> bool:
        return rubrics_book().methods[self.method].by == "sample"

    @property
    def is_open(self) -> bool:
        return self.finished_at is None and self.called_off_at is None

    @property
    def is_hidden(self) -> bool:
        """An unannounced one that the estate does not know of yet."""
        return self.method == Method.COVERT and self.opened_at is None

    def is_inspector(self, reach: Any) -> bool:
        return reach.person_id in (self.inspector_id, self.companion_id)

    def must_inspect(self, by: Any) -> None:
        by.must("quality.inspect")
        if not self.is_inspector(by):
            raise Refused(_("这次检查由别人负责。"), code="not_inspector")

    def must_be_open(self) -> None:
        if not self.is_open:
            raise Refused(_("这次检查已经结束。"), code="ended")

    @verb
    def _plan(self, weights: dict[str, Decimal], people: list[Any], by: Any, at: datetime) -> Inspection:
        by.must("quality.plan")
        if self.method not in Method.values or not self.title:
            raise Refused(_("请写名称并选检查方式。"), code="incomplete")
        if self.method == Method.COVERT:
            by.must("quality.covert")
        if self.planned_on < clock.today(self.estate, at):
            raise Refused(_("检查日期已经过去。"), code="past")
        must_be_independent(people, self.estate, self.zone, self.planned_on, at)
        self.rubrics = [] if self.by_samples else self._with_weights(weights, at)
        self.save(force_insert=True)
        for person in people:
            self.tell(Action.INSPECTION_PLANNED, by=by, at=at, worker_id=person.pk)
        return self

    def _with_weights(self, weights: dict[str, Decimal], at: datetime) -> list[dict[str, Any]]:
        from ..scoring import HUNDRED, must_total

        known = in_force(self.estate, at, self.planned_on)
        if not weights or set(weights) - set(known):
            raise Refused(_("请选评分细则。"), code="no_rubric")
        if len(weights) == 1:
            weights = dict.fromkeys(weights, HUNDRED)
        must_total(weights.values(), _("评分细则权重"))
        for key in weights:
            must_add_up(known[key])
        return [{**known[key], "share": str(weight)} for key, weight in weights.items()]

    @verb
    def call_off(self, why: str, *, by: Any, at: datetime | None = None) -> None:
        """It does not take place; the row says why."""
        at = at or clock.now()
        by.must("quality.plan")
        if not why.strip():
            raise Refused(_("请写明原因。"), code="why_missing")
        rows = type(self).objects.at_estate(self.estate_id).filter(OPEN, pk=self.pk)
        if not rows.update(called_off_at=at, call_off_words=why.strip()[:300]):
            raise Refused(_("这次检查已经结束。"), code="ended")
        self.refresh_from_db()
        self.tell(Action.INSPECTION_CALLED_OFF, by=by, at=at, why=why.strip(), worker_id=self.inspector_id)

    @verb
    def open_up(self, *, by: Any, at: datetime | None = None) -> None:
        """Show an unannounced one to the estate."""
        at = at or clock.now()
        by.must("quality.covert")
        rows = type(self).objects.at_estate(self.estate_id).filter(COVERT, pk=self.pk)
        if not rows.update(opened_at=at):
            raise Refused(_("已经公开了。"), code="opened")
        self.refresh_from_db()
        self.tell(Action.INSPECTION_OPENED, by=by, at=at, score="" if self.score is None else str(self.score))

    def tell(self, action: Action, *, by: Any, at: datetime, **said: Any) -> None:
        """Of a hidden one only its inspector is told (whom the event names), and no manager."""
        told = said.pop("told", True) and not (self.is_hidden and "worker_id" not in said)
        way = kept(_(rubrics_book().methods[self.method].title))
        Event.objects.record(action, self, by=by, at=at, told=told, title=self.title, way=way, day=f"{self.planned_on:%F}", **said)
