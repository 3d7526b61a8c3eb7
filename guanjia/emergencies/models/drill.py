"""演练评估: every point looked at; what is bad becomes a rectification; then the drill is archived (EMG-08, EMG-15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes

from ..book import emergency_book

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime


class EvaluationQuerySet(EstateQuerySet["Evaluation"]):
    def evaluate(
        self, drill: Any, points: Mapping[str, str], present: int, words: str, *, by: Any, photos: Iterable[Any] = (), at: datetime | None = None
    ) -> Evaluation:  # fmt: skip
        """After the stand-down: ok, bad or na for each point. A bad one needs words and a rectification that was asked for first.

        With it the duty's task that asked for the drill is done; `photos` are its record's.
        """
        from ..drilling import fulfil
        from ..paper import drill_pdf

        at = at or clock.now()
        by.must("emergency.review")
        wanted = emergency_book().points
        if not drill.drill:
            raise Refused(_("这不是演练。"), code="no_drill")
        if any(points.get(key) not in ("ok", "bad", "na") for key in wanted):
            raise Refused(_("请逐项评估。"), code="points_missing")
        bad = [key for key in wanted if points[key] == "bad"]
        if not 1 <= present <= 5000 or len(words.strip()) < (4 if bad else 2):
            raise Refused(_("请写参加人数和评估意见。"), code="incomplete")
        with refusing_clashes(), estate_scope(drill.estate_id):
            drill._hold("down")
            if bad and not drill.measured.exists():
                raise Refused(_("不合格的项目请先下整改，再交评估。"), code="measure_first")
            row = self.create(
                estate_id=drill.estate_id, drill=drill, points={key: points[key] for key in wanted}, present=present, words=words.strip()[:1000], by_id=by.person_id, at=at
            )
            drill._set(stage="archived", archived_at=at)
            fulfil(drill, row, photos, by=by, at=at)
            drill.tell(Action.EMERGENCY_DRILL_EVALUATED, by=by, at=at, bad=len(bad))
            row.paper.save(f"{drill.estate_id}-{drill.number}.pdf", ContentFile(drill_pdf(drill, row)), save=False)
            row.save(update_fields=["paper"])
        return row


class Evaluation(EstateOwned):
    noun = "drill_evaluation"
    drill = EstateForeignKey("emergencies.Emergency", models.RESTRICT, related_name="evaluations")
    points = models.JSONField()  # point → ok, bad, na
    present = models.PositiveSmallIntegerField()  # people who took part
    words = models.CharField(max_length=1000)
    by = PersonKey()
    at = models.DateTimeField()
    paper = models.FileField(upload_to="emergencies/", blank=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "drill"], name="drill_evaluated_once"),
            models.CheckConstraint(condition=Q(present__gte=1), name="drill_present"),
        ]

    def __str__(self) -> str:
        return str(self.drill)

    @property
    def bad(self) -> list[str]:
        book = emergency_book().points
        return [_(book[key].title) for key, said in self.points.items() if said == "bad" and key in book]
