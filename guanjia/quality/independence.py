"""Nobody inspects their own work: who holds a working post where is inspected does not inspect it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from guanjia.people.models import Post
from guanjia.people.reach import reach_of
from guanjia.people.roles import title_of
from guanjia.tenancy.errors import Refused

from .rubric_book import rubrics_book

if TYPE_CHECKING:
    from datetime import date, datetime


def own_post(person: Any, estate: Any, zone: Any, day: date) -> Post | None:
    """A post of theirs that the inspection would judge: of the whole estate, or of the inspected zone."""
    rows = Post.objects.at_estate(estate).held_on(day).filter(person=person).exclude(role__in=rubrics_book().independent)
    if zone is not None:
        rows = rows.filter(Q(zone__isnull=True) | Q(zone=zone))
    return rows.order_by("pk").first()


def must_be_independent(people: list[Any], estate: Any, zone: Any, day: date, at: datetime) -> None:
    """Refused for somebody who may not inspect, or who would inspect their own post or zone."""
    for person in people:
        reach = reach_of(person, estate, at)
        if reach is None or not reach.may("quality.inspect"):
            raise Refused(_("%(name)s没有检查的权限。") % {"name": person.name}, code="not_inspector")
        if post := own_post(person, estate, zone, day):
            sentence = _("%(name)s是这里的%(post)s，不能检查自己的岗位或片区。")
            raise Refused(sentence % {"name": person.name, "post": title_of(post.role)}, code="own_post")
