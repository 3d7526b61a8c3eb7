"""One event told to one reader over one channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey

if TYPE_CHECKING:
    from datetime import datetime


class Channel(models.TextChoices):
    INBOX = "inbox", _("站内消息")
    EMAIL = "email", _("邮件")
    WEBHOOK = "webhook", _("系统对接")
    PUSH = "push", _("手机通知")


class State(models.TextChoices):
    WAITING = "waiting", _("待发送")
    SENT = "sent", _("已送达")
    FAILED = "failed", _("未送达，将重试")
    GIVEN_UP = "given_up", _("未送达，已放弃")


class DeliveryQuerySet(EstateQuerySet):
    def inbox_of(self, reach: Any) -> DeliveryQuerySet:
        """What one person was told at one estate."""
        return self.at_estate(reach.estate).filter(person_id=reach.person_id, channel=Channel.INBOX)

    def unread(self) -> DeliveryQuerySet:
        return self.filter(read_at__isnull=True)

    def due(self, now: datetime) -> DeliveryQuerySet:
        """What has to be sent, or sent again, or was left in the middle by a sender that died."""
        return self.filter(next_at__lte=now)

    def mark_read(self, at: datetime) -> int:
        return self.unread().update(read_at=at)


class Delivery(EstateOwned):
    """To a person (inbox, email) or to a subscription (webhook); its id is what the outside world sees, again and again.

    `next_at` is when a sender must look: empty for what is over. Title and body are templates, rendered when read.
    """

    noun = "delivery"
    event_id = models.BigIntegerField()
    person = PersonKey(null=True)
    subscription = EstateForeignKey("notices.Subscription", models.CASCADE, null=True, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    title = models.CharField(max_length=120, blank=True)
    body = models.CharField(max_length=300, blank=True)
    linked = models.BooleanField(default=True)  # opening it leads to the event's subject
    urgent = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    external_id = models.CharField(max_length=120, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "event_id", "person", "channel"],
                condition=Q(person__isnull=False),
                name="delivery_once",
            ),
            models.UniqueConstraint(
                fields=["estate", "event_id", "subscription"],
                condition=Q(subscription__isnull=False),
                name="delivery_hook_once",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(subscription__isnull=True), name="delivery_one_reader"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="delivery_due"),
            models.Index(fields=["estate", "person", "-id"], condition=Q(channel="inbox"), name="delivery_inbox"),
            models.Index(
                fields=["estate", "person"], condition=Q(channel="inbox", read_at__isnull=True), name="delivery_unread"
            ),
            models.Index(
                fields=["estate", "subscription", "-id"], condition=Q(subscription__isnull=False), name="delivery_hook"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.event_id} {self.state}"
