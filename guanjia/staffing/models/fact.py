"""事实记录: a steward writes down what a slack department head or manager left undone; the next level up assesses it (STF-05, STF-06)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.models import Person, Post
from guanjia.people.roles import Role, roles, works_as
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime


class Level(models.TextChoices):
    """Who assesses: always the next level above the one the facts are about, never one further up."""

    MANAGER = "manager", gettext_lazy("项目经理")
    COMPANY = "company", gettext_lazy("公司品质部")


JUDGES = {Level.MANAGER: "fact.judge", Level.COMPANY: "fact.judge_manager"}
FIELD = {
    Role.REPAIRER,
    Role.CLEANER,
    Role.ORDER_KEEPER,
    Role.ORDER_LEADER,
}  # whom the steward assesses directly (STF-07)


def level_above(person: Person, estate: Any, day: date) -> Level | None:
    """Who assesses a person: the company a manager, the manager whoever sees the whole estate and is none; nobody else (CF-14)."""
    return level_of(Post.objects.at_estate(estate).held_on(day).filter(person=person).values_list("role", flat=True))


def level_of(held: Iterable[str]) -> Level | None:
    """The same of somebody who holds these posts."""
    held = set(held)
    if any(works_as(role) == Role.MANAGER for role in held):
        return Level.COMPANY
    heads = {role for role in held if "work.verdict" in roles()[role]["may"] or works_as(role) == Role.ORDER_LEADER}
    return Level.MANAGER if heads else None


class FactQuerySet(EstateQuerySet["FactRecord"]):
    def visible_to(self, reach: Any) -> FactQuerySet:
        """One's own records; those that one assesses; and those about oneself once assessed."""
        rows = self.at_estate(reach.estate)
        levels = [level for level, permission in JUDGES.items() if reach.may(permission)]
        about = models.Q(about_id=reach.person_id, judged_at__isnull=False)
        return rows.filter(
            models.Q(by_id=reach.person_id) | models.Q(level__in=levels) & ~models.Q(about_id=reach.person_id) | about
        )

    def note(
        self,
        about: Person,
        happened_on: date,
        words: str,
        *,
        by: Any,
        wanted: str = "",
        ticket: Any = None,
        at: datetime | None = None,
    ) -> FactRecord:
        """Write down what happened on a day and what support was asked for. The level follows from the person's post."""
        at = at or clock.now()
        by.must("fact.record")
        today = clock.today(by.estate, at)
        if not words.strip():
            raise Refused(_("请写明事实。"), code="words_missing")
        if happened_on > today:
            raise Refused(_("事情的日期不能在今天之后。"), code="in_the_future")
        with estate_scope(by.estate):
            level = level_above(about, by.estate, happened_on)
            if level is None or about.pk == by.person_id:
                raise Refused(_("事实记录只写部门负责人或项目经理；片区人员由管家直接考核。"), code="wrong_level")
            made = self.create(
                estate=by.estate, about=about, by_id=by.person_id, happened_on=happened_on, words=words.strip()[:1000],
                wanted=wanted.strip()[:300], ticket=ticket, level=level, at=at,
            )  # fmt: skip
            made.tell(Action.FACT_MANAGER if level == Level.COMPANY else Action.FACT_HEAD, by=by, at=at)
        return made


class FactRecord(EstateOwned):
    """Facts about somebody who did not support the zone, for the level above to assess. Never changed once written."""

    class Verdict(models.TextChoices):
        STANDS = "stands", gettext_lazy("属实")
        PARTLY = "partly", gettext_lazy("部分属实")
        UNFOUNDED = "unfounded", gettext_lazy("不属实")

    noun = "fact"
    about = PersonKey()
    by = PersonKey()
    at = models.DateTimeField()
    happened_on = models.DateField()
    words = models.CharField(max_length=1000)
    wanted = models.CharField(max_length=300, blank=True)  # what support was asked for
    ticket = EstateForeignKey("tickets.Ticket", models.RESTRICT, null=True, related_name="+")
    level = models.CharField(max_length=10, choices=Level.choices)
    judged_at = models.DateTimeField(null=True)
    judged_by = PersonKey(null=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    measure = models.CharField(max_length=500, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "level", "judged_at"], name="fact_level")]

    def __str__(self) -> str:
        return f"{self.about_id} {self.happened_on}"

    @verb
    def judge(self, verdict: str, measure: str, *, by: Any, at: datetime | None = None) -> None:
        """The level above assesses: does it stand, and what follows. Once; never by whom it is about or who wrote it."""
        at = at or clock.now()
        by.must(JUDGES[Level(self.level)])
        if by.person_id in (self.about_id, self.by_id):
            raise Refused(_("不能评自己的事。"), code="own_matter")
        if verdict not in self.Verdict.values or not measure.strip():
            raise Refused(_("请写明结论和处理办法。"), code="measure_missing")
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, judged_at__isnull=True)
        if not rows.update(judged_at=at, judged_by=by.person_id, verdict=verdict, measure=measure.strip()[:500]):
            raise Refused(_("已经考核过了。"), code="already_judged")
        self.refresh_from_db()
        self.tell(Action.FACT_JUDGED, by=by, at=at, verdict=self.Verdict(verdict).label)

    def tell(self, action: Action, *, by: Any, at: datetime, **more: Any) -> None:
        said: dict[str, Any] = {name: str(value) for name, value in more.items()}
        Event.objects.record(
            action, self, by=by, at=at, person=self.about.name, words=self.words[:120], worker_id=self.by_id, **said
        )
