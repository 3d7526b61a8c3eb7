"""The people around a reader: whom they assess, and how each has done this month."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count

from guanjia import clock
from guanjia.people.models import Person, Post
from guanjia.people.roles import title_of
from guanjia.tickets.models import WorkOrder

from .models import Appraisal, Award, ZoneNote
from .models.fact import level_of
from .models.team import is_mate

if TYPE_CHECKING:
    from datetime import date

    from guanjia.people.reach import Reach


@dataclass
class Mate:
    """Somebody of the zone's people this month."""

    person: Person
    titles: list[str] = field(default_factory=list)
    marks: list[Appraisal] = field(default_factory=list)
    mine: Appraisal | None = None
    praise: int = 0
    awards: list[Award] = field(default_factory=list)
    done: int = 0

    @property
    def score(self) -> int | None:
        """The mean of the stewards' marks."""
        return round(sum(row.score for row in self.marks) / len(self.marks)) if self.marks else None


def team(reach: Reach, month: date) -> list[Mate]:
    """Repairers, cleaners and order staff of the reader's zones (estate-wide ones are everybody's); six statements."""
    posts = (
        Post.objects.at_estate(reach.estate).held_on(clock.today(reach.estate)).select_related("person").order_by("pk")
    )
    mates: dict[int, Mate] = {}
    for post in posts:
        if post.person_id != reach.person_id and is_mate(post, reach):
            mates.setdefault(post.person_id, Mate(post.person)).titles.append(title_of(post.role))
    _fill(mates, reach, month)
    return sorted(mates.values(), key=lambda mate: (mate.titles, mate.person.name))


def _fill(mates: dict[int, Mate], reach: Reach, month: date) -> None:
    for row in Appraisal.objects.at_estate(reach.estate).filter(month=month, person_id__in=mates).select_related("by"):
        mates[row.person_id].marks.append(row)
        if row.by_id == reach.person_id:
            mates[row.person_id].mine = row
    notes = ZoneNote.objects.at_estate(reach.estate).filter(
        kind=ZoneNote.Kind.PRAISE, on__gte=month, person_id__in=mates
    )
    for person, count in notes.values_list("person_id").annotate(n=Count("pk")).order_by():
        mates[person].praise = count
    for award in Award.objects.at_estate(reach.estate).filter(
        asked_at__date__gte=month, granted=True, person_id__in=mates
    ):
        mates[award.person_id].awards.append(award)
    orders = WorkOrder.objects.at_estate(reach.estate).filter(
        stage="finished", ended_at__date__gte=month, worker_id__in=mates
    )
    for person, count in orders.values_list("worker_id").annotate(n=Count("pk")).order_by():
        mates[person].done = count


def heads(reach: Reach) -> list[tuple[Person, str]]:
    """Department heads and managers: about whom facts may be recorded, and what they are."""
    today = clock.today(reach.estate)
    posts: dict[int, Post] = {}
    for post in Post.objects.at_estate(reach.estate).held_on(today).select_related("person").order_by("role", "pk"):
        if post.person_id != reach.person_id and level_of([post.role]):
            posts.setdefault(post.person_id, post)
    return [(post.person, title_of(post.role)) for post in posts.values()]
