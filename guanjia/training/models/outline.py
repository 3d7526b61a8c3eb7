"""年度培训大纲: what a post group learns in which month of a year (TRN-06)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

from ..book import title, training_book

if TYPE_CHECKING:
    from datetime import datetime


class OutlineQuerySet(EstateQuerySet["Outline"]):
    def of(self, year: int, group: str, *, by: Any, at: datetime | None = None) -> Outline:
        """The outline of a group for a year; begun when there is none."""
        by.must("training.manage")
        if group not in training_book().groups or not 2000 <= year < 2100:
            raise Refused(_("请选择年度和岗位组。"), code="incomplete")
        with estate_scope(by.estate):
            made, _new = self.get_or_create(
                estate=by.estate, year=year, group=group, defaults={"by_id": by.person_id, "at": at or clock.now()}
            )
        return made


class Outline(EstateOwned):
    """Written by the department's head, in force once issued; items may still be added for what turns up in the year."""

    noun = "outline"
    year = models.PositiveSmallIntegerField()
    group = models.CharField(max_length=20)
    goal = models.CharField(max_length=500, blank=True)
    by = PersonKey()
    at = models.DateTimeField()
    issued_by = PersonKey(null=True)
    issued_at = models.DateTimeField(null=True)

    objects = OutlineQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "year", "group"], name="outline_once")]

    def __str__(self) -> str:
        return f"{self.year} {title('groups', self.group)}"

    @verb
    def add(self, month: int, name: str, course: str, hours: Any, *, by: Any) -> OutlineItem:
        """A topic for a month, in hours. The same topic of the same month stands there once."""
        by.must("training.manage")
        if not name.strip() or not 1 <= month <= 12 or course not in training_book().courses or not 0 < hours <= 100:
            raise Refused(_("请写明月份、内容、类别和课时。"), code="incomplete")
        item, _new = OutlineItem.objects.update_or_create(
            estate=self.estate, outline=self, month=month, title=name.strip()[:80], defaults={"course": course, "hours": hours}
        )
        return item

    @verb
    def issue(self, goal: str, *, by: Any, at: datetime | None = None) -> None:
        """In force; the open task of the duty that asks for it is done with it."""
        from ..fulfilling import fulfil_outline

        at = at or clock.now()
        by.must("training.manage")
        if not self.items.exists():
            raise Refused(_("大纲里还没有培训内容。"), code="empty")
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, issued_at__isnull=True)
        if not rows.update(issued_at=at, issued_by=by.person_id, goal=goal.strip()[:500]):
            raise Refused(_("大纲已经发布。"), code="already_issued")
        self.refresh_from_db()
        Event.objects.record(
            Action.OUTLINE_ISSUED, self, by=by, at=at, told=False, year=str(self.year), group=training_book().groups[self.group].title
        )
        fulfil_outline(self, by=by, at=at)


class OutlineItem(EstateOwned):
    outline = EstateForeignKey(Outline, models.CASCADE, related_name="items")
    month = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    course = models.CharField(max_length=20)
    hours = models.DecimalField(max_digits=5, decimal_places=1)

    class Meta:
        ordering = ["month", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["estate", "outline", "month", "title"], name="outlineitem_once"),
            models.CheckConstraint(condition=models.Q(month__gte=1, month__lte=12), name="outlineitem_month"),
        ]

    def __str__(self) -> str:
        return self.title
