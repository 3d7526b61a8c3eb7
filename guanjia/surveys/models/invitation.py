"""The mark: that a household or person was asked, and whether they answered. Of an anonymous round never what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.households.models import Household
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

from ..questions import checked
from .poll import Poll

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class InvitationQuerySet(EstateQuerySet["Invitation"]):
    def waiting(self) -> InvitationQuerySet:
        """Asked, neither answered nor out of reach."""
        return self.filter(drawn=True, answered=False, missed="")

    def of(self, reach: Any) -> InvitationQuerySet:
        """Addressed to a person themself or to their household."""
        mine = Q(person_id=reach.person_id) if reach.is_staff else Q(household_id__in=reach.households)
        return self.filter(mine, drawn=True)

    def visible_to(self, reach: Any) -> InvitationQuerySet:
        """Whom an interviewer may ask: households of their zones, or all of them."""
        if not reach.is_staff or not reach.may("poll.ask"):
            return self.none()
        rows = self.filter(household__isnull=False)
        return rows if reach.sees == "estate" else rows.filter(zone_id__in=reach.zones)


class Invitation(EstateOwned):
    """No time stands here: who answered when, beside what came in when, would join the two."""

    class Way(models.TextChoices):
        ONLINE = "online", _("本人在线")
        PHONE = "phone", _("电话代填")
        DOOR = "door", _("上门代填")

    class Missed(models.TextChoices):
        UNREACHED = "unreached", _("联系不上")
        DECLINED = "declined", _("不愿参加")
        AWAY = "away", _("长期不在")

    noun = "poll_invitation"
    poll = EstateForeignKey(Poll, models.CASCADE, related_name="invitations")
    household = EstateForeignKey(Household, models.CASCADE, null=True, related_name="poll_invitations")
    person = PersonKey(null=True)
    zone = EstateForeignKey("estates.Zone", models.RESTRICT, null=True, related_name="poll_invitations")
    rank = models.PositiveIntegerField()  # place in the draw
    drawn = models.BooleanField()  # else in reserve
    answered = models.BooleanField(default=False)
    way = models.CharField(max_length=8, choices=Way.choices, blank=True)
    interviewer = PersonKey(null=True)
    missed = models.CharField(max_length=10, choices=Missed.choices, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "household"], condition=Q(drawn=True), name="poll_invitation_household")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "poll", "household"], condition=Q(household__isnull=False), name="poll_invitation_home"),
            models.UniqueConstraint(fields=["estate", "poll", "person"], condition=Q(person__isnull=False), name="poll_invitation_person"),
            models.CheckConstraint(condition=Q(household__isnull=True) ^ Q(person__isnull=True), name="poll_invitation_whose"),
            models.CheckConstraint(condition=Q(answered=False) | Q(drawn=True), name="poll_invitation_answers_drawn"),
        ]

    def __str__(self) -> str:
        return f"{self.poll_id} {self.rank}"

    @verb
    def answer(self, raw: Mapping[str, Any], *, by: Any, way: str = "online", at: datetime | None = None) -> None:
        """One answer for a household or person, by themself or taken down by an interviewer. Raises Unanswered by question.

        Of two sent at once the first counts and the second is told. An anonymous answer goes sealed into the box, the
        mark here says only that there is one.
        """
        from .response import Envelope, Response

        at = at or clock.now()
        self._must_be_asked(by, way)
        self._must_be_open(at)
        answers = checked(self.poll.asked, raw)
        marks = {"answered": True, "way": way, "missed": "", "interviewer": by.person_id if way != self.Way.ONLINE else None}
        if not self._mine().filter(answered=False, drawn=True).update(**marks):
            raise Refused(_t("这份问卷已经答过了，谢谢。"), code="answered")
        if self.poll.anonymous:
            Envelope.objects.seal(self.poll, self.zone_id, answers)
        else:
            Response.objects.keep(self, answers, by=by, at=at)
        nameless = self.poll.anonymous
        Event.objects.record(Action.POLL_ANSWERED, self.poll, by=None if nameless else by, at=at, told=False, title=self.poll.title)

    @verb
    def miss(self, why: str, *, by: Any, at: datetime | None = None) -> Invitation | None:
        """Out of reach: the next in reserve of the same stratum steps in. Returns whom, None when nobody is left."""
        by.must("poll.ask")
        at = at or clock.now()
        if why not in self.Missed.values:
            raise Refused(_t("请选原因。"), code="why_missing")
        self._must_be_open(at)
        if not self._mine().waiting().update(missed=why):
            raise Refused(_t("这一户已经答过或登记过了。"), code="answered")
        following = self._reserve() if self.poll.sampled else None
        said: dict[str, Any] = {"title": self.poll.title, "why": kept(self.Missed(why).label)}
        if following is None:
            Event.objects.record(Action.POLL_MISSED, self.poll, by=by, at=at, told=False, **said)
            return None
        following.drawn = True
        following.save(update_fields=["drawn"])
        said |= {"until": self.poll.ends_on.isoformat(), "household_id": following.household_id, "public": True}
        Event.objects.record(Action.POLL_REPLACED, self.poll, by=by, at=at, **said)
        return following

    def _mine(self) -> InvitationQuerySet:
        return Invitation.objects.at_estate(self.estate_id).filter(pk=self.pk)

    def _reserve(self) -> Invitation | None:
        rows = Invitation.objects.at_estate(self.estate_id).filter(poll=self.poll, drawn=False)
        if self.poll.draw == Poll.Draw.STRATIFIED:
            rows = rows.filter(zone_id=self.zone_id)
        return rows.order_by("rank").select_for_update().first()

    def _must_be_asked(self, by: Any, way: str) -> None:
        if way not in self.Way.values:
            raise Refused(_t("请选填写方式。"), code="way")
        if way == self.Way.ONLINE:
            mine = self.person_id == by.person_id if self.person_id else self.household_id in by.households
            if not mine:
                raise NotAllowed("poll.answer")
        else:
            by.must("poll.ask")
            if self.person_id:
                raise Refused(_t("员工问卷由本人填写。"), code="own_only")

    def _must_be_open(self, at: datetime) -> None:
        """Whoever closes the round waits for those who are answering, and those who come later are told."""
        row = Poll.objects.at_estate(self.estate_id).filter(pk=self.poll_id).select_for_update(no_key=True).get()
        state = row.state(at)
        if state == "coming":
            raise Refused(_t("问卷还没有开始。"), code="coming")
        if state != "open":
            raise Refused(_t("问卷已于 %(day)s 结束，谢谢您的关心。") % {"day": row.ends_on}, code="closed")
