"""品质提升活动: a year's five phases, what each has to deliver, and what shows that it was delivered (QLT-02..19, QLT-26)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

from ..campaign_book import campaign_book, due, phases
from ..line import holders, who_does
from .showing import Showing
from .winning import Winning, aim_of

if TYPE_CHECKING:
    from datetime import date, datetime


class CampaignQuerySet(EstateQuerySet["Campaign"]):
    def begin(self, year: int, *, by: Any, at: datetime | None = None) -> Campaign:
        """The campaign of a year, from the template with the days in force; one a year."""
        at = at or clock.now()
        if not 2000 < year < 2100:
            raise Refused(_("年份不对。"), code="year")
        row = self.model(estate=by.estate, year=year, phases=phases(by.estate, year, at), aim=aim_of(by.estate, year, at), begun_at=at, begun_by_id=by.person_id)
        return row._begin(by, at)


class Campaign(Winning, EstateOwned):
    noun = "campaign"
    year = models.PositiveSmallIntegerField()
    phases = models.JSONField()  # [{key, title, since, until}]: the days as they were set for this year
    begun_at = models.DateTimeField()
    begun_by = PersonKey()
    summary = models.TextField(blank=True)  # problems found and solved, methods for later use (QLT-26)
    ended_at = models.DateTimeField(null=True)
    ended_by = PersonKey(null=True)
    told = models.JSONField(default=list)  # phases whose lateness was told

    objects = CampaignQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "year"], name="campaign_year"),
            models.CheckConstraint(condition=Q(won_on__isnull=True) | ~Q(won_words=""), name="campaign_won_shown"),
        ]

    def __str__(self) -> str:
        return str(self.year)

    @property
    def title(self) -> str:
        return f"{self.year} {_(campaign_book().title)}"

    @verb
    def _begin(self, by: Any, at: datetime) -> Campaign:
        by.must("quality.plan")
        self.save(force_insert=True)
        held = holders(self.estate, clock.today(self.estate, at))
        Step.objects.bulk_create(
            Step(estate_id=self.estate_id, campaign=self, key=key, due_on=due(self.estate, entry, self.year, at),
                 responsible_id=who_does(entry.role, held) or by.person_id)
            for key, entry in campaign_book().steps.items()
        )  # fmt: skip
        self.tell(Action.CAMPAIGN_BEGUN, by=by, at=at)
        return self

    @verb
    def end(self, summary: str, *, by: Any, at: datetime | None = None) -> None:
        """Every step is delivered and every issue closed; the summary says what was found, solved and learnt."""
        at = at or clock.now()
        by.must("quality.plan")
        row = type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        if row.ended_at:
            raise Refused(_("活动已经结束。"), code="ended")
        if not summary.strip():
            raise Refused(_("请写总结：发现和解决了什么，哪些办法以后照用。"), code="summary_missing")
        left = Step.objects.at_estate(self.estate_id).filter(campaign=self, done_at__isnull=True).count()
        open_issues = self.issues.filter(closed_at__isnull=True).count()
        if left or open_issues:
            raise Refused(_("还有 %(steps)s 项任务没有交、%(issues)s 项整改没有关闭。") % {"steps": left, "issues": open_issues}, code="unfinished")
        type(self).objects.at_estate(self.estate_id).filter(pk=self.pk).update(ended_at=at, ended_by_id=by.person_id, summary=summary.strip()[:5000])
        self.refresh_from_db()
        self.tell(Action.CAMPAIGN_ENDED, by=by, at=at)

    def tell(self, action: Action, *, by: Any, at: datetime, **said: Any) -> None:
        Event.objects.record(action, self, by=by, at=at, title=f"{self.year} {campaign_book().title}", **said)


class Step(Showing, EstateOwned):
    """One deliverable: whose, by when, and when it was delivered."""

    noun = "campaign_step"
    campaign = EstateForeignKey(Campaign, models.CASCADE, related_name="steps")
    key = models.CharField(max_length=20)
    due_on = models.DateField()
    responsible = PersonKey()
    done_at = models.DateTimeField(null=True)
    done_by = PersonKey(null=True)
    told = models.PositiveSmallIntegerField(default=0)

    objects = EstateQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "campaign", "key"], name="step_once")]
        indexes = [models.Index(fields=["estate", "responsible", "due_on"], condition=Q(done_at__isnull=True), name="step_open")]

    def __str__(self) -> str:
        return self.key

    @property
    def entry(self) -> Any:
        return campaign_book().steps[self.key]

    @property
    def title(self) -> str:
        return _(self.entry.title)

    @property
    def outside(self) -> bool:
        """Due on a day outside its phase: only pointed out (CF-33)."""
        phase = next(each for each in self.campaign.phases if each["key"] == self.entry.phase)
        return not phase["since"] <= self.due_on.isoformat() <= phase["until"]

    @verb
    def give(self, responsible: Any, due_on: date, *, by: Any, at: datetime | None = None) -> None:
        """Somebody else, or another day."""
        at = at or clock.now()
        by.must("quality.plan")
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, done_at__isnull=True)
        if not rows.update(responsible_id=responsible.pk, due_on=due_on, told=0):
            raise Refused(_("已经交了。"), code="done")
        self.refresh_from_db()
        self.tell(Action.STEP_GIVEN, by=by, at=at, worker_id=responsible.pk)

    @verb
    def deliver(self, *, by: Any, at: datetime | None = None) -> None:
        """It is delivered: what it has to show is there. Once."""
        at = at or clock.now()
        self._must(by)
        self._must_show()
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, done_at__isnull=True)
        if not rows.update(done_at=at, done_by_id=by.person_id):
            raise Refused(_("已经交了。"), code="done")
        self.refresh_from_db()
        self.tell(Action.STEP_DONE, by=by, at=at, worker_id=self.campaign.begun_by_id, told=self.campaign.begun_by_id != by.person_id)

    def _must(self, by: Any) -> None:
        if by.person_id != self.responsible_id:
            by.must("quality.plan")

    def tell(self, action: Action, *, by: Any, at: datetime, **said: Any) -> None:
        day = f"{self.due_on:%F}"
        Event.objects.record(action, self, by=by, at=at, title=kept(_(self.entry.title)), person=self.responsible.name, day=day, **said)
