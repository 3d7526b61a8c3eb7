"""服务体验官: households invited for a quarter to watch the service, join in and say what they saw (QLT-56)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.households.models import Household
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

from ..book import surveys_book

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime


def quarter_of(day: date) -> date:
    """Its first day."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


class OfficerQuerySet(EstateQuerySet["Officer"]):
    def serving(self) -> OfficerQuerySet:
        return self.filter(accepted=True)

    def invite(self, estate: Any, households: Iterable[Household], *, by: Any, at: datetime | None = None) -> int:
        """Ask households to be officers of this quarter; who is asked already is left alone. Returns how many are new."""
        by.must("officer.manage")
        at = at or clock.now()
        quarter = quarter_of(clock.today(estate, at))
        with estate_scope(estate):
            rows = [Officer(estate=estate, household=home, quarter=quarter, invited_by_id=by.person_id, invited_at=at) for home in households]
            made = self.insert_new(rows)
            new = list(self.at_estate(estate).filter(pk__in=made).order_by("pk"))
            if new:
                Event.objects.record(Action.OFFICERS_INVITED, new[0], by=by, at=at, count=len(new), quarter=f"{quarter:%Y-%m}", public=True)
        return len(new)


class Officer(EstateOwned):
    noun = "officer"
    household = EstateForeignKey(Household, models.CASCADE, related_name="officers")
    quarter = models.DateField()  # its first day
    invited_by = PersonKey()
    invited_at = models.DateTimeField()
    accepted = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)

    objects = OfficerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "quarter", "household"], name="officer_once_a_quarter"),
            models.CheckConstraint(condition=Q(accepted__isnull=True) | Q(answered_at__isnull=False), name="officer_answered"),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.quarter}"

    @verb
    def reply(self, accepted: bool, *, by: Any, at: datetime | None = None) -> None:
        """The household's yes or no, said by themselves or to staff."""
        if by.is_staff:
            by.must("officer.manage")
        elif self.household_id not in by.households:
            raise NotAllowed("officer.reply")
        at = at or clock.now()
        if not Officer.objects.at_estate(self.estate_id).filter(pk=self.pk, accepted__isnull=True).update(accepted=accepted, answered_at=at):
            raise Refused(_t("已经答复过。"), code="answered")
        self.accepted, self.answered_at = accepted, at
        action = Action.OFFICER_ACCEPTED if accepted else Action.OFFICER_DECLINED
        Event.objects.record(action, self, by=by, at=at, who=self.household.name)
        self._fulfil(by, at)

    @verb
    def join(self, joined: str, on: date, words: str, mood: int, *, by: Any, at: datetime | None = None) -> OfficerAct:
        """What they took part in and what they thought (1–5); their words go to the opinion library."""
        from .opinion import Opinion

        at = at or clock.now()
        if by.is_staff:
            by.must("officer.manage")
        elif self.household_id not in by.households:
            raise NotAllowed("officer.reply")
        if not self.accepted:
            raise Refused(_t("还没有同意担任体验官。"), code="not_serving")
        if joined not in surveys_book().joined or not 1 <= mood <= 5 or not words.strip():
            raise Refused(_t("请选参加了什么、打分并写下感受。"), code="incomplete")
        if on > clock.today(self.estate, at) or quarter_of(on) != self.quarter:
            raise Refused(_t("日期要在本季度内，且不晚于今天。"), code="bad_day")
        made = OfficerAct.objects.create(
            estate_id=self.estate_id, officer=self, joined=joined, on=on, words=words.strip()[:500], mood=mood, by_id=by.person_id, at=at
        )
        Opinion.objects.hear(Opinion.Source.OFFICER, f"officer_act {made.pk}", made.words, self.household, by=by, at=at)
        Event.objects.record(Action.OFFICER_JOINED, self, by=by, at=at, who=self.household.name, what=kept(surveys_book().joined[joined].title), words=made.words[:120])
        self._fulfil(by, at)
        return made

    def _fulfil(self, by: Any, at: datetime) -> None:
        """The quarter's duty is done once as many households serve as it asks for, and one of them joined in."""
        from ..fulfilling import OFFICERS, fulfil

        rows = Officer.objects.at_estate(self.estate_id).filter(quarter=self.quarter, accepted=True)
        count, acts = rows.count(), OfficerAct.objects.at_estate(self.estate_id).filter(officer__in=rows).count()
        if count >= wanted(self.estate, at) and acts and self.quarter == quarter_of(clock.today(self.estate, at)):
            words = _t("本季体验官 %(count)s 户，参加 %(acts)s 次，感受已进意见库") % {"count": count, "acts": acts}
            fulfil(self.estate, OFFICERS, words, count, None, by=by, at=at)


class OfficerAct(EstateOwned):
    noun = "officer_act"
    officer = EstateForeignKey(Officer, models.CASCADE, related_name="acts")
    joined = models.CharField(max_length=12)  # of surveys.yaml
    on = models.DateField()
    words = models.CharField(max_length=500)
    mood = models.PositiveSmallIntegerField()
    by = PersonKey()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["estate", "officer"], name="officer_act_officer")]
        constraints = [models.CheckConstraint(condition=Q(mood__range=(1, 5)), name="officer_act_mood")]

    def __str__(self) -> str:
        return f"{self.joined} {self.on}"

    @property
    def joined_title(self) -> str:
        entry = surveys_book().joined.get(self.joined)
        return _t(entry.title) if entry else self.joined


def wanted(estate: Any, at: datetime) -> int:
    """How many households a quarter (exp.officers)."""
    return int(parameter(estate, "exp.officers", at))
