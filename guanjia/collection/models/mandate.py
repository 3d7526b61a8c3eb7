"""代扣签约: a household lets its bank pay (FEE-12). The account number is sealed; its tail is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _t

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.crypto import SealedField
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime

    from .payer import Payer


class MandateQuerySet(EstateQuerySet["Mandate"]):
    def sign(
        self, payer: Payer, *, bank: str, holder: str, number: str, by: Any, at: datetime | None = None
    ) -> Mandate:
        """A household lets its dues be debited; one account at a time."""
        by.must("debit.run")
        at = at or clock.now()
        digits = number.replace(" ", "")
        if not digits.isdigit() or not 8 <= len(digits) <= 32:
            raise Refused(_t("银行账号是 8 到 32 位数字。"), code="bad_number")
        with estate_scope(payer.estate):
            self.at_estate(payer.estate).filter(household_id=payer.household_id, ended_at__isnull=True).update(
                ended_at=at
            )
            made = self.create(
                estate=payer.estate, household_id=payer.household_id, unit_id=payer.unit_id, bank=bank.strip()[:40], holder=holder.strip()[:60], number=digits,
                tail=digits[-4:], signed_at=at,
            )  # fmt: skip
            Event.objects.record(
                Action.MANDATE_SIGNED, made, by=by, at=at, told=False, unit=made.unit.code, tail=made.tail
            )
            return made


class Mandate(EstateOwned):
    noun = "mandate"
    household = EstateForeignKey("households.Household", models.PROTECT, related_name="mandates")
    unit = EstateForeignKey("estates.Unit", models.PROTECT, related_name="mandates")
    bank = models.CharField(max_length=40)
    holder = models.CharField(max_length=60)
    number = SealedField(default="")
    tail = models.CharField(max_length=4)  # what is shown of it
    signed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "household"], condition=models.Q(ended_at__isnull=True), name="mandate_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.holder} {self.tail}"

    @verb
    def end(self, *, by: Any, at: datetime | None = None) -> None:
        """The household wants it no more. A list that is not filled in yet passes it over."""
        by.must("debit.run")
        at = at or clock.now()
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, ended_at__isnull=True)
        if not rows.update(ended_at=at):
            raise Refused(_t("这份签约已经终止。"), code="already_ended")
        self.ended_at = at
        Event.objects.record(
            Action.MANDATE_ENDED, self, by=by, at=at, told=False, unit=self.unit.code, tail=self.tail
        )
