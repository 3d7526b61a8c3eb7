"""One sitting of an exam: drawn once, answered one by one until its deadline, marked, told (TRN-05, TRN-08)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from ..audience import groups_of, is_for
from ..drawing import draw, pool
from ..judging import points, read_answer
from .answer import Answer
from .exam import Exam

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


class AttemptQuerySet(EstateQuerySet["Attempt"]):
    def visible_to(self, reach: Any) -> AttemptQuerySet:
        rows = self.at_estate(reach.estate)
        return rows if reach.may("training.manage") else rows.filter(person=reach.person_id)

    def begin(self, exam: Exam, *, by: Any, at: datetime | None = None) -> Attempt:
        """Draw a paper and start its clock; the one that is open is given back, so a second press changes nothing."""
        at = at or clock.now()
        with refusing_clashes(), estate_scope(exam.estate_id):
            exam = Exam.objects.at_estate(exam.estate_id).select_for_update().get(pk=exam.pk)
            mine = self.at_estate(exam.estate_id).filter(exam=exam, person=by.person_id)
            known = mine.filter(ended_at__isnull=True).first()
            if known and known.due_at > at:
                return known
            if known:
                known.close(at=at)
            count = _may_sit(exam, mine, by, at)
            made = self.create(
                estate=exam.estate, exam=exam, person_id=by.person_id, number=count + 1, began_at=at,
                due_at=min(at + timedelta(minutes=exam.minutes), exam.closes_at),
            )  # fmt: skip
            made.lay_out()
            Event.objects.record(Action.EXAM_BEGUN, made, by=by, at=at, told=False, title=exam.title, number=made.number)
        return made


def _may_sit(exam: Exam, mine: Any, by: Any, at: datetime) -> int:
    """How often somebody sat it before. Refused for who may not sit it (again)."""
    if not exam.opens_at <= at < exam.closes_at or exam.reported_at:
        raise Refused(_("现在不是考试时间。"), code="not_open")
    if not is_for(exam.groups, groups_of(exam.estate, by.person_id, clock.today(exam.estate, at))):
        raise Refused(_("这场考试不是您岗位的。"), code="not_yours")
    if mine.filter(passed=True).exists():
        raise Refused(_("您已经通过这场考试。"), code="passed")
    if mine.filter(ended_at__isnull=False, score__isnull=True).exists():
        raise Refused(_("上一次还在阅卷，请等结果。"), code="marking")
    count = mine.aggregate(most=Max("number"))["most"] or 0
    if count >= exam.attempts:
        raise Refused(_("考试次数已用完。"), code="no_more")
    return int(count)


class Attempt(EstateOwned):
    """`due_at` is the server's. Score and pass are set once everything is marked; then the person is told."""

    noun = "attempt"
    exam = EstateForeignKey(Exam, models.RESTRICT, related_name="sittings")
    person = PersonKey()
    number = models.PositiveSmallIntegerField()
    began_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    score = models.DecimalField(max_digits=7, decimal_places=2, null=True)  # points
    passed = models.BooleanField(null=True)
    marked_at = models.DateTimeField(null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "person"], name="training_attempt_person"), models.Index(fields=["due_at"], condition=models.Q(ended_at__isnull=True), name="training_attempt_due")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "exam", "person", "number"], name="training_attempt_once"),
            models.UniqueConstraint(fields=["estate", "exam", "person"], condition=models.Q(ended_at__isnull=True), name="training_attempt_open"),
        ]

    def __str__(self) -> str:
        return f"{self.exam_id} {self.person_id} {self.number}"

    @property
    def seed(self) -> str:
        return f"{self.estate_id}-{self.exam_id}-{self.person_id}-{self.number}"

    def lay_out(self) -> None:
        """The paper: questions with words, key and order as they are now."""
        drawn = draw(pool(self.estate, self.exam.groups), self.exam.parts, self.seed)
        Answer.objects.bulk_create([
            Answer(
                estate_id=self.estate_id, attempt=self, place=place, question=row, kind=row.kind, stem=row.stem, explained=row.answer, worth=worth,
                choices=[row.choices[old] for old in order], key=sorted(order.index(old) for old in row.key) if order else row.key,
            )
            for place, (row, worth, order) in enumerate(drawn, 1)
        ])  # fmt: skip

    def _lock(self, by: Any) -> None:
        if by.person_id != self.person_id:
            raise Refused(_("这不是您的试卷。"), code="not_yours")
        row = type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        self.ended_at, self.due_at = row.ended_at, row.due_at

    @verb
    def answer(self, said: Mapping[int, Sequence[str]], *, by: Any, at: datetime | None = None) -> int:
        """Keep answers by place, as many as come; how many were kept. Refused once the time is over or the paper given."""
        at = at or clock.now()
        self._lock(by)
        if self.ended_at:
            raise Refused(_("试卷已经交了。"), code="ended")
        if at >= self.due_at:
            raise Refused(_("时间到了，之后的答案不算。"), code="too_late")
        return self._keep(said, at)

    def _keep(self, said: Mapping[int, Sequence[str]], at: datetime) -> int:
        rows = {row.place: row for row in self.answers.filter(place__in=list(said))}
        changed = []
        for place, raw in said.items():
            row = rows.get(place)
            if row is not None:
                row.given, row.saved_at = read_answer(row.kind, len(row.choices), raw), at
                changed.append(row)
        Answer.objects.update_each(changed, ["given", "saved_at"])
        return len(changed)

    @verb
    def give_in(self, said: Mapping[int, Sequence[str]] | None = None, *, by: Any, at: datetime | None = None) -> None:
        """Hand the paper in with the last answers; a second time changes nothing. After the deadline only what was saved counts."""
        at = at or clock.now()
        self._lock(by)
        if self.ended_at:
            return
        if said and at < self.due_at:
            self._keep(said, at)
        self.close(at=at, by=by)

    @verb
    def close(self, *, at: datetime, by: Any = None) -> None:
        """End it (the house does so when its time is over), mark what needs no person, and tell the result when that is all."""
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, ended_at__isnull=True)
        if not rows.update(ended_at=min(at, self.due_at)):
            return
        self.ended_at = min(at, self.due_at)
        answers = list(self.answers.all())
        for row in answers:
            row.got = points(row.kind, row.key, row.given, row.worth)
        Answer.objects.update_each(answers, ["got"])
        Event.objects.record(Action.EXAM_ENDED, self, by=by, at=self.ended_at, told=False, title=self.exam.title)
        self._sum_up(at)

    @verb
    def mark(self, place: int, got: Decimal, remark: str = "", *, by: Any, at: datetime | None = None) -> None:
        """A short answer, by a person who is not its writer; may be corrected until the result is told."""
        at = at or clock.now()
        by.must("training.manage")
        if by.person_id == self.person_id:
            raise Refused(_("不能给自己阅卷。"), code="own_paper")
        row = type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        answer = self.answers.filter(place=place, kind="short").first()
        if row.ended_at is None or row.score is not None or answer is None:
            raise Refused(_("这道题现在不能阅卷。"), code="not_now")
        if not Decimal(0) <= got <= answer.worth:
            raise Refused(_("得分在 0 和满分之间。"), code="bad_points")
        answer.got, answer.marked_by_id, answer.remark = got, by.person_id, remark.strip()[:300]
        answer.save(update_fields=["got", "marked_by", "remark"])
        self._sum_up(at)

    def _sum_up(self, at: datetime) -> None:
        """Score and pass, once nothing is left to mark; told to the person."""
        answers = self.answers.all()
        if answers.filter(got__isnull=True).exists():
            return
        told = answers.aggregate(got=Sum("got"), worth=Sum("worth"))
        self.score, self.marked_at = told["got"], at
        self.passed = told["got"] * 100 >= told["worth"] * self.exam.pass_mark
        self.save(update_fields=["score", "passed", "marked_at"])
        action = Action.EXAM_PASSED if self.passed else Action.EXAM_FAILED
        Event.objects.record(action, self.exam, at=at, worker_id=self.person_id, title=self.exam.title, score=f"{self.score.normalize():f}", person=self.person.name)
