"""客户意见征集库: every opinion with its topic, its answer and what became of it; shown to who gave it (COM-31, QLT-37, QLT-58)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.billing.models import FundUse
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.households.models import Household, Occupancy
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb
from guanjia.tickets.kinds import Channel, Kind, Stage
from guanjia.tickets.models import Ticket

from ..book import surveys_book

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal


class OpinionQuerySet(EstateQuerySet["Opinion"]):
    def open(self) -> OpinionQuerySet:
        """Nobody has answered yet."""
        return self.filter(settled_at__isnull=True)

    def visible_to(self, reach: Any) -> OpinionQuerySet:
        """A household its own; staff those of their zones and what has none; the estate's all."""
        if not reach.is_staff:
            return self.filter(household_id__in=reach.households)
        if not reach.may("opinion.read"):
            return self.none()
        return self if reach.sees == "estate" else self.filter(Q(zone_id__in=reach.zones) | Q(zone__isnull=True))

    def note(
        self, estate: Any, words: str, topic: str, *, by: Any, household: Household | None = None, zone: Any = None, source: str = "desk",
        origin: str = "", giver: str = "", at: datetime | None = None,
    ) -> Opinion:  # fmt: skip
        """Take an opinion down. What a row of ours said (`origin`) is taken once."""
        if by.is_staff:
            by.must("opinion.read")
        at = at or clock.now()
        if not words.strip() or topic not in surveys_book().topics:
            raise Refused(_t("请写意见，并选关于什么。"), code="words_missing")
        with estate_scope(estate):
            made = self.create(
                estate=estate, source=source, origin=origin, topic=topic, words=words.strip()[:500], household=household,
                zone_id=getattr(zone, "pk", zone) or (_zone_of(household, at) if household else None), giver=giver[:60], taken_by_id=by.person_id, at=at,
            )  # fmt: skip
            Event.objects.record(Action.OPINION_NOTED, made, by=by, at=at, told=False, words=made.words[:120])
        return made

    def hear(self, source: str, origin: str, words: str, household: Household, *, by: Any, at: datetime, topic: str = "other") -> Opinion:
        """What a household said at an occasion of ours, for whoever answers for its home."""
        return self.create(
            estate_id=household.estate_id, source=source, origin=origin, topic=topic, words=words, household=household, giver=household.name[:60],
            zone_id=_zone_of(household, at), taken_by_id=by.person_id, at=at,
        )  # fmt: skip


def _zone_of(household: Household, at: datetime) -> int | None:
    """Of its first home on that day."""
    homes = Occupancy.objects.at_estate(household.estate_id).filter(household=household, during__contains=clock.today(household.estate, at))
    return homes.order_by("unit__code").values_list("unit__zone_id", flat=True).first()


class Opinion(EstateOwned):
    class Source(models.TextChoices):
        POLL = "poll", _("问卷")
        VISIT = "visit", _("走访")
        TICKET = "ticket", _("报事建议")
        OFFICER = "officer", _("服务体验官")
        OPEN_DAY = "open_day", _("服务开放日")
        ACTIVITY = "activity", _("社区活动")
        DESK = "desk", _("当面或电话")

    class Outcome(models.TextChoices):
        DONE = "done", _("已采纳")
        TICKET = "ticket", _("转报事单办理")
        FUND = "fund", _("申请改进基金")
        NOTED = "noted", _("已说明")
        NO = "no", _("暂不采纳")

    noun = "opinion"
    source = models.CharField(max_length=10, choices=Source.choices)
    origin = models.CharField(max_length=60, blank=True)  # which row said it: visit 12
    poll = EstateForeignKey("surveys.Poll", models.RESTRICT, null=True, related_name="opinions")
    topic = models.CharField(max_length=20)
    words = models.CharField(max_length=500)
    household = EstateForeignKey(Household, models.CASCADE, null=True, related_name="opinions")
    giver = models.CharField(max_length=60, blank=True)
    zone = EstateForeignKey("estates.Zone", models.RESTRICT, null=True, related_name="opinions")
    taken_by = PersonKey(null=True)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    reply = models.CharField(max_length=500, blank=True)
    settled_by = PersonKey(null=True)
    settled_at = models.DateTimeField(null=True)
    ticket = EstateForeignKey(Ticket, models.RESTRICT, null=True, related_name="opinions")
    fund_use = EstateForeignKey(FundUse, models.PROTECT, null=True, related_name="opinions")

    objects = OpinionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["estate", "-at"], name="opinion_recent"),
            models.Index(fields=["estate", "household"], name="opinion_household"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["estate", "source", "origin"], condition=~Q(origin=""), name="opinion_once"),
            models.CheckConstraint(condition=Q(settled_at__isnull=True, outcome="") | (Q(settled_at__isnull=False) & ~Q(outcome="")), name="opinion_settled"),
            models.CheckConstraint(condition=~Q(outcome="fund") | Q(fund_use__isnull=False), name="opinion_fund"),
            models.CheckConstraint(condition=~Q(outcome="ticket") | Q(ticket__isnull=False), name="opinion_ticket"),
        ]

    def __str__(self) -> str:
        return self.words[:40]

    @property
    def topic_title(self) -> str:
        entry = surveys_book().topics.get(self.topic)
        return _t(entry.title) if entry else self.topic

    @property
    def became(self) -> tuple[str, str]:
        """(words, tone): where it stands now; a ticket and the fund tell their own end."""
        if not self.settled_at:
            return _t("待答复"), "soon"
        if self.ticket_id and self.ticket:
            over = self.ticket.stage in (Stage.DONE, Stage.FED_BACK, Stage.ARCHIVED)
            return (_t("已办好") if over else _t("正在办理")), ("good" if over else "info")
        if self.fund_use_id and self.fund_use:
            return str(self.fund_use.get_state_display()), {"approved": "good", "refused": "mute"}.get(self.fund_use.state, "info")
        return str(self.get_outcome_display()), "mute" if self.outcome == self.Outcome.NO else "good"

    @verb
    def settle(self, outcome: str, reply: str, *, by: Any, amount: Decimal | None = None, at: datetime | None = None) -> None:
        """Answer it and say what becomes of it; its giver is told. A ticket or an asking of the fund is made with it."""
        by.must("opinion.answer")
        at = at or clock.now()
        if outcome not in self.Outcome.values:
            raise Refused(_t("请选怎样办。"), code="outcome")
        if not reply.strip():
            raise Refused(_t("请写答复；不采纳请写原因。"), code="reply_missing")
        self._must_be_open()
        if outcome == self.Outcome.TICKET:
            self.ticket = self._report(by, at)
        elif outcome == self.Outcome.FUND:
            self.fund_use = FundUse.objects.ask(self.estate, amount or 0, f"{kept(_('意见'))}：{self.words}"[:200], by=by, at=at)  # type: ignore[arg-type]
        self.outcome, self.reply, self.settled_by_id, self.settled_at = outcome, reply.strip()[:500], by.person_id, at
        self.save(update_fields=["outcome", "reply", "settled_by", "settled_at", "ticket", "fund_use"])
        said = {"words": self.words[:60], "reply": self.reply, "household_id": self.household_id, "public": True, "outcome": kept(self.Outcome(outcome).label)}
        Event.objects.record(Action.OPINION_SETTLED, self, by=by, at=at, told=bool(self.household_id), **said)

    @verb
    def sort(self, topic: str, *, by: Any, at: datetime | None = None) -> None:
        """What it is about."""
        by.must("opinion.answer")
        if topic not in surveys_book().topics:
            raise Refused(_t("请选关于什么。"), code="topic")
        self.topic = topic
        self.save(update_fields=["topic"])
        Event.objects.record(Action.OPINION_SORTED, self, by=by, at=at or clock.now(), told=False, topic=kept(surveys_book().topics[topic].title))

    def _must_be_open(self) -> None:
        row = Opinion.objects.at_estate(self.estate_id).select_for_update().filter(pk=self.pk).values("settled_at").get()
        if row["settled_at"]:
            raise Refused(_t("这条意见已经答复过。"), code="settled")

    def _report(self, by: Any, at: datetime) -> Ticket:
        day = clock.today(self.estate, at)
        home = Occupancy.objects.at_estate(self.estate_id).filter(household_id=self.household_id, during__contains=day).order_by("unit__code").first()
        return Ticket.objects.report(
            by=by, estate=self.estate, words=self.words, kind=Kind.SUGGESTION, channel=Channel.ON_SITE, unit=home.unit if home else None,
            zone=self.zone, household_id=self.household_id, reporter_name=self.giver, at=at,
        )  # fmt: skip


class Sweep(EstateOwned):
    """A day on which visits and tickets were looked through for opinions."""

    noun = "opinion_sweep"
    day = models.DateField()
    found = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "day"], name="opinion_sweep_once")]

    def __str__(self) -> str:
        return f"{self.day}"
