"""《物管费催收记录表》: what was said in every contact, and what follows from it (FEE-06, 07, 08, 15, 16)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _t

from guanjia import clock
from guanjia.collection.kinds import CallKind, Contact, HoldKind, Reason
from guanjia.collection.quiet import DISTURBING, resting
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tickets.kinds import Kind
from guanjia.tickets.models import Ticket

from .call import Call
from .hold import Hold
from .payer import Payer

if TYPE_CHECKING:
    from datetime import date, datetime

RECENT = timedelta(days=7)  # a contact is written down within a week
PROMISED = timedelta(days=92)  # a promise at most so far ahead
VISIT_WITHIN = timedelta(days=7)


class ChaseQuerySet(EstateQuerySet["Chase"]):
    def visible_to(self, reach: Any) -> ChaseQuerySet:
        rows = self.at_estate(reach.estate)
        if not reach.may("chase.act"):
            return rows.none()
        return rows if reach.sees == "estate" else rows.filter(unit__zone_id__in=reach.zones)

    def before(self, last: Chase) -> ChaseQuerySet:
        """Those after it in a list that has the newest first."""
        return self.filter(models.Q(at__lt=last.at) | models.Q(at=last.at, pk__lt=last.pk))

    def record(
        self, payer: Payer, *, contact: str, reason: str, words: str, by: Any, promised_on: date | None = None, strongly: bool = False,
        offered_debit: bool = False, letter: Any = None, key: str = "", spoke_at: datetime | None = None,
        at: datetime | None = None,
    ) -> Chase:  # fmt: skip
        """Write down a contact of `spoke_at`, within a week; nobody is rung up or visited in the hours of rest. A service reason opens a ticket and stops the chasing; strong objections are visited.

        Every call of the household that was open then ends: one contact answers them all. The same `key` records once.
        """
        by.must("chase.act")
        at = at or clock.now()
        at = _spoken(payer.estate, contact, spoke_at, at)
        today = clock.today(payer.estate, at)
        if not words.strip():
            raise Refused(_t("请写明谈了什么。"), code="words_missing")
        if promised_on and not today <= promised_on <= today + PROMISED:
            raise Refused(_t("承诺日期在今天到三个月之内。"), code="bad_promise")
        with estate_scope(payer.estate):
            payer.lock()
            if key and (known := self.at_estate(payer.estate).filter(key=key).first()):
                return known
            made = self.create(
                estate=payer.estate, household_id=payer.household_id, unit_id=payer.unit_id, contact=contact, reason=reason, words=words.strip()[:500],
                promised_on=promised_on, strongly=strongly, offered_debit=offered_debit, letter=letter, owed=payer.owes(), author_id=by.person_id, at=at, on=today, key=key,
            )  # fmt: skip
            waiting = Call.objects.at_estate(payer.estate).open().about_money().filter(household_id=payer.household_id)
            waiting.filter(opens_on__lte=today).update(ended_at=at, outcome=Call.Outcome.RECORDED)
            Event.objects.record(
                Action.CHASE_RECORDED,
                made,
                by=by,
                at=at,
                told=False,
                unit=made.unit.code,
                reason=made.get_reason_display(),
                words=made.words,
            )
            made.follow(payer, by, at)
            return made


def _spoken(estate: Any, contact: str, spoke_at: datetime | None, at: datetime) -> datetime:
    """When it was; Refused where that cannot be, or may not."""
    if spoke_at is not None and not at - RECENT <= spoke_at <= at:
        raise Refused(_t("联系时间在最近一周之内。"), code="bad_time")
    when = spoke_at or at
    if contact in DISTURBING and resting(estate, when):
        raise Refused(_t("休息时间不打电话、不上门。白天联系过的，请填写实际联系时间。"), code="resting")
    return when


class Chase(EstateOwned):
    noun = "chase"
    household = EstateForeignKey("households.Household", models.PROTECT, related_name="chases")
    unit = EstateForeignKey("estates.Unit", models.PROTECT, related_name="chases")
    contact = models.CharField(max_length=10, choices=Contact.choices)
    reason = models.CharField(max_length=14, choices=Reason.choices)
    words = models.CharField(max_length=500)
    promised_on = models.DateField(null=True)
    strongly = models.BooleanField(default=False)  # objects strongly: visit, and tell the management (FEE-15)
    offered_debit = models.BooleanField(default=False, db_default=False)  # was shown the way to direct debit (FEE-12)
    owed = models.DecimalField(max_digits=14, decimal_places=2)  # yuan, at the time
    ticket = EstateForeignKey("tickets.Ticket", models.PROTECT, null=True, related_name="chases")
    letter = EstateForeignKey("collection.Letter", models.PROTECT, null=True, related_name="chases")
    author = PersonKey()
    at = models.DateTimeField()
    on = models.DateField()
    key = models.CharField(max_length=64, blank=True)

    objects = ChaseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "key"], condition=~models.Q(key=""), name="chase_key")]
        indexes = [
            models.Index(fields=["estate", "household", "-at"], name="chase_household"),
            models.Index(fields=["estate", "-at"], name="chase_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.reason}"

    def follow(self, payer: Payer, by: Any, at: datetime) -> None:
        """What the contact sets off."""
        if self.reason == Reason.SERVICE:
            self.ticket = self._report(by, at)
            self.save(update_fields=["ticket"])
        kind = {
            Reason.SERVICE: HoldKind.SERVICE,
            Reason.DISPUTE: HoldKind.DISPUTE,
            Reason.HARDSHIP: HoldKind.HARDSHIP,
        }.get(Reason(self.reason))
        if (
            kind
            and not Hold.objects.at_estate(payer.estate)
            .in_force()
            .filter(household_id=payer.household_id, kind=kind)
            .exists()
        ):
            Hold.objects.begin(payer, kind, self.words, ticket=self.ticket, by=by, at=at)
        if self.strongly:
            closes = self.on + VISIT_WITHIN
            Call.objects.make(payer, CallKind.VISIT, f"visit {self.pk}", closes, words=self.words, at=at)
            Event.objects.record(Action.CHASE_OBJECTION, self, by=by, at=at, unit=self.unit.code, words=self.words)

    def _report(self, by: Any, at: datetime) -> Ticket:
        """The service problem as a report of the household's, with the clocks every report has (FEE-08)."""
        said = _t("缴费沟通中反映：%(words)s") % {"words": self.words}
        return Ticket.objects.report(
            by=by, estate=self.estate, words=said, channel="phone", kind=Kind.COMPLAINT, unit=self.unit, household_id=self.household_id,
            reporter_name=self.household.name, client_key=f"chase-{self.pk}", at=at,
        )  # fmt: skip
