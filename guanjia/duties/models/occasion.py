"""Weather and other occasions that somebody declares: a storm, the rainy season, a festival (issue 3 point 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate


class OccasionQuerySet(EstateQuerySet["Occasion"]):
    def under_way(self) -> OccasionQuerySet:
        return self.filter(ended_at__isnull=True)

    def declare(self, estate: Estate, kind: str, words: str, *, by: Any, at: datetime | None = None) -> Occasion:
        """Say that it has begun. One of a kind at a time; what is to be done then follows by the duties' triggers."""
        at = at or clock.now()
        if by is not None:
            by.must("occasion.declare")
        if kind not in Occasion.Kind.values:
            raise Refused(_("没有这种天气或节点。"), code="no_such_kind")
        with estate_scope(estate):
            if self.at_estate(estate).under_way().filter(kind=kind).exists():
                raise Refused(_("已经登记，还没有结束。"), code="already_declared")
            made = self.create(
                estate=estate, kind=kind, words=words.strip()[:300], began_at=at, declared_by_id=by.person_id if by else None
            )  # fmt: skip
            Event.objects.record(
                Action.OCCASION_DECLARED, made, by=by, at=at, kind=kind, title=made.source_title, words=made.words
            )
        return made


class Occasion(EstateOwned):
    """天气与节点: from when to when it held, who said so."""

    class Kind(models.TextChoices):
        STORM = "storm", _("暴雨大风")
        RAINY_SEASON = "rainy_season", _("雨季")
        HEAT = "heat", _("高温")
        COLD = "cold", _("寒潮")
        SNOW = "snow", _("冰雪")
        NODE = "node", _("节日与重要节点")
        INVITATION = "invitation", _("业主来访邀约")

    noun = "occasion"
    kind = models.CharField(max_length=16, choices=Kind.choices)
    words = models.CharField(max_length=300, blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    declared_by = PersonKey(null=True)
    ended_by = PersonKey(null=True)

    objects = OccasionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "-began_at"], name="occasion_recent")]
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "kind"], condition=models.Q(ended_at__isnull=True), name="occasion_one_under_way"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("began_at")),
                name="occasion_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.began_at:%F}"

    @property
    def source_title(self) -> str:
        """Its name in the house's language, as events keep it."""
        return SOURCE_TITLES[self.kind]

    @verb
    def end(self, *, by: Any, words: str = "", at: datetime | None = None) -> None:
        """It is over: what is checked afterwards becomes tasks."""
        at = at or clock.now()
        if by is not None:
            by.must("occasion.declare")
        mine = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, ended_at__isnull=True)
        if not mine.update(ended_at=at, ended_by_id=by.person_id if by else None):
            raise Refused(_("已经结束了。"), code="already_ended")
        self.ended_at, self.ended_by_id = at, by.person_id if by else None
        Event.objects.record(
            Action.OCCASION_ENDED, self, by=by, at=at, kind=self.kind, title=self.source_title, words=words.strip()
        )


SOURCE_TITLES = {
    "storm": "暴雨大风", "rainy_season": "雨季", "heat": "高温", "cold": "寒潮", "snow": "冰雪", "node": "节日与重要节点",
    "invitation": "业主来访邀约",
}  # fmt: skip
