"""A steward's say over the zone's people: monthly marks, praise and meetings, instant reward or penalty (STF-03, STF-07, STF-19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.models import Person, Post
from guanjia.people.roles import works_as
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope

from .fact import FIELD

if TYPE_CHECKING:
    from datetime import datetime


TEAM = ("team.assess", "award.decide", "fact.judge", "fact.judge_manager")  # any of them opens the team's page


def is_mate(post: Post, reach: Any) -> bool:
    """Field work in a zone of the reader's, or estate-wide, which is everybody's."""
    near = reach.sees == "estate" or post.zone_id is None or post.zone_id in reach.zones
    return near and works_as(post.role) in FIELD


def must_be_field(person: Person, by: Any, at: datetime) -> None:
    """Repairers, cleaners and order staff in post today near the reader; department heads go by fact record instead."""
    by.must("team.assess")
    posts = Post.objects.at_estate(by.estate).held_on(clock.today(by.estate, at)).filter(person=person)
    if person.pk == by.person_id or not any(is_mate(post, by) for post in posts):
        raise Refused(_("只考核片区的维修、保洁和秩序人员。"), code="not_of_the_zone")


class AppraisalQuerySet(EstateQuerySet["Appraisal"]):
    def visible_to(self, reach: Any) -> AppraisalQuerySet:
        """All for who decides on awards or assesses the whole estate; a zone's assessor sees its people's, others their own."""
        rows = self.at_estate(reach.estate)
        if reach.may("award.decide") or (reach.may("team.assess") and reach.sees == "estate"):
            return rows
        seen = {reach.person_id}
        if reach.may("team.assess"):
            posts = Post.objects.at_estate(reach.estate).held_on(clock.today(reach.estate))
            seen |= {post.person_id for post in posts if is_mate(post, reach)}
        return rows.filter(models.Q(person_id__in=seen) | models.Q(by_id=reach.person_id))

    def mark(self, person: Person, score: int, words: str, *, by: Any, at: datetime | None = None) -> Appraisal:
        """The steward's mark of a person for the present month, 0–100; may be put right until the month is over."""
        at = at or clock.now()
        must_be_field(person, by, at)
        if not 0 <= score <= 100:
            raise Refused(_("分数在 0 到 100 之间。"), code="bad_score")
        if score < 60 and not words.strip():
            raise Refused(_("低于 60 分请写明原因。"), code="why_missing")
        month = clock.today(by.estate, at).replace(day=1)
        with estate_scope(by.estate):
            made, _new = self.update_or_create(
                estate=by.estate, person=person, month=month, by_id=by.person_id,
                defaults={"score": score, "words": words.strip()[:300], "at": at},
            )  # fmt: skip
            Event.objects.record(
                Action.TEAM_MARKED,
                made,
                by=by,
                at=at,
                person=person.name,
                worker_id=person.pk,
                score=score,
                month=f"{month:%Y-%m}",
            )
        return made


class Appraisal(EstateOwned):
    noun = "appraisal"
    person = PersonKey()
    month = models.DateField()  # its first day
    by = PersonKey()
    score = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    objects = AppraisalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "person", "month", "by"], name="appraisal_once"),
            models.CheckConstraint(condition=models.Q(score__lte=100), name="appraisal_score"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.score}"


class ZoneNoteQuerySet(EstateQuerySet["ZoneNote"]):
    def visible_to(self, reach: Any) -> ZoneNoteQuerySet:
        """All for whom the page of the team is; others the praise of themselves."""
        rows = self.at_estate(reach.estate)
        return rows if any(map(reach.may, TEAM)) else rows.filter(person_id=reach.person_id)

    def write(
        self,
        kind: str,
        words: str,
        *,
        by: Any,
        zone: Any = None,
        person: Person | None = None,
        attended: str = "",
        at: datetime | None = None,
    ) -> ZoneNote:
        """A zone's meeting (who came, what was said), or praise of somebody."""
        at = at or clock.now()
        by.must("team.assess")
        if not words.strip() or kind not in ZoneNote.Kind.values:
            raise Refused(_("请写内容。"), code="words_missing")
        if kind == ZoneNote.Kind.PRAISE and (person is None or person.pk == by.person_id):
            raise Refused(_("请写明表扬谁。"), code="who_missing")
        with estate_scope(by.estate):
            made = self.create(
                estate=by.estate, kind=kind, zone=zone, person=person, words=words.strip()[:1000], attended=attended.strip()[:300],
                by_id=by.person_id, on=clock.today(by.estate, at), at=at,
            )  # fmt: skip
            if kind == ZoneNote.Kind.PRAISE and person is not None:
                Event.objects.record(
                    Action.TEAM_PRAISED,
                    made,
                    by=by,
                    at=at,
                    person=person.name,
                    worker_id=person.pk,
                    words=made.words[:120],
                )
            else:
                Event.objects.record(
                    Action.ZONE_MET, made, by=by, at=at, zone=zone.name if zone else by.estate.name, told=False
                )
        return made


class ZoneNote(EstateOwned):
    class Kind(models.TextChoices):
        MEETING = "meeting", gettext_lazy("片区会议")
        PRAISE = "praise", gettext_lazy("表扬")

    noun = "zone_note"
    kind = models.CharField(max_length=10, choices=Kind.choices)
    zone = EstateForeignKey("estates.Zone", models.CASCADE, null=True, related_name="notes")
    person = PersonKey(null=True)
    words = models.CharField(max_length=1000)
    attended = models.CharField(max_length=300, blank=True)
    by = PersonKey()
    on = models.DateField()
    at = models.DateTimeField()

    objects = ZoneNoteQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "-on"], name="zone_note_recent")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"
