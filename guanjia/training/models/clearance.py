"""上岗审核: somebody was trained and reviewed for a post group before they begin (TRN-15)."""

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
from guanjia.tenancy.verbs import refusing_clashes

from ..book import training_book

if TYPE_CHECKING:
    from datetime import datetime


class ClearanceQuerySet(EstateQuerySet["Clearance"]):
    def review(self, person: Any, group: str, words: str, *, by: Any, at: datetime | None = None) -> Clearance:
        """Ready to begin: after an internal training was attended or an exam of the group passed. Nobody reviews themselves."""
        by.must("training.manage")
        at = at or clock.now()
        known = training_book().groups.get(group)
        if known is None or not known.cleared or not words.strip():
            raise Refused(_("请写明审核意见。"), code="incomplete")
        if person.pk == by.person_id:
            raise Refused(_("不能审核自己。"), code="own_matter")
        with refusing_clashes(), estate_scope(by.estate):
            if not was_trained(by.estate, person, group):
                raise Refused(_("还没有参加内部培训，也没有通过岗位考试。"), code="not_trained")
            made = self.create(estate=by.estate, person=person, group=group, words=words.strip()[:300], by_id=by.person_id, at=at)
            Event.objects.record(Action.CLEARANCE_GIVEN, made, by=by, at=at, told=False, person=person.name, group=known.title)
        return made


def was_trained(estate: Any, person: Any, group: str) -> bool:
    """Came to a held training of the group's courses, or passed one of its exams."""
    from .attempt import Attempt
    from .attendee import Attendee

    needs = training_book().groups[group]
    came = Attendee.objects.at_estate(estate).filter(person=person, signed_at__isnull=False, session__held_at__isnull=False, session__course__in=needs.courses)
    return came.exists() or Attempt.objects.at_estate(estate).filter(person=person, passed=True, exam__paper__in=needs.papers).exists()


class Clearance(EstateOwned):
    noun = "clearance"
    person = PersonKey()
    group = models.CharField(max_length=20)
    words = models.CharField(max_length=300)
    by = PersonKey()
    at = models.DateTimeField()

    objects = ClearanceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "person", "group"], name="clearance_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.group}"
