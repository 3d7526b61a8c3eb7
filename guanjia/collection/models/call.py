"""催收任务: whom to call about what is unpaid, in the windows of the sources (FEE-05, 06, 09, 10). Paying ends it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.billing.arrears import ARREARS
from guanjia.billing.chart import RECEIVABLE
from guanjia.billing.reckoning.plan import by_hash
from guanjia.collection.kinds import CallKind
from guanjia.collection.quiet import morning
from guanjia.events.actions import Action
from guanjia.events.models import Event, Outbox
from guanjia.notices.models import Delivery
from guanjia.people.responsibility import responsible_for
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope

from .ringable import Ringable

if TYPE_CHECKING:
    from datetime import date, datetime

    from .payer import Payer

# Everybody who owes and is not held back, once a window; each is told once, and only then called.
MADE = f"""
WITH debtor AS (
    SELECT household_id, min(unit_id) AS unit_id, sum(owed) AS owed FROM ({ARREARS}) a
    WHERE household_id IS NOT NULL GROUP BY household_id HAVING sum(owed) > 0
), hand AS (
    SELECT * FROM unnest(%(zones)s::bigint[], %(stewards)s::bigint[]) AS h (zone_id, person_id)
), made AS (
    INSERT INTO collection_call (estate_id, kind, slot, household_id, unit_id, zone_id, steward_id, opens_on, closes_on, owed, outcome, words)
    SELECT %(estate)s, %(kind)s, %(slot)s, d.household_id, d.unit_id, u.zone_id, h.person_id, %(opens)s, %(closes)s, d.owed, '', ''
    FROM debtor d JOIN estates_unit u ON u.estate_id = %(estate)s AND u.id = d.unit_id
    LEFT JOIN hand h ON h.zone_id IS NOT DISTINCT FROM u.zone_id
    WHERE NOT EXISTS (SELECT FROM collection_hold o WHERE o.estate_id = %(estate)s AND o.household_id = d.household_id
        AND o.ended_at IS NULL AND o.state <> 'refused' AND (o.until IS NULL OR o.until > %(on)s))
    ON CONFLICT DO NOTHING RETURNING id, household_id, owed
), reminded AS MATERIALIZED (
    SELECT c.household_id FROM events_event e JOIN collection_call c ON c.estate_id = e.estate_id AND c.id = e.subject_id
    WHERE e.estate_id = %(estate)s AND e.subject_type = 'call' AND e.action = %(action)s AND e.at > %(lately)s
), event AS (
    INSERT INTO events_event (estate_id, action, actor_name, subject_type, subject_id, particulars, at)
    SELECT %(estate)s, %(action)s, '', 'call', id, jsonb_build_object('amount', owed::text, 'household_id', household_id), %(at)s
    FROM made WHERE household_id NOT IN (SELECT household_id FROM reminded) RETURNING id
), told AS (
    INSERT INTO events_outbox (estate_id, event_id, ready_at) SELECT %(estate)s, id, %(morning)s FROM event
)
SELECT count(*) FROM made
"""


class CallQuerySet(EstateQuerySet["Call"]):
    def visible_to(self, reach: Any) -> CallQuerySet:
        rows = self.at_estate(reach.estate)
        if not reach.may("chase.act"):
            return rows.none()
        return rows if reach.sees == "estate" else rows.filter(zone_id__in=reach.zones)

    def open(self) -> CallQuerySet:
        return self.filter(ended_at__isnull=True)

    def about_money(self) -> CallQuerySet:
        """Without those about letters nobody collected (COM-19): neither a payment nor a hold ends them."""
        return self.exclude(kind=CallKind.UNCOLLECTED, slot__startswith=Call.LETTER)

    def about_letters(self) -> CallQuerySet:
        """Those alone: they stand on the letters' page."""
        return self.filter(kind=CallKind.UNCOLLECTED, slot__startswith=Call.LETTER)

    def make_all(self, estate: Any, kind: str, slot: str, opens: date, closes: date, at: datetime) -> int:
        """One call for every household that owes on the day; the same slot makes nothing more. How many are new.

        Each household is reminded once, in the morning where it is night, and not again within `dues.remind_gap` days.
        """
        from guanjia.estates.models import Zone

        zones: list[Any] = [*Zone.objects.at_estate(estate).values_list("pk", flat=True), None]
        held = [responsible_for(estate, zone, at=at) for zone in zones]
        with estate_scope(estate), by_hash(), connection.cursor() as cursor:
            cursor.execute(
                MADE,
                {
                    "estate": estate.pk, "on": clock.today(estate, at), "receivable": RECEIVABLE, "zones": zones, "kind": kind, "slot": slot,
                    "stewards": [one.pk if one else None for one in held], "opens": opens, "closes": closes, "action": Action.DUES_REMINDED.value, "at": at, "morning": morning(estate, at),
                    "lately": at - timedelta(days=int(parameter(estate, "dues.remind_gap", at))),
                },
            )  # fmt: skip
            return int(cursor.fetchone()[0])

    def make(self, payer: Payer, kind: str, slot: str, closes: date, *, words: str = "", at: datetime) -> Call | None:
        """One call for one household; None when it is there already."""
        from guanjia.estates.models import Unit

        unit = Unit.objects.at_estate(payer.estate).get(pk=payer.unit_id)
        steward = responsible_for(payer.estate, unit.zone_id, at=at)
        row = self.model(
            estate=payer.estate, kind=kind, slot=slot[:60], household_id=payer.household_id, unit=unit, zone_id=unit.zone_id, steward=steward,
            opens_on=clock.today(payer.estate, at), closes_on=closes, owed=max(payer.owes(), 0), words=words[:200],
        )  # fmt: skip
        made = self.insert_new([row])
        if not made:
            return None
        [row.pk] = made
        Event.objects.record(
            Action.CALL_MADE,
            row,
            at=at,
            what=str(CallKind(kind).label),
            unit=unit.code,
            words=words,
            worker_id=steward.pk if steward else None,
        )
        return row

    def stop_if_paid(self, payer: Payer, at: datetime) -> None:
        """Nothing is owed any more: no call, no message that still waits (FEE-05; within the payment's transaction)."""
        from guanjia.households.models import Household

        if payer.owes(clock.today(payer.estate, at)) > 0:
            return
        rows = self.at_estate(payer.estate).open().about_money().filter(household_id=payer.household_id)
        rows.exclude(kind__in=[CallKind.VISIT, CallKind.FOLLOW_UP]).update(ended_at=at, outcome=Call.Outcome.PAID)
        Household.objects.at_estate(payer.estate).filter(pk=payer.household_id, in_arrears=True).update(
            in_arrears=False
        )
        self.silence(payer, "paid")

    def silence(self, payer: Payer, why: str) -> None:
        """Reminders of the household that nobody has got yet are not sent any more."""
        mine = list(self.at_estate(payer.estate).filter(household_id=payer.household_id).values_list("pk", flat=True))
        reminders = Event.objects.at_estate(payer.estate).filter(subject_type="call", subject_id__in=mine)
        events = list(reminders.filter(action=Action.DUES_REMINDED).values_list("pk", flat=True))
        if events:
            Outbox.objects.at_estate(payer.estate).filter(event_id__in=events).delete()
            waiting = Delivery.objects.at_estate(payer.estate).filter(
                event_id__in=events, sent_at__isnull=True, next_at__isnull=False
            )
            waiting.update(state="given_up", next_at=None, last_error=why)


class Call(Ringable, EstateOwned):
    """One contact that has to be made. Late is `closes_on` past and not ended."""

    class Outcome(models.TextChoices):
        RECORDED = "recorded", _("已联系")
        PAID = "paid", _("已缴清")
        HELD = "held", _("暂缓")

    LETTER = "letter "  # how the slot of a call about a letter begins: money does not end it

    noun = "call"
    kind = models.CharField(max_length=14, choices=CallKind.choices)
    slot = models.CharField(max_length=60)  # 2026-03; promise 41; debit 7
    household = EstateForeignKey("households.Household", models.CASCADE, related_name="calls")
    unit = EstateForeignKey("estates.Unit", models.CASCADE, related_name="calls")
    zone = EstateForeignKey("estates.Zone", models.RESTRICT, null=True, related_name="calls")
    steward = PersonKey(null=True)  # who answered for it when it was made
    opens_on = models.DateField()
    closes_on = models.DateField()
    owed = models.DecimalField(max_digits=14, decimal_places=2, default=0)  # yuan, when it was made
    words = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "household", "kind", "slot"], name="call_once")]
        indexes = [
            models.Index(
                fields=["estate", "zone", "closes_on"], condition=models.Q(ended_at__isnull=True), name="call_open"
            ),
            models.Index(fields=["estate", "household"], name="call_household"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slot}"


class CallRound(EstateOwned):
    """A business day's calls were made: the next tick of that day has nothing to do."""

    day = models.DateField()
    made = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "day"], name="call_round_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.made}"
