"""Other systems that want to hear of events (webhooks)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.tenancy.crypto import SealedField
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime

OLD_SECRET = timedelta(hours=24)  # how long the former secret still signs beside the new one
MOST = 20  # at one estate


def new_secret() -> str:
    return "whsec_" + secrets.token_urlsafe(32)


class SubscriptionQuerySet(EstateQuerySet):
    def subscribe(self, url: str, actions: list[str], *, by: Any, at: datetime | None = None) -> Subscription:
        """A new subscription; its `secret` is shown once. Raises Refused for an address we may not call."""
        from ..addresses import BadAddress, check_form

        by.must("rule.change")
        try:
            check_form(url)
        except BadAddress as bad:
            raise Refused(str(bad), code="bad_address") from bad
        if not actions:
            raise Refused(_("请至少选择一种事件。"), code="no_actions")
        if self.at_estate(by.estate).count() >= MOST:
            raise Refused(_("对接地址已达上限。"), code="too_many")
        made: Any = self.create(
            estate=by.estate,
            url=url,
            actions=sorted(set(actions)),
            secret=new_secret(),
            made_at=at or clock.now(),
            made_by_id=by.person_id,
        )
        return made


class Subscription(EstateOwned):
    """`actions` holds values of Action. After many failures it is paused until a manager resumes it."""

    noun = "subscription"
    url = models.CharField(max_length=500)
    actions = ArrayField(models.CharField(max_length=40))
    secret = SealedField()
    old_secret = SealedField(blank=True, default="")
    rotated_at = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)
    failures = models.PositiveIntegerField(default=0)  # given up since the last success
    made_at = models.DateTimeField()
    made_by = PersonKey(null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "active"], name="subscription_active")]

    def __str__(self) -> str:
        return self.url

    def secrets(self, now: datetime) -> list[str]:
        """What a message is signed with: the secret, and for a day after its rotation the former one too."""
        old = self.old_secret and self.rotated_at and now - self.rotated_at < OLD_SECRET
        return [self.secret, self.old_secret] if old else [self.secret]

    @verb
    def rotate(self, *, by: Any, at: datetime | None = None) -> str:
        """A new secret, shown once."""
        by.must("rule.change")
        self.secret, self.old_secret, self.rotated_at = new_secret(), self.secret, at or clock.now()
        self.save(update_fields=["secret", "old_secret", "rotated_at"])
        return self.secret

    @verb
    def switch(self, active: bool, *, by: Any) -> None:
        by.must("rule.change")
        self.active, self.failures = active, 0
        self.save(update_fields=["active", "failures"])

    @verb
    def remove(self, *, by: Any) -> None:
        by.must("rule.change")
        type(self).objects.at_estate(self.estate_id).filter(pk=self.pk).delete()
