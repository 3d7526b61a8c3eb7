"""考试: a paper's rule with its dates and people; every attempt draws its own questions (TRN-05, TRN-08, QLT-16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

from ..audience import groups_of, holders, is_for
from ..book import training_book
from ..drawing import must_suffice

if TYPE_CHECKING:
    from datetime import datetime


class ExamQuerySet(EstateQuerySet["Exam"]):
    def set_up(
        self, paper: str, title: str, opens_at: datetime, closes_at: datetime, *, by: Any, groups: Any = None, at: datetime | None = None, **changed: int
    ) -> Exam:
        """An exam by a rule of training.yaml; `minutes`, `pass_mark`, `attempts` may be set otherwise for this one.

        Refused when the bank has too few questions for it.
        """
        by.must("training.manage")
        at, rule = at or clock.now(), training_book().papers.get(paper)
        if rule is None or not title.strip():
            raise Refused(_("请选择试卷并写明名称。"), code="incomplete")
        if closes_at <= opens_at:
            raise Refused(_("结束时间要在开始之后。"), code="ends_first")
        figures = {name: changed.get(name) or getattr(rule, name) for name in ("minutes", "pass_mark", "attempts")}
        if not (1 <= figures["minutes"] <= 600 and 1 <= figures["pass_mark"] <= 100 and 1 <= figures["attempts"] <= 20):
            raise Refused(_("时长 1–600 分钟，及格线 1–100，次数 1–20。"), code="bad_figures")
        groups = sorted(set(rule.groups if groups is None else groups))
        with estate_scope(by.estate):
            parts = [part.model_dump(mode="json") for part in rule.parts]
            must_suffice(by.estate, parts, groups)
            people = list(holders(by.estate, groups, clock.today(by.estate, opens_at)).values_list("pk", flat=True))
            made = self.create(
                estate=by.estate, paper=paper, title=title.strip()[:80], groups=groups, parts=parts, opens_at=opens_at, closes_at=closes_at,
                by_id=by.person_id, at=at, **figures,
            )  # fmt: skip
            Event.objects.record(Action.EXAM_SET, made, by=by, at=at, worker_ids=people, title=made.title, minutes=made.minutes)
        return made

    def open_to(self, reach: Any, now: datetime) -> list[Exam]:
        """Exams one may sit now."""
        theirs = groups_of(reach.estate, reach.person_id, clock.today(reach.estate, now))
        rows = self.at_estate(reach.estate).filter(opens_at__lte=now, closes_at__gt=now, reported_at__isnull=True).order_by("closes_at")
        return [row for row in rows if is_for(row.groups, theirs)] if theirs else []


class Exam(EstateOwned):
    """The rule is copied here: a changed file never changes an exam. The report closes it (QLT-16)."""

    noun = "exam"
    paper = models.CharField(max_length=20)  # key of training.yaml
    title = models.CharField(max_length=80)
    groups = models.JSONField(default=list)
    parts = models.JSONField()  # [{topic, count, points, kind}]
    minutes = models.PositiveSmallIntegerField()
    pass_mark = models.PositiveSmallIntegerField()  # per cent
    attempts = models.PositiveSmallIntegerField()  # a person
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    by = PersonKey()
    at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True)
    reported_by = PersonKey(null=True)
    words = models.CharField(max_length=1000, blank=True)  # what the report says beside its figures

    objects = ExamQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "-opens_at"], name="training_exam_day")]
        constraints = [
            models.CheckConstraint(condition=models.Q(closes_at__gt=models.F("opens_at")), name="training_exam_closes"),
            models.CheckConstraint(condition=models.Q(pass_mark__gte=1, pass_mark__lte=100), name="training_exam_pass"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def full(self) -> float:
        """Points of the whole paper."""
        return float(sum(part["count"] * float(part["points"]) for part in self.parts))

    @verb
    def report(self, words: str, *, by: Any, at: datetime | None = None) -> None:
        """The exam's report goes to the company; nothing is sat or marked in it afterwards."""
        by.must("training.manage")
        at = at or clock.now()
        open_ones = self.sittings.filter(models.Q(ended_at__isnull=True) | models.Q(score__isnull=True))
        row = type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        if row.reported_at:
            raise Refused(_("考试报告已经提交。"), code="reported")
        if open_ones.exists():
            raise Refused(_("还有人在考试或等待阅卷。"), code="unfinished")
        if not self.sittings.exists():
            raise Refused(_("还没有人参加考试。"), code="nobody")
        row.reported_at, row.reported_by_id, row.words = at, by.person_id, words.strip()[:1000]
        row.save(update_fields=["reported_at", "reported_by", "words"])
        self.refresh_from_db()
        Event.objects.record(Action.EXAM_REPORTED, self, by=by, at=at, title=self.title)
