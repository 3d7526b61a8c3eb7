"""Questions at posts, call-backs and written tests: a score of a hundred for each person asked; their mean counts (QLT-20)."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb
from guanjia.training.results import papers_of

from ..rubrics import number
from ..scoring import HUNDRED

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.training.models import Exam


class Sample(EstateOwned):
    inspection = EstateForeignKey("quality.Inspection", models.CASCADE, related_name="samples")
    who = models.CharField(max_length=80)  # a post, a home, a name
    score = models.DecimalField(max_digits=5, decimal_places=2)
    words = models.CharField(max_length=500, blank=True)
    by = PersonKey()
    at = models.DateTimeField()
    client_id = models.UUIDField()
    exam = EstateForeignKey("training.Exam", models.RESTRICT, null=True, related_name="samples")  # a written test's

    objects = EstateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "client_id"], name="sample_client"),
            models.CheckConstraint(condition=Q(score__range=(Decimal(0), Decimal(100))), name="sample_score"),
        ]
        indexes = [models.Index(fields=["estate", "inspection"], name="sample_inspection")]

    def __str__(self) -> str:
        return f"{self.who} {self.score}"


def _paper_id(inspection: int, exam: int, person: int) -> uuid.UUID:
    """One paper counts once in an inspection, however often it is taken over."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"paper {inspection} {exam} {person}")


class Sampling(models.Model):
    class Meta:
        abstract = True

    estate_id: int
    pk: Any
    method: str
    tell: Any
    must_inspect: Any
    _lock: Any
    _begin: Any

    @verb
    def take_exam(self, exam: Exam, *, by: Any, at: datetime | None = None) -> int:
        """The written test is an exam of the training books: everybody's best paper, once it is reported. How many are new (QLT-20)."""
        at = at or clock.now()
        self.must_inspect(by)
        self._lock().must_be_open()
        if self.method != "test":
            raise Refused(_("只有笔试从考试取成绩。"), code="not_a_test")
        if exam.estate_id != self.estate_id or not exam.reported_at:
            raise Refused(_("考试报告还没有提交。"), code="not_reported")
        known = set(Sample.objects.at_estate(self.estate_id).filter(inspection=self).values_list("client_id", flat=True))
        rows = [row for row in papers_of(exam) if _paper_id(self.pk, exam.pk, row.person_id) not in known]
        made = Sample.objects.bulk_create([
            Sample(
                estate_id=self.estate_id, inspection=self, who=row.person.name[:80], score=row.percent, by_id=by.person_id, at=at, exam=exam,
                words=_("%(exam)s：%(got)s 分，满分 %(worth)s") % {"exam": exam.title, "got": f"{row.score:f}", "worth": f"{row.worth:f}"},
                client_id=_paper_id(self.pk, exam.pk, row.person_id),
            )
            for row in rows
        ])  # fmt: skip
        self._begin(at)
        for one in made:
            self.tell(Action.INSPECTION_SAMPLED, by=by, at=at, who=one.who, score=str(one.score), told=False)
        return len(made)

    @verb
    def note(self, who: str, score: Any, words: str = "", *, by: Any, client_id: uuid.UUID | None = None, at: datetime | None = None) -> Sample:
        """Somebody was asked, called or tested. Below full marks it says what was lacking."""
        at, client_id = at or clock.now(), client_id or uuid.uuid4()
        self.must_inspect(by)
        row = self._lock()
        if known := Sample.objects.at_estate(self.estate_id).filter(client_id=client_id, inspection=self).first():
            return known
        row.must_be_open()
        if not self.by_samples:
            raise Refused(_("这次检查按评分细则打分。"), code="by_rubric")
        if self.method == "test":
            raise Refused(_("笔试成绩取自考试，不用手填。"), code="not_typed")
        found = number(score, HUNDRED)
        if not who.strip() or (found < HUNDRED and not words.strip()):
            raise Refused(_("请写明问了谁；没有得满分的写明不足。"), code="incomplete")
        made: Sample = Sample.objects.create(
            estate_id=self.estate_id, inspection=self, who=who.strip()[:80], score=found, words=words.strip()[:500], by_id=by.person_id, at=at,
            client_id=client_id,
        )  # fmt: skip
        self._begin(at)
        self.tell(Action.INSPECTION_SAMPLED, by=by, at=at, who=made.who, score=str(found), told=False)
        return made
