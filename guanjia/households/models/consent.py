"""Consent, purpose by purpose: given by whom and how, withdrawn at any time (CF-64, design §7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.people.privacy import mask_name
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

from .member import Member

if TYPE_CHECKING:
    from datetime import datetime


class Purpose(models.TextChoices):
    HEALTH = "health", _("健康与照护需要")
    FAMILY = "family", _("家庭情况（老人、孩子）")
    BIRTHDAY = "birthday", _("生日问候")
    ACTIVITY = "activity", _("活动邀请与服务推送")
    SHARING = "sharing", _("与服务商共享联系方式")


class ConsentQuerySet(EstateQuerySet):
    def standing(self) -> ConsentQuerySet:
        """Given and not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def give(self, member: Member, purpose: str, how: str, *, by: Any, at: datetime | None = None) -> Consent:
        """What the member agreed to. Staff note it down with how it was said; residents give it themselves."""
        return Consent(estate_id=member.estate_id, member=member, purpose=purpose, how=how).stand(by=by, at=at)


class Consent(EstateOwned):
    class How(models.TextChoices):
        PAPER = "paper", _("书面签字")
        SPOKEN = "spoken", _("当面或电话同意")
        ONLINE = "online", _("本人线上同意")

    noun = "consent"
    member = EstateForeignKey(Member, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    how = models.CharField(max_length=10, choices=How.choices)
    given_at = models.DateTimeField()
    noted_by = PersonKey(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = PersonKey(null=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "member", "purpose"], condition=Q(withdrawn_at__isnull=True), name="consent_standing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.purpose}"

    @verb
    def stand(self, *, by: Any, at: datetime | None = None) -> Consent:
        """The consent that stands now: the one given before when there is one."""
        _may(by, self.member)
        known = (
            type(self)
            .objects.standing()
            .filter(estate=self.estate_id, member=self.member, purpose=self.purpose)
            .first()
        )
        if known:
            return known
        self.given_at, self.noted_by_id = at or clock.now(), by.person_id
        self.save(force_insert=True)
        self._tell(Action.CONSENT_GIVEN, by, self.given_at)
        return self

    @verb
    def withdraw(self, *, by: Any, at: datetime | None = None) -> None:
        """From now on it is not used for this; what health notes said of the person is removed with it."""
        from .need import Need

        _may(by, self.member)
        if self.withdrawn_at:
            raise Refused(_now("这项同意已经撤回。"), code="withdrawn")
        at = at or clock.now()
        self.withdrawn_at, self.withdrawn_by_id = at, by.person_id
        self.save(update_fields=["withdrawn_at", "withdrawn_by"])
        if self.purpose == Purpose.HEALTH:
            Need.objects.forget(self.member, at)
        self._tell(Action.CONSENT_WITHDRAWN, by, at)

    def _tell(self, action: Action, by: Any, at: datetime) -> None:
        said = {"who": mask_name(self.member.name), "purpose": kept(Purpose(self.purpose).label)}
        Event.objects.record(action, self.member.household, by=by, at=at, told=False, member=self.member_id, **said)


def _may(by: Any, member: Member) -> None:
    """Staff who edit files; a resident for themselves alone."""
    if by.is_staff:
        by.must("household.edit")
    elif member.login_id != by.person_id:
        raise Refused(_now("只能由本人办理。"), code="not_yours")
