"""What was answered. With a name it says whose; without, it lies sealed until the round ends and belongs to nobody after."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from guanjia.tenancy.crypto import SealedField
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey

from .invitation import Invitation
from .poll import Poll

if TYPE_CHECKING:
    from datetime import datetime

SIZE = 4096  # every envelope is filled up to a multiple of it: its length tells nothing


class EnvelopeQuerySet(EstateQuerySet["Envelope"]):
    def seal(self, poll: Poll, zone: int | None, answers: dict[str, Any]) -> None:
        text = json.dumps({"zone": zone, "answers": answers}, ensure_ascii=False)
        length = len(text.encode())
        self.create(estate_id=poll.estate_id, poll=poll, sealed=text + " " * (-length % SIZE))


class Envelope(EstateOwned):
    """An anonymous answer before the round ends: encrypted, all of one length, without who and when. Opened and removed together."""

    noun = "envelope"
    poll = EstateForeignKey(Poll, models.CASCADE, related_name="envelopes")
    sealed = SealedField()

    objects = EnvelopeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "poll"], name="envelope_poll")]

    def __str__(self) -> str:
        return f"{self.poll_id}"


class ResponseQuerySet(EstateQuerySet["Response"]):
    def keep(self, invitation: Invitation, answers: dict[str, Any], *, by: Any, at: datetime) -> Response:
        """An answer with its name; words for the opinion library go there with it."""
        from ..gathering import words_of

        made = self.create(
            estate_id=invitation.estate_id, poll_id=invitation.poll_id, invitation=invitation, zone_id=invitation.zone_id, answers=answers,
            anonymous=False, by_id=by.person_id, at=at,
        )  # fmt: skip
        words_of(invitation.poll, [made], at)
        return made


class Response(EstateOwned):
    noun = "response"
    poll = EstateForeignKey(Poll, models.CASCADE, related_name="responses")
    invitation = EstateForeignKey(Invitation, models.CASCADE, null=True, related_name="responses")
    anonymous = models.BooleanField()
    zone = EstateForeignKey("estates.Zone", models.RESTRICT, null=True, related_name="responses")
    answers = models.JSONField()
    by = PersonKey(null=True)
    at = models.DateTimeField(null=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "poll"], name="response_poll")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "invitation"], condition=Q(invitation__isnull=False), name="response_once"),
            models.CheckConstraint(
                condition=Q(anonymous=True, invitation__isnull=True, by__isnull=True, at__isnull=True)
                | Q(anonymous=False, invitation__isnull=False, by__isnull=False, at__isnull=False),
                name="response_named_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.poll_id}"
