"""Refusing an order: only as illegal or dangerous, judged by a supervisor; other objections come afterwards (STF-02, CF-14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.sentences import kept
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey
from guanjia.tenancy.verbs import verb

from ..kinds import Ground, Stage, WorkStage

if TYPE_CHECKING:
    from datetime import datetime


class Refusal(EstateOwned):
    work = EstateForeignKey("tickets.WorkOrder", models.CASCADE, related_name="refusals")
    by = PersonKey()
    at = models.DateTimeField()
    ground = models.CharField(max_length=10, choices=Ground.choices)
    why = models.CharField(max_length=300)
    judged_by = PersonKey(null=True)
    judged_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)
    judgement = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "work"], condition=models.Q(judged_at__isnull=True), name="refusal_one_open")
        ]

    def __str__(self) -> str:
        return self.why


class Objection(EstateOwned):
    """Raised after the work was done (CF-14)."""

    work = EstateForeignKey("tickets.WorkOrder", models.CASCADE, related_name="objections")
    by = PersonKey()
    at = models.DateTimeField()
    why = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "work", "by"], name="objection_once")]

    def __str__(self) -> str:
        return self.why


class Refusable(models.Model):
    class Meta:
        abstract = True

    @verb
    def refuse(self, ground: str, why: str, *, by: Any, at: datetime | None = None) -> Refusal:
        """Stop and ask a supervisor. Any other ground: do it first, object afterwards."""
        at = at or clock.now()
        self.must_be_mine(by)
        self.must_be(WorkStage.OFFERED, WorkStage.TAKEN, WorkStage.ARRIVED)
        if ground not in Ground.values:
            raise Refused(_("只有违法或危险可以拒单；其他意见请先完成，事后提出。"), code="ground")
        if not why.strip():
            raise Refused(_("拒单请写明具体情况。"), code="why_missing")
        made = Refusal.objects.create(estate_id=self.estate_id, work=self, by_id=by.person_id, at=at, ground=ground, why=why.strip())
        self.move(WorkStage.REFUSED)
        self.tell(Action.WORK_REFUSED, by=by, at=at, ground=kept(Ground(ground).label), why=why.strip())
        return made

    @verb
    def judge_refusal(self, upheld: bool, why: str, *, by: Any, at: datetime | None = None) -> None:
        """Upheld: the order ends. Overruled: it goes back to the worker."""
        at = at or clock.now()
        by.must("work.verdict")
        self.must_be(WorkStage.REFUSED)
        if by.person_id == self.worker_id:
            raise Refused(_("不能裁定自己的拒单。"), code="own_case")
        rows = Refusal.objects.at_estate(self.estate_id).filter(work=self, judged_at__isnull=True)
        if not rows.update(judged_by_id=by.person_id, judged_at=at, upheld=upheld, judgement=why.strip()[:300]):
            raise Refused(_("这次拒单已经裁定。"), code="already_judged")
        if upheld or self.ticket.stage not in (Stage.DISPATCHED, Stage.HANDLING):  # what ended meanwhile stays ended
            self.move(WorkStage.REFUSED, ended_at=at)
        else:
            self.move(WorkStage.ARRIVED if self.arrived_at else WorkStage.TAKEN if self.taken_at else WorkStage.OFFERED)
        verdict = kept(_("成立") if upheld else _("不成立"))
        self.tell(Action.WORK_REFUSAL_JUDGED, by=by, at=at, verdict=verdict, why=why.strip(), worker_id=self.worker_id)

    @verb
    def object(self, why: str, *, by: Any, at: datetime | None = None) -> Objection:
        """An objection after the work was done."""
        at = at or clock.now()
        self.must_be_mine(by)
        self.must_be(WorkStage.FINISHED)
        if not why.strip():
            raise Refused(_("请写下内容。"), code="words_missing")
        made, new = Objection.objects.get_or_create(
            estate_id=self.estate_id, work=self, by_id=by.person_id, defaults={"at": at, "why": why.strip()}
        )
        if not new:
            raise Refused(_("已经提出过异议。"), code="already_objected")
        self.tell(Action.WORK_OBJECTED, by=by, at=at, why=why.strip())
        return made
