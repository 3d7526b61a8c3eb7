"""服务开放日: residents look behind the scenes, twice a year (QLT-55)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _t

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.households.models import Household
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

from ..book import surveys_book

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class OpenDayQuerySet(EstateQuerySet["OpenDay"]):
    def coming(self, at: datetime) -> OpenDayQuerySet:
        return self.filter(held_at__isnull=True, ends_at__gt=at)

    def plan(
        self, estate: Any, title: str, scenes: list[str], begins_at: datetime, ends_at: datetime, *, by: Any, places: int, words: str = "", at: datetime | None = None
    ) -> OpenDay:
        """Fix a day, what is shown and how many can come; every household is told."""
        by.must("open_day.manage")
        at = at or clock.now()
        if not title.strip() or not scenes or set(scenes) - set(surveys_book().scenes) or places < 1:
            raise Refused(_t("请写标题，选看什么，并写名额。"), code="incomplete")
        if not at < begins_at < ends_at:
            raise Refused(_t("时间要在以后，结束晚于开始。"), code="bad_time")
        with estate_scope(estate):
            made = self.create(
                estate=estate, title=title.strip()[:60], scenes=scenes, words=words.strip()[:500], begins_at=begins_at, ends_at=ends_at, places=places,
                made_by_id=by.person_id, made_at=at,
            )  # fmt: skip
            day = clock.today(estate, begins_at).isoformat()
            Event.objects.record(Action.OPEN_DAY_PLANNED, made, by=by, at=at, title=made.title, day=day, public=True)
        return made


class OpenDay(EstateOwned):
    noun = "open_day"
    title = models.CharField(max_length=60)
    scenes = models.JSONField()  # keys of surveys.yaml
    words = models.CharField(max_length=500, blank=True)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    places = models.PositiveIntegerField()  # households
    made_by = PersonKey()
    made_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    held_by = PersonKey(null=True)
    summary = models.CharField(max_length=1000, blank=True)

    objects = OpenDayQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "-begins_at"], name="open_day_recent")]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="open_day_times")]

    def __str__(self) -> str:
        return self.title

    @property
    def scene_titles(self) -> list[str]:
        known = surveys_book().scenes
        return [_t(known[key].title) if key in known else key for key in self.scenes]

    @verb
    def enter(self, household: Household, *, by: Any, at: datetime | None = None) -> Visitor:
        """A household signs up, or comes without having done so (staff). Full is full; twice is once."""
        at = at or clock.now()
        self._must_be_theirs(household, by)
        row = OpenDay.objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        if row.held_at or (not by.is_staff and at >= row.ends_at):
            raise Refused(_t("这次开放日已经结束。"), code="over")
        rows = Visitor.objects.at_estate(self.estate_id).filter(open_day=self)
        if known := rows.filter(household=household).first():
            return known
        if not by.is_staff and rows.count() >= row.places:
            raise Refused(_t("名额已满。"), code="full")
        made = Visitor.objects.create(estate_id=self.estate_id, open_day=self, household=household, entered_at=at)
        Event.objects.record(Action.OPEN_DAY_ENTERED, self, by=by, at=at, told=False, who=household.name)
        return made

    @verb
    def leave(self, household: Household, *, by: Any, at: datetime | None = None) -> None:
        """Take one's name off again."""
        if household.pk not in by.households:
            raise NotAllowed("open_day.enter")
        gone, _each = Visitor.objects.at_estate(self.estate_id).filter(open_day=self, household=household, came=False, open_day__held_at__isnull=True).delete()
        if not gone:
            raise Refused(_t("没有报名，或活动已经结束。"), code="not_entered")
        Event.objects.record(Action.OPEN_DAY_LEFT, self, by=by, at=at or clock.now(), told=False, who=household.name)

    @verb
    def hold(self, came: list[int], summary: str, *, by: Any, photos: Iterable[Any] = (), at: datetime | None = None) -> int:
        """It took place: who came (households) and what was seen; the duty that asks for it is done with it. Returns how many came."""
        from ..fulfilling import OPEN_DAY, fulfil

        by.must("open_day.manage")
        at = at or clock.now()
        if at < self.begins_at:
            raise Refused(_t("还没有开始。"), code="too_early")
        if not summary.strip():
            raise Refused(_t("请写小结。"), code="summary_missing")
        rows = OpenDay.objects.at_estate(self.estate_id).filter(pk=self.pk, held_at__isnull=True)
        if not rows.update(held_at=at, held_by=by.person_id, summary=summary.strip()[:1000]):
            raise Refused(_t("已经登记过小结。"), code="held")
        count = Visitor.objects.at_estate(self.estate_id).filter(open_day=self, household_id__in=came).update(came=True)
        fulfil(self.estate, OPEN_DAY, f"{self.title}：{summary.strip()}", count, photos, by=by, at=at)
        Event.objects.record(Action.OPEN_DAY_HELD, self, by=by, at=at, title=self.title, count=count)
        return count

    @verb
    def feed_back(self, household: Household, mood: int, words: str, *, by: Any, at: datetime | None = None) -> None:
        """How it was, by whoever entered; their words go to the opinion library. Once."""
        from .opinion import Opinion

        at = at or clock.now()
        self._must_be_theirs(household, by)
        if not 1 <= mood <= 5:
            raise Refused(_t("请打 1 到 5 分。"), code="mood")
        if at < self.begins_at:
            raise Refused(_t("还没有开始。"), code="too_early")
        rows = Visitor.objects.at_estate(self.estate_id).filter(open_day=self, household=household, mood__isnull=True)
        if not rows.update(mood=mood, words=words.strip()[:500], came=True):
            raise Refused(_t("没有报名，或已经写过。"), code="fed_back")
        if words.strip():
            Opinion.objects.hear(Opinion.Source.OPEN_DAY, f"open_day {self.pk} {household.pk}", words.strip()[:500], household, by=by, at=at)
        Event.objects.record(Action.OPEN_DAY_FED_BACK, self, by=by, at=at, told=False, who=household.name, mood=mood)

    def _must_be_theirs(self, household: Household, by: Any) -> None:
        """A household speaks for itself; staff only take down what it said."""
        if by.is_staff:
            by.must("open_day.manage")
        elif household.pk not in by.households:
            raise NotAllowed("open_day.enter")


class Visitor(EstateOwned):
    noun = "visitor"
    open_day = EstateForeignKey(OpenDay, models.CASCADE, related_name="visitors")
    household = EstateForeignKey(Household, models.CASCADE, related_name="open_days")
    entered_at = models.DateTimeField()
    came = models.BooleanField(default=False)
    mood = models.PositiveSmallIntegerField(null=True)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "open_day", "household"], name="visitor_once"),
            models.CheckConstraint(condition=Q(mood__isnull=True) | Q(mood__range=(1, 5)), name="visitor_mood"),
        ]

    def __str__(self) -> str:
        return f"{self.household_id}"
