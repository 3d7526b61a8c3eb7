"""题库与百问百答: one register, read as the company's Q&A handbook and drawn from for exams (TRN-01, CF-23)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

from ..book import training_book
from ..judging import checked_key

if TYPE_CHECKING:
    from datetime import datetime

COLUMNS = ("kind", "topic", "groups", "stem", "choices", "key", "answer", "source", "in_handbook", "in_exams")


class QuestionQuerySet(EstateQuerySet["Question"]):
    def live(self) -> QuestionQuerySet:
        return self.filter(retired_at__isnull=True)

    def handbook(self) -> QuestionQuerySet:
        """What may be read: an answer in words belongs to it."""
        return self.live().filter(in_handbook=True)

    def found(self, words: str) -> QuestionQuerySet:
        """Every word stands in the question, its answer or its source."""
        rows = self
        for word in words.split()[:8]:
            rows = rows.filter(models.Q(stem__icontains=word) | models.Q(answer__icontains=word) | models.Q(source__icontains=word) | models.Q(code__iexact=word))
        return rows

    def keep(self, code: str, said: dict[str, Any], *, by: Any, at: datetime | None = None) -> tuple[Question, str]:
        """Write a question under its code; (it, created|changed|unchanged). Raises Refused for one that cannot be answered.

        Papers drawn before keep the words they were drawn with.
        """
        by.must("training.manage")
        said, at = _checked(said), at or clock.now()
        code = code.strip().upper()
        if not 0 < len(code) <= 20:
            raise Refused(_("请写题目编号（20 字以内）。"), code="code_missing")
        with estate_scope(by.estate):
            row = self.at_estate(by.estate).select_for_update().filter(code=code).first()
            if row and row.retired_at is None and all(getattr(row, name) == said[name] for name in COLUMNS):
                return row, "unchanged"
            how = "changed" if row else "created"
            row = row or self.model(estate=by.estate, code=code)
            for name in COLUMNS:
                setattr(row, name, said[name])
            row.retired_at, row.by_id, row.at = None, by.person_id, at
            row.save()
        return row, how


def _checked(said: dict[str, Any]) -> dict[str, Any]:
    """The columns as they are kept."""
    book = training_book()
    words = {name: str(said.get(name) or "").strip() for name in ("kind", "topic", "stem", "answer", "source")}
    if words["kind"] not in Question.Kind.values:
        raise Refused(_("没有这种题型。"), code="bad_kind")
    if words["topic"] not in book.topics:
        raise Refused(_("没有这个主题。"), code="bad_topic")
    if not 0 < len(words["stem"]) <= 500 or len(words["answer"]) > 1000 or len(words["source"]) > 60:
        raise Refused(_("题目不能空，最长 500 字；答案最长 1000 字，出处最长 60 字。"), code="bad_stem")
    groups = sorted(set(said.get("groups") or []))
    if set(groups) - set(book.groups):
        raise Refused(_("没有这个岗位组。"), code="bad_group")
    choices = [str(each).strip() for each in said.get("choices") or [] if str(each).strip()]
    key = checked_key(words["kind"], choices, said.get("key"))
    return {
        **words, "groups": groups, "choices": choices if words["kind"] in ("single", "multiple") else [], "key": key,
        "in_handbook": bool(said.get("in_handbook", True)) and bool(words["answer"]), "in_exams": bool(said.get("in_exams", True)),
    }  # fmt: skip


class Question(EstateOwned):
    """`key`: places of the right choices from 0; [0] or [1] for false and true; nothing for words, which a person marks."""

    class Kind(models.TextChoices):
        SINGLE = "single", gettext_lazy("单选")
        MULTIPLE = "multiple", gettext_lazy("多选")
        TRUE_FALSE = "true_false", gettext_lazy("判断")
        SHORT = "short", gettext_lazy("简答")

    noun = "question"
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    topic = models.CharField(max_length=20)
    groups = models.JSONField(default=list)  # post groups it concerns; none: everybody
    stem = models.CharField(max_length=500)
    choices = models.JSONField(default=list)
    key = models.JSONField(default=list)
    answer = models.CharField(max_length=1000, blank=True)  # the explanation: what the handbook says
    source = models.CharField(max_length=60, blank=True)  # clause: REQ-04
    in_handbook = models.BooleanField(default=True)
    in_exams = models.BooleanField(default=True)
    by = PersonKey()
    at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "topic"], name="training_question_topic")]
        constraints = [models.UniqueConstraint(fields=["estate", "code"], name="training_question_code")]

    def __str__(self) -> str:
        return self.code

    @verb
    def retire(self, *, by: Any, at: datetime | None = None) -> None:
        """Read and drawn no more; what was asked stays."""
        by.must("training.manage")
        at = at or clock.now()
        if not type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, retired_at__isnull=True).update(retired_at=at):
            raise Refused(_("这道题已经停用。"), code="retired")
        Event.objects.record(Action.QUESTION_RETIRED, self, by=by, at=at, told=False, code=self.code)
