"""律师函: after the quarter's last check, for bad faith, with the late charge; asked by one, approved by another (FEE-11)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _t

from guanjia import clock
from guanjia.collection.kinds import CallKind, Contact, Judged
from guanjia.collection.late import Terms, late_of
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.households.models import HouseholdDocument
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

from .call import Call
from .chase import Chase
from .hold import Hold

if TYPE_CHECKING:
    from datetime import datetime

    from .payer import Payer

CHECKED = timedelta(days=92)  # the last check holds for a quarter
NOTHING = Decimal("0.00")


class LetterQuerySet(EstateQuerySet["Letter"]):
    def visible_to(self, reach: Any) -> LetterQuerySet:
        rows = self.at_estate(reach.estate)
        if not (reach.may("chase.act") or reach.may("chase.judge")):
            return rows.none()
        return rows if reach.sees == "estate" else rows.filter(unit__zone_id__in=reach.zones)

    def ask(self, payer: Payer, why: str, *, by: Any, at: datetime | None = None) -> Letter:
        """Ask for a letter. Refused unless the quarter's last check was made and nothing holds the household back."""
        by.must("chase.act")
        at = at or clock.now()
        today = clock.today(payer.estate, at)
        if not why.strip():
            raise Refused(_t("请写明原因。"), code="why_missing")
        with estate_scope(payer.estate):
            mine = {"estate": payer.estate, "household_id": payer.household_id}
            if Hold.objects.in_force().filter(**mine).exists():
                raise Refused(_t("这户正在暂缓催收，不能发函。"), code="held")
            checked = Call.objects.filter(
                **mine, kind=CallKind.FINAL, outcome=Call.Outcome.RECORDED, ended_at__gte=at - CHECKED
            )
            if not checked.exists():
                raise Refused(_t("季末第四周复核以后才能发律师函。"), code="not_checked")
            lines = [line for line in payer.owing(today) if line.bill.due_on < today]
            if not lines:
                raise Refused(_t("这户没有逾期的欠费。"), code="nothing_overdue")
            terms = Terms.of(payer.estate, at)
            late = late_of(lines, today, terms) if terms else {}
            rows = [
                [line.fee.name, line.unit.code, f"{line.period:%Y-%m}", str(line.owed), str(late.get(line.pk, NOTHING))]
                for line in lines
            ]
            made = self.create(
                estate=payer.estate, household_id=payer.household_id, unit_id=payer.unit_id, on=today, why=why.strip()[:200], rows=rows,
                owed=sum((line.owed for line in lines), NOTHING), late=sum(late.values(), NOTHING), asker_id=by.person_id, asked_at=at,
            )  # fmt: skip
            Event.objects.record(
                Action.LETTER_ASKED, made, by=by, at=at, unit=made.unit.code, amount=str(made.owed), why=made.why
            )
            return made


class Letter(EstateOwned):
    """What it says is kept as it was asked for; a payment in between is seen before it is sent."""

    noun = "letter"
    household = EstateForeignKey("households.Household", models.PROTECT, related_name="letters")
    unit = EstateForeignKey("estates.Unit", models.PROTECT, related_name="letters")
    on = models.DateField()
    why = models.CharField(max_length=200)
    rows = models.JSONField(default=list)  # [[fee, unit, month, owed, late charge]]
    owed = models.DecimalField(max_digits=14, decimal_places=2)
    late = models.DecimalField(max_digits=14, decimal_places=2)
    state = models.CharField(max_length=10, choices=Judged.choices, default=Judged.ASKED)
    asker = PersonKey()
    asked_at = models.DateTimeField()
    judge = PersonKey(null=True)
    judged_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    parcel = models.CharField(max_length=64, blank=True)  # number of the registered post
    document = EstateForeignKey(HouseholdDocument, models.PROTECT, null=True, related_name="letters")  # as it was sent

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "household"], condition=models.Q(state="asked"), name="letter_one_asked"
            )
        ]
        indexes = [models.Index(fields=["estate", "household"], name="letter_household")]

    def __str__(self) -> str:
        return f"{self.on:%Y}-{self.pk:04d}"

    @property
    def total(self) -> Decimal:
        return self.owed + self.late

    @property
    def terms(self) -> Terms | None:
        """Of the late charge, as they were when it was asked for; None where the company had set no rate."""
        return Terms.of(self.estate, self.asked_at)

    def pdf(self) -> bytes:
        """As it was sent; until then as it would be."""
        from guanjia.collection.paper import letter_pdf

        if self.document is None:
            return letter_pdf(self)
        with self.document.file.open("rb") as kept:
            content: bytes = kept.read()
        return content

    @verb
    def judge_it(self, approved: bool, *, by: Any, at: datetime | None = None) -> None:
        by.must("chase.judge")
        at = at or clock.now()
        if by.person_id == self.asker_id:
            raise Refused(_t("自己的申请要由别人审批。"), code="same_person")
        state = Judged.APPROVED if approved else Judged.REFUSED
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, state=Judged.ASKED)
        if not rows.update(state=state, judge_id=by.person_id, judged_at=at):
            raise Refused(_t("这个申请已经审批过。"), code="already_judged")
        self.refresh_from_db()
        Event.objects.record(
            Action.LETTER_JUDGED,
            self,
            by=by,
            at=at,
            unit=self.unit.code,
            verdict=self.get_state_display(),
            worker_id=self.asker_id,
        )

    @verb
    def send(self, parcel: str, *, by: Any, at: datetime | None = None) -> None:
        """It went out by registered post and is kept on the household's file. Who has paid meanwhile, or is held, gets none."""
        from .payer import Payer

        by.must("chase.act")
        at = at or clock.now()
        payer = Payer(self.estate, self.household_id, self.unit_id)
        payer.lock()
        row = type(self).objects.at_estate(self.estate_id).select_for_update(of=("self",)).get(pk=self.pk)
        row._may_go(payer, at)
        paper = HouseholdDocument.objects.file_away(
            self.household,
            HouseholdDocument.Kind.LETTER,
            _t("律师函 %(letter)s") % {"letter": self},
            self.pdf(),
            by=by,
            at=at,
        )
        self.sent_at, self.parcel, self.document = at, parcel.strip()[:64], paper
        self.save(update_fields=["sent_at", "parcel", "document"])
        words = _t("寄出律师函 %(letter)s") % {"letter": self}
        Chase.objects.record(payer, contact=Contact.LETTER, reason="refuses", words=words, letter=self, by=by, at=at)
        Event.objects.record(
            Action.LETTER_SENT, self, by=by, at=at, told=False, unit=self.unit.code, parcel=self.parcel
        )

    def _may_go(self, payer: Payer, at: datetime) -> None:
        if self.state != Judged.APPROVED or self.sent_at:
            raise Refused(_t("只有批准后还没有寄出的函可以寄。"), code="not_approved")
        if payer.owes(clock.today(self.estate, at)) < self.owed:
            raise Refused(_t("这户在此期间缴过费，请重新核对金额再申请。"), code="owes_less")
        if Hold.objects.in_force().filter(estate_id=self.estate_id, household_id=self.household_id).exists():
            raise Refused(_t("这户正在暂缓催收，不能发函。"), code="held")
