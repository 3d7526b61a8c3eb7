"""The end of an inspection: its score is worked out and fixed; each correction adds a result, the earlier ones stay."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.sentences import listed
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

from ..rubrics import turned
from ..scoring import mean, sheet, weighted
from .item import ItemScore
from .sampling import Sample

if TYPE_CHECKING:
    from datetime import datetime


class Result(EstateOwned):
    """What came out: once at the end, and again with every correction. Never changed."""

    inspection = EstateForeignKey("quality.Inspection", models.CASCADE, related_name="results")
    number = models.PositiveSmallIntegerField()
    score = models.DecimalField(max_digits=5, decimal_places=2)
    sheets = models.JSONField(default=list)  # [{key, title, version, got, full, percent, share}], or how many samples
    by = PersonKey()
    at = models.DateTimeField()
    why = models.CharField(max_length=300, blank=True)

    objects = EstateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "inspection", "number"], name="result_number"),
            models.CheckConstraint(condition=Q(score__range=(Decimal(0), Decimal(100))), name="result_score"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.score}"


class Finishing(models.Model):
    class Meta:
        abstract = True

    estate_id: int
    pk: Any
    rubrics: Any
    tell: Any
    must_inspect: Any
    _lock: Any

    def open_items(self) -> list[str]:
        """Names of the items that nobody has scored yet."""
        done = set(ItemScore.objects.at_estate(self.estate_id).current().filter(inspection=self).values_list("rubric", "item"))
        return [turned(item["title"]) for rubric in self.rubrics for item in rubric["items"] if (rubric["key"], item["key"]) not in done]

    @verb
    def finish(self, conclusion: str = "", *, by: Any, at: datetime | None = None) -> Result:
        """All is scored: the score is fixed. A second one is refused."""
        at = at or clock.now()
        self.must_inspect(by)
        self._lock().must_be_open()
        if left := self.open_items():
            said = listed(left[:3])
            raise Refused(_("还有 %(n)s 项没有打分：%(items)s。") % {"n": len(left), "items": said}, code="unscored")
        score, sheets = self.worked_out()
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk)
        rows.update(finished_at=at, finished_by_id=by.person_id, score=score, conclusion=conclusion.strip()[:1000])
        made: Result = Result.objects.create(
            estate_id=self.estate_id, inspection=self, number=1, score=score, sheets=sheets, by_id=by.person_id, at=at
        )
        self.refresh_from_db()
        self.tell(Action.INSPECTION_FINISHED, by=by, at=at, score=str(score))
        return made

    def result(self, why: str, *, by: Any, at: datetime, item: str) -> Result:
        """A further result after a correction; runs in its verb's transaction, under its lock."""
        score, sheets = self.worked_out()
        last = Result.objects.at_estate(self.estate_id).filter(inspection=self).order_by("-number").first()
        assert last is not None
        made: Result = Result.objects.create(
            estate_id=self.estate_id, inspection=self, number=last.number + 1, score=score, sheets=sheets, by_id=by.person_id, at=at, why=why
        )
        type(self).objects.at_estate(self.estate_id).filter(pk=self.pk).update(score=score)
        self.refresh_from_db()
        self.tell(Action.INSPECTION_CORRECTED, by=by, at=at, item=item, why=why, old=str(last.score), score=str(score))
        return made

    def worked_out(self) -> tuple[Decimal, list[dict[str, Any]]]:
        """The score of a hundred as things stand, and how it came about."""
        if self.by_samples:
            scores = list(Sample.objects.at_estate(self.estate_id).filter(inspection=self).values_list("score", flat=True))
            return mean(scores), [{"samples": len(scores)}]
        rows = ItemScore.objects.at_estate(self.estate_id).current().filter(inspection=self)
        by_rubric: dict[str, list[Any]] = {rubric["key"]: [] for rubric in self.rubrics}
        for row in rows:
            by_rubric[row.rubric].append(row.got)
        sheets, parts = [], []
        for rubric in self.rubrics:
            found = sheet(by_rubric[rubric["key"]])
            parts.append((Decimal(rubric["share"]), found.percent))
            sheets.append(
                {"key": rubric["key"], "title": rubric["title"], "version": rubric["version"], "got": str(found.got), "full": str(found.full),
                 "percent": str(found.percent), "share": rubric["share"]}
            )  # fmt: skip
        return weighted(parts, _("评分细则权重")), sheets
