"""A steward's say over the zone's people: monthly marks, praise and meetings, instant reward or penalty (STF-03, STF-07, STF-19)."""

from __future__ import annotations

from decimal import Decimal
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
from guanjia.tenancy.verbs import verb

from .fact import FIELD

if TYPE_CHECKING:
    from datetime import datetime


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


class AwardQuerySet(EstateQuerySet["Award"]):
    def propose(
        self, person: Person, kind: str, amount: Decimal, why: str, *, by: Any, at: datetime | None = None
    ) -> Award:
        """An instant reward or penalty in yuan, in force once the manager agrees."""
        at = at or clock.now()
        must_be_field(person, by, at)
        if kind not in Award.Kind.values or not Decimal(0) <= amount <= Decimal(10000) or not why.strip():
            raise Refused(_("请写明奖或罚、金额和事实。"), code="incomplete")
        with estate_scope(by.estate):
            made = self.create(
                estate=by.estate,
                person=person,
                kind=kind,
                amount=amount,
                why=why.strip()[:300],
                asked_by_id=by.person_id,
                asked_at=at,
            )
            made.tell(Action.AWARD_ASKED, by=by, at=at, why=made.why)
        return made


class Award(EstateOwned):
    """及时奖惩单: proposed by the steward, decided by the manager; nobody decides on their own proposal or person."""

    class Kind(models.TextChoices):
        REWARD = "reward", gettext_lazy("奖励")
        PENALTY = "penalty", gettext_lazy("处罚")

    noun = "award"
    person = PersonKey()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount = models.DecimalField(max_digits=10, decimal_places=2)  # yuan; nought is a word of praise or warning
    why = models.CharField(max_length=300)
    asked_by = PersonKey()
    asked_at = models.DateTimeField()
    decided_by = PersonKey(null=True)
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(default=False)
    words = models.CharField(max_length=300, blank=True)

    objects = AwardQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "person", "-asked_at"], name="award_person")]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gte=0), name="award_amount")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"

    @verb
    def decide(self, granted: bool, words: str, *, by: Any, at: datetime | None = None) -> None:
        at = at or clock.now()
        by.must("award.decide")
        if by.person_id in (self.person_id, self.asked_by_id):
            raise Refused(_("不能评自己的事。"), code="own_matter")
        if not granted and not words.strip():
            raise Refused(_("不同意时请写明原因。"), code="why_missing")
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, decided_at__isnull=True)
        if not rows.update(decided_at=at, decided_by=by.person_id, granted=granted, words=words.strip()[:300]):
            raise Refused(_("已经审批过了。"), code="already_decided")
        self.refresh_from_db()
        self.tell(Action.AWARD_GRANTED if granted else Action.AWARD_REFUSED, by=by, at=at, why=words.strip())

    def tell(self, action: Action, *, by: Any, at: datetime, why: str) -> None:
        said: dict[str, Any] = {
            "person": self.person.name,
            "kind": str(self.Kind(self.kind).label),
            "amount": f"{self.amount:.2f}",
            "why": why,
        }
        told = self.person_id if action == Action.AWARD_GRANTED else self.asked_by_id
        Event.objects.record(action, self, by=by, at=at, worker_id=told, **said)
