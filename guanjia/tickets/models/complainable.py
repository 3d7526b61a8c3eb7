"""Complaints: verdict, responsible person, measure, signature, compensation (REQ-19..23, REQ-48, CF-61)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey
from guanjia.tenancy.verbs import verb

from ..kinds import DOUBLE_CLICK, OPEN, Kind, Stage
from ..kinds import Verdict as Ruling

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from guanjia.people.models import Person


class Verdict(EstateOwned):
    """Valid or invalid, who is responsible, and why; awards and yearly goals use it (REQ-20)."""

    ticket = EstateForeignKey("tickets.Ticket", models.CASCADE, related_name="verdicts")
    round = models.PositiveSmallIntegerField(default=0)  # a reopened complaint is judged anew
    by = PersonKey()
    at = models.DateTimeField()
    ruling = models.CharField(max_length=8, choices=Ruling.choices)
    why = models.CharField(max_length=300)
    department = models.CharField(max_length=40, blank=True)
    accused = PersonKey(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "ticket", "round"], name="verdict_once")]

    def __str__(self) -> str:
        return self.ruling


class Measure(EstateOwned):
    """What is done so that it does not happen again."""

    ticket = EstateForeignKey("tickets.Ticket", models.CASCADE, related_name="measures")
    by = PersonKey()
    at = models.DateTimeField()
    words = models.CharField(max_length=500)

    class Meta:
        indexes = [models.Index(fields=["estate", "ticket"], name="measure_ticket")]

    def __str__(self) -> str:
        return self.words


class Signature(EstateOwned):
    """The customer's signature on the phone, closing the complaint form (REQ-21)."""

    ticket = EstateForeignKey("tickets.Ticket", models.CASCADE, related_name="signatures")
    round = models.PositiveSmallIntegerField(default=0)
    signer = models.CharField(max_length=60)
    by = PersonKey(null=True)
    at = models.DateTimeField()
    photo = EstateForeignKey("tickets.Photo", models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "ticket", "round"], name="signature_once")]

    def __str__(self) -> str:
        return self.signer


class Compensation(EstateOwned):
    """Money or a service given because a promise was not kept (REQ-48)."""

    ticket = EstateForeignKey("tickets.Ticket", models.CASCADE, related_name="compensations")
    by = PersonKey()
    at = models.DateTimeField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)  # yuan
    why = models.CharField(max_length=300)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="compensation_positive")]
        indexes = [models.Index(fields=["estate", "ticket"], name="compensation_ticket")]

    def __str__(self) -> str:
        return f"{self.amount}"


class Complainable(models.Model):
    class Meta:
        abstract = True

    @property
    def is_complaint(self) -> bool:
        return self.kind == Kind.COMPLAINT

    @property
    def verdict(self) -> Verdict | None:
        return Verdict.objects.at_estate(self.estate_id).filter(ticket=self, round=self.reopened).first()

    @verb
    def judge(
        self, ruling: str, why: str, *, by: Any, department: str = "", accused: Person | None = None, at: datetime | None = None
    ) -> Verdict:
        """Valid or invalid, by somebody who is not its subject: not the accused, the steward, or a worker on it (CF-61)."""
        at = at or clock.now()
        by.must("ticket.verdict")
        self.must_be(*OPEN)
        self._must_be_complaint()
        if by.person_id in self._involved(accused):
            raise Refused(_("当事人不能判定自己的投诉，请由他人判定。"), code="own_case")
        if ruling not in Ruling.values or not why.strip():
            raise Refused(_("请选择有效或无效，并写明理由。"), code="why_missing")
        made, new = Verdict.objects.get_or_create(
            estate_id=self.estate_id, ticket=self, round=self.reopened,
            defaults={"by_id": by.person_id, "at": at, "ruling": ruling, "why": why.strip(), "department": department, "accused": accused},
        )  # fmt: skip
        if not new:
            raise Refused(_("本投诉已经判定。"), code="already_judged")
        Event.objects.record(
            Action.COMPLAINT_JUDGED, self, by=by, at=at, verdict=kept(Ruling(ruling).label), ruling=ruling, why=why.strip(), accused=accused.name if accused else ""
        )
        return made

    def _involved(self, accused: Person | None) -> set[int | None]:
        from .work_order import WorkOrder

        workers = WorkOrder.objects.at_estate(self.estate_id).filter(ticket=self).values_list("worker_id", flat=True)
        return {self.steward_id, *workers, *([accused.pk] if accused else [])}

    @verb
    def correct(self, words: str, *, by: Any, at: datetime | None = None) -> Measure:
        """Write down the corrective measure."""
        at = at or clock.now()
        by.must("ticket.progress")
        self.must_be(*OPEN)
        self._must_be_complaint()
        if not words.strip():
            raise Refused(_("请写下内容。"), code="words_missing")
        made = Measure.objects.create(estate_id=self.estate_id, ticket=self, by_id=by.person_id, at=at, words=words.strip())
        Event.objects.record(Action.COMPLAINT_CORRECTED, self, by=by, at=at, words=words.strip())
        return made

    @verb
    def sign(self, upload: Any, signer: str, *, by: Any, at: datetime | None = None) -> Signature:
        """Keep the customer's signature; `upload` is the drawn picture."""
        at = at or clock.now()
        self.must_follow(by, "ticket.confirm")
        self.must_be(Stage.DONE, Stage.FED_BACK)
        if Signature.objects.at_estate(self.estate_id).filter(ticket=self, round=self.reopened).exists():
            raise Refused(_("客户已经签字。"), code="already_signed")
        photo = self.keep_photo(upload, "signature", by, at)
        made = Signature.objects.create(
            estate_id=self.estate_id, ticket=self, round=self.reopened, signer=signer.strip() or by.name, by_id=by.person_id, at=at, photo=photo
        )
        action = Action.TICKET_SIGNED if made.signer == by.name else Action.TICKET_SIGNED_FOR
        Event.objects.record(action, self, by=by, at=at, signer=made.signer)
        return made

    @verb
    def compensate(self, amount: Decimal, why: str, *, by: Any, at: datetime | None = None) -> Compensation:
        """Register a compensation in yuan; amounts are the company's parameter (REQ-48)."""
        at = at or clock.now()
        by.must("ticket.compensate")
        if amount <= 0 or not why.strip():
            raise Refused(_("补偿金额须大于零，并写明理由。"), code="amount")
        self.must_be(*OPEN, Stage.ARCHIVED)
        known = Compensation.objects.at_estate(self.estate_id).filter(ticket=self, amount=amount, why=why.strip(), at__gt=at - DOUBLE_CLICK)
        if known.exists():
            raise Refused(_("刚刚登记过同样的补偿。"), code="already_noted")
        made = Compensation.objects.create(estate_id=self.estate_id, ticket=self, by_id=by.person_id, at=at, amount=amount, why=why.strip())
        Event.objects.record(Action.TICKET_COMPENSATED, self, by=by, at=at, amount=str(amount), why=why.strip())
        return made

    @property
    def lacks(self) -> str:
        """What a complaint still needs before it is archived: verdict, measure (if valid), signature; nobody signs for the anonymous."""
        if not self.is_complaint:
            return ""
        verdict = self.verdict
        if not verdict:
            return "verdict"
        if verdict.ruling == Ruling.VALID and not Measure.objects.at_estate(self.estate_id).filter(ticket=self).exists():
            return "measure"
        if not self.anonymous and not Signature.objects.at_estate(self.estate_id).filter(ticket=self, round=self.reopened).exists():
            return "signature"
        return ""

    def must_be_settled(self) -> None:
        words = {"verdict": _("投诉还没有判定有效或无效。"), "measure": _("有效投诉须先登记纠正措施。"), "signature": _("投诉归档前须由客户签字。")}
        if lacks := self.lacks:
            raise Refused(words[lacks], code=f"{lacks}_missing")

    def _must_be_complaint(self) -> None:
        if not self.is_complaint:
            raise Refused(_("本单不是投诉。"), code="not_a_complaint")
