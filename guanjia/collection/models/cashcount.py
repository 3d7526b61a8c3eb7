"""现金盘点: the estate's cash counted blind by somebody who does not keep it; a difference explained by who does (FIN-02, CF-16)."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.chart import CASH
from guanjia.duties.answers import drawn
from guanjia.duties.models import Task
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

from .bank import standing
from .payment import Payment
from .shift import Shift

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

FACES = tuple(map(Decimal, ("100", "50", "20", "10", "5", "1", "0.5", "0.1")))  # yuan
FORM = "cash_count"  # duties that ask for a count and no picture are done by it


class CashCountQuerySet(EstateQuerySet["CashCount"]):
    def count_up(
        self, estate: Any, pieces: Mapping[str, int], *, signature: str, by: Any, at: datetime | None = None
    ) -> CashCount:
        """Notes and coins by face value. What the books say is not shown before; who keeps the cash does not count it."""
        if not (by.may("payment.take") or by.may("payment.judge")):
            raise NotAllowed("payment.judge")
        at = at or clock.now()
        with estate_scope(estate):
            if _keeps(estate, by.person_id, at):
                raise Refused(_("自己经管的现金要由别人来盘点。"), code="keeps_it")
            try:
                drawn(signature)
            except ValueError as wrong:
                raise Refused(_("请监盘人签名。"), code="not_signed") from wrong
            found = {face: int(n) for face, n in pieces.items() if n}
            made = self.create(
                estate=estate, pieces=found, counted=sum((Decimal(face) * n for face, n in found.items()), Decimal("0.00")),
                book=standing(estate, clock.today(estate, at), CASH), counter_id=by.person_id, at=at, on=clock.today(estate, at), signature=signature,
            )  # fmt: skip
            Event.objects.record(
                Action.CASH_COUNTED, made, by=by, at=at, told=bool(made.out), counted=str(made.counted), book=str(made.book), out=str(made.out)
            )  # fmt: skip
            return made


def _keeps(estate: Any, person: int, at: datetime) -> bool:
    """Has a drawer open, or has taken cash this month."""
    if Shift.objects.at_estate(estate).open_now().filter(cashier_id=person).exists():
        return True
    month = clock.today(estate, at).replace(day=1)
    return Payment.objects.at_estate(estate).filter(taker_id=person, way="cash", on__gte=month).exists()


class CashCount(EstateOwned):
    """Counted by one, answered for by another. A difference is booked when its drawer is closed, never here."""

    noun = "cash_count"
    on = models.DateField()
    pieces = models.JSONField(default=dict)  # face value in yuan → how many
    counted = models.DecimalField(max_digits=12, decimal_places=2)
    book = models.DecimalField(max_digits=12, decimal_places=2)  # what the books said at that moment
    counter = PersonKey()
    at = models.DateTimeField()
    signature = models.TextField(blank=True)  # the counter's, as a picture
    keeper = PersonKey(null=True)
    why = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = CashCountQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "-on"], name="cash_count_recent")]
        constraints = [
            models.CheckConstraint(condition=Q(keeper__isnull=True) | ~Q(keeper=F("counter")), name="cash_count_two")
        ]

    def __str__(self) -> str:
        return f"{self.on}"

    @property
    def out(self) -> Decimal:
        return self.counted - self.book

    @verb
    def answer(self, why: str, *, by: Any, at: datetime | None = None) -> None:
        """Who keeps the cash confirms the count, and explains a difference. Open duties of a count are done by it."""
        by.must("payment.take")
        at = at or clock.now()
        if by.person_id == self.counter_id:
            raise Refused(_("盘点人不能替收银员确认。"), code="same_person")
        if self.out and not why.strip():
            raise Refused(_("账实相差 %(amount)s 元，请写明原因。") % {"amount": self.out}, code="why_missing")
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, answered_at__isnull=True)
        if not rows.update(keeper_id=by.person_id, why=why.strip()[:200], answered_at=at):
            raise Refused(_("已经确认过。"), code="already_answered")
        self.refresh_from_db()
        Event.objects.record(Action.CASH_ANSWERED, self, by=by, at=at, told=False, out=str(self.out), why=self.why)
        self._do_duties(by, at)

    def _do_duties(self, by: Any, at: datetime) -> None:
        mine = Q(person_id=by.person_id) | Q(person__isnull=True)
        tasks = Task.objects.at_estate(self.estate_id).visible_to(by).workable(at).filter(mine, duty__form=FORM)
        said = {
            "book": str(self.book),
            "counted": str(self.counted),
            "matches": "bad" if self.out else "ok",
            "matches-words": self.why,
            "signature": self.signature,
        }
        for task in tasks.exclude(duty__proof__contains=["photo"]).select_related("duty", "estate"):
            task.finish(by=by, answers=said, client_id=uuid.uuid4(), at=at)
