"""A question for the evening's Q&A: asked beforehand on the phone, answered for everybody to read (COM-07)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

from .activity import Activity

if TYPE_CHECKING:
    from datetime import datetime

MOST = 3  # open questions of a household at one Q&A


class QuestionQuerySet(EstateQuerySet["Question"]):
    def ask(self, activity: Activity, words: str, *, by: Any, household: Any = None, at: datetime | None = None) -> Question:
        """By a household, or taken down by staff from the group. Others read the words, never whose they are."""
        at = at or clock.now()
        if by.is_staff:
            by.must("activity.manage")
        elif household is None or household.pk not in by.households:
            raise NotAllowed("activity.join")
        if not words.strip():
            raise Refused(_("请写问题。"), code="words_missing")
        with estate_scope(activity.estate_id):
            activity._hold("open")
            if not activity.entry.asks:
                raise Refused(_("这次活动不收集问题。"), code="no_questions")
            rows = self.at_estate(activity.estate_id).filter(activity=activity)
            if known := rows.filter(household=household, words=words.strip()[:300]).first():
                return known
            if not by.is_staff and rows.filter(household=household, answered_at__isnull=True).count() >= MOST:
                raise Refused(_("每户最多 %(n)s 个待答复的问题。") % {"n": MOST}, code="too_many")
            made = self.create(estate_id=activity.estate_id, activity=activity, household=household, words=words.strip()[:300], by_id=by.person_id, at=at)
            activity.tell(Action.ACTIVITY_ASKED_ABOUT, by=None, at=at, words=made.words, worker_id=activity.writer_id)
        return made


class Question(EstateOwned):
    noun = "activity_question"
    activity = EstateForeignKey(Activity, models.CASCADE, related_name="questions")
    household = EstateForeignKey("households.Household", models.CASCADE, null=True, related_name="+")
    words = models.CharField(max_length=300)
    by = PersonKey()
    at = models.DateTimeField()
    answer = models.CharField(max_length=1000, blank=True)
    answered_by = PersonKey(null=True)
    answered_at = models.DateTimeField(null=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "activity", "at"], name="question_of")]
        constraints = [models.CheckConstraint(condition=Q(answered_at__isnull=True) | ~Q(answer=""), name="question_answered")]

    def __str__(self) -> str:
        return self.words[:40]

    @verb
    def reply(self, answer: str, *, by: Any, at: datetime | None = None) -> None:
        by.must("activity.manage")
        at = at or clock.now()
        if not answer.strip():
            raise Refused(_("请写答复。"), code="words_missing")
        rows = Question.objects.at_estate(self.estate_id).filter(pk=self.pk, answered_at__isnull=True)
        if not rows.update(answer=answer.strip()[:1000], answered_by_id=by.person_id, answered_at=at):
            raise Refused(_("已经答复过。"), code="answered")
        self.refresh_from_db()
        self.activity.tell(Action.ACTIVITY_ANSWERED, by=by, at=at, household_id=self.household_id, public=True, words=self.words[:60], answer=self.answer[:200])
