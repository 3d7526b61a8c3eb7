"""Taking, arriving, pausing, using material, finishing (REQ-05, REQ-15; design §5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.estates.marks import is_at, place_of
from guanjia.events.actions import Action
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey
from guanjia.tenancy.verbs import verb

from ..kinds import DOUBLE_CLICK, WORK_OPEN, Stage, WorkStage

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal


class WorkPause(EstateOwned):
    work = EstateForeignKey("tickets.WorkOrder", models.CASCADE, related_name="pauses")
    at = models.DateTimeField()
    why = models.CharField(max_length=300)
    resumed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "work"], condition=models.Q(resumed_at__isnull=True), name="work_pause_one")
        ]

    def __str__(self) -> str:
        return self.why


class Material(EstateOwned):
    """Material used on an order."""

    work = EstateForeignKey("tickets.WorkOrder", models.CASCADE, related_name="materials")
    by = PersonKey()
    at = models.DateTimeField()
    item = models.CharField(max_length=80)
    quantity = models.DecimalField(max_digits=10, decimal_places=2)
    unit = models.CharField(max_length=10, blank=True)  # 个, 米
    price = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # yuan apiece

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(quantity__gt=0), name="material_positive")]
        indexes = [models.Index(fields=["estate", "work"], name="material_work")]

    def __str__(self) -> str:
        return self.item


class Workable(models.Model):
    class Meta:
        abstract = True

    @verb
    def take(self, *, by: Any, at: datetime | None = None) -> None:
        """Accept the order."""
        at = at or clock.now()
        by.must("work.take")
        self.must_be_mine(by)
        self.must_be(WorkStage.OFFERED)
        self.move(WorkStage.TAKEN, taken_at=at)
        self._ticket_goes_on(at, "responded")
        self.tell(Action.WORK_TAKEN, by=by, at=at, public=True)

    @verb
    def arrive(
        self, *, by: Any, proof: str = "word", mark: str = "", latitude: Decimal | None = None, longitude: Decimal | None = None,
        at: datetime | None = None,
    ) -> None:  # fmt: skip
        """Check in on site; the urgent clock stops. `proof` is qr (with the label's `mark`), position (degrees) or word."""
        at = at or clock.now()
        self.must_be_mine(by)
        self.must_be(WorkStage.OFFERED, WorkStage.TAKEN)
        if proof not in ("qr", "position", "word") or (proof == "position" and None in (latitude, longitude)):
            raise Refused(_("没有收到位置，请扫码或直接签到。"), code="no_position")
        if proof == "qr" and not is_at(place_of(mark, self.estate), self.ticket.unit, self.ticket.place):
            raise Refused(_("这个二维码不在本单的位置。"), code="wrong_place")
        self.move(
            WorkStage.ARRIVED, arrived_at=at, taken_at=self.taken_at or at, arrival_proof=proof, latitude=latitude, longitude=longitude
        )
        self._ticket_goes_on(at, "responded", "arrived")
        self.tell(Action.WORK_ARRIVED, by=by, at=at, proof=proof, public=True)

    @verb
    def pause(self, why: str, *, by: Any, at: datetime | None = None) -> WorkPause:
        """Stop working for a reason (parts, nobody home). The ticket's clocks are paused by the desk, not by the worker."""
        at = at or clock.now()
        self.must_be_mine(by)
        self.must_be(WorkStage.TAKEN, WorkStage.ARRIVED)
        if not why.strip():
            raise Refused(_("暂停请写明原因。"), code="why_missing")
        made = WorkPause.objects.create(estate_id=self.estate_id, work=self, at=at, why=why.strip())
        self.move(WorkStage.PAUSED)
        self.tell(Action.WORK_PAUSED, by=by, at=at, why=why.strip(), public=True)
        return made

    @verb
    def resume(self, *, by: Any, at: datetime | None = None) -> None:
        at = at or clock.now()
        self.must_be_mine(by)
        self.must_be(WorkStage.PAUSED)
        self.end_pause(at)
        self.move(WorkStage.ARRIVED if self.arrived_at else WorkStage.TAKEN)
        self.tell(Action.WORK_RESUMED, by=by, at=at, public=True)

    @verb
    def use(
        self, item: str, quantity: Decimal, *, by: Any, unit: str = "", price: Decimal | None = None, at: datetime | None = None
    ) -> Material:
        """Note material; quantity in `unit`, price in yuan apiece."""
        at = at or clock.now()
        self.must_be_mine(by)
        self.must_be(*WORK_OPEN)
        if quantity <= 0 or not item.strip():
            raise Refused(_("请填写材料名称和数量。"), code="material")
        known = Material.objects.at_estate(self.estate_id).filter(work=self, item=item.strip(), quantity=quantity, at__gt=at - DOUBLE_CLICK)
        if known.exists():
            raise Refused(_("刚刚登记过同样的材料。"), code="already_noted")
        made = Material.objects.create(
            estate_id=self.estate_id, work=self, by_id=by.person_id, at=at, item=item.strip(), quantity=quantity, unit=unit, price=price
        )
        self.tell(Action.WORK_MATERIAL_USED, by=by, at=at, item=item.strip(), quantity=f"{quantity.normalize():f}{unit}", told=False)
        return made

    @verb
    def finish(self, words: str, *, by: Any, at: datetime | None = None) -> None:
        """Work done. When it was the last open order, the ticket is done and the call-back clocks start."""
        at = at or clock.now()
        by.must("work.act")
        self.must_be_mine(by)
        self.ticket.lock_incident()
        self.must_be(WorkStage.TAKEN, WorkStage.ARRIVED)
        if not words.strip():
            raise Refused(_("请写一句做了什么。"), code="words_missing")
        self.move(WorkStage.FINISHED, ended_at=at, result=words.strip())
        self.tell(Action.WORK_FINISHED, by=by, at=at, words=words.strip(), public=True)
        ticket = self.ticket
        others = type(self).objects.at_estate(self.estate_id).filter(ticket=ticket).unsettled()
        if not others.exists() and ticket.stage in (Stage.DISPATCHED, Stage.HANDLING):
            ticket._complete(words, by, at)

    @verb
    def withdraw(self, why: str, *, by: Any, at: datetime | None = None) -> None:
        """Take the order back from the worker."""
        by.must("ticket.dispatch")
        self.end_by_house(why, by, at or clock.now())

    def end_by_house(self, why: str, by: Any, at: datetime) -> None:
        """Withdrawn, or its ticket ended: whoever may do that needs no further permission."""
        self.must_be(*WORK_OPEN)
        self.end_pause(at)
        self.move(WorkStage.WITHDRAWN, ended_at=at)
        self.tell(Action.WORK_WITHDRAWN, by=by, at=at, why=why, worker_id=self.worker_id)

    def end_pause(self, at: datetime) -> None:
        """Close the open pause, if there is one."""
        WorkPause.objects.at_estate(self.estate_id).filter(work=self, resumed_at__isnull=True).update(resumed_at=at)

    def _ticket_goes_on(self, at: datetime, *moments: str) -> None:
        ticket = self.ticket
        ticket.must_be(Stage.DISPATCHED, Stage.HANDLING)
        ticket.come_to(*moments, at=at, stage=Stage.HANDLING)
