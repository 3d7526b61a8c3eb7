"""文件送达: by whom and how a statement or letter reaches its household (COM-16..20, CF-18); not collected in two weeks → a call."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.collection.kinds import CallKind
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope

from .handable import Handable
from .payer import Payer

if TYPE_CHECKING:
    from datetime import datetime

# Key customers in person, who has moved in with the guards at the door, who has not by post to the address left (CF-18).
COLUMNS = "household_id, unit_id, way, issued_on, outcome, words, address"
WAY = """CASE
        WHEN %(policy)s = 'post_or_door' THEN CASE WHEN u.state IN ('vacant', 'unsold') THEN 'post' ELSE 'door' END
        WHEN u.state IN ('vacant', 'unsold') THEN 'post' WHEN h.tier = 'core' THEN 'personal' ELSE 'guards' END"""
ADDRESSED = """LEFT JOIN (SELECT DISTINCT ON (household_id) household_id, address FROM collection_handing
    WHERE estate_id = %(estate)s AND address <> '' ORDER BY household_id, id DESC) p ON p.household_id = h.id"""
PLANNED = f"""
INSERT INTO collection_handing (estate_id, bill_id, {COLUMNS})
SELECT b.estate_id, b.id, b.household_id, b.unit_id, {WAY}, (r.issued_at AT TIME ZONE %(zone)s)::date, '', '', coalesce(p.address, '')
FROM billing_billrun r JOIN billing_bill b ON b.estate_id = r.estate_id AND b.run_id = r.id JOIN estates_unit u ON u.estate_id = b.estate_id AND u.id = b.unit_id
JOIN households_household h ON h.estate_id = b.estate_id AND h.id = b.household_id {ADDRESSED}
WHERE r.estate_id = %(estate)s AND b.live AND r.issued_at > %(since)s
ON CONFLICT DO NOTHING
"""
SINCE = timedelta(days=62)


class HandingQuerySet(EstateQuerySet["Handing"]):
    def visible_to(self, reach: Any) -> HandingQuerySet:
        rows = self.at_estate(reach.estate)
        if not (reach.may("chase.act") or reach.may("mailing.judge")):
            return rows.none()
        return rows if reach.sees == "estate" else rows.filter(unit__zone_id__in=reach.zones)

    def waiting(self) -> HandingQuerySet:
        """On their way and not there; a letter that nobody approved is not on its way."""
        return self.filter(models.Q(mailing__isnull=True) | models.Q(mailing__state="approved"), outcome__in=["", "tried"])

    def plan(self, estate: Any, at: datetime | None = None) -> int:
        """A row for every statement that went out; planned again, nothing more."""
        at = at or clock.now()
        with estate_scope(estate), connection.cursor() as cursor:
            policy = parameter(estate, "statements.delivery", at)
            values = {"estate": estate.pk, "policy": policy, "zone": estate.time_zone, "since": at - SINCE}
            cursor.execute(PLANNED, values)
            return int(cursor.rowcount)

    def hand(
        self, reach: Any, ids: list[int], outcome: str, *, words: str = "", enveloped: bool = False, briefed: bool = False, at: datetime | None = None
    ) -> int:  # fmt: skip
        """What became of some of them: handed or tried. How many were still waiting; a letter is handed over one by one, with its proof.

        `enveloped`: in the company's envelope, clean (COM-16); `briefed`: the guards who help were told what it is (COM-17).
        """
        reach.must("chase.act")
        at = at or clock.now()
        if outcome not in ("handed", "tried"):
            raise ValueError(outcome)
        rows = self.visible_to(reach).waiting().filter(pk__in=ids[:500])
        said: dict[str, Any] = {"outcome": outcome, "by_id": reach.person_id, "at": at, "words": words.strip()[:100]}
        with estate_scope(reach.estate):
            if outcome == "tried":
                rows.filter(tried_on__isnull=True).update(tried_on=clock.today(reach.estate, at))
            if outcome == "handed":
                rows = rows.filter(bill__isnull=False)
                said["enveloped"] = enveloped
                rows.filter(way=Handing.Way.GUARDS).update(briefed=briefed)
                rows.filter(called=True).end_calls(reach.estate, "recorded", at)
            first = rows.first()
            count = rows.update(**said)
            if first:
                Event.objects.record(
                    Action.STATEMENTS_HANDED,
                    first,
                    by=reach,
                    at=at,
                    told=False,
                    count=count,
                    outcome=str(Handing.Outcome(outcome).label),
                )
        return count

    def end_calls(self, estate: Any, outcome: str, at: datetime) -> None:
        """Nobody is rung up any more about these papers, of one letter or one each: they arrived, or come no more."""
        from .call import Call

        slots, homes = {row.call_slot for row in self}, {row.household_id for row in self}
        calls = Call.objects.at_estate(estate).open().filter(kind=CallKind.UNCOLLECTED, slot__in=slots, household_id__in=homes)
        calls.update(ended_at=at, outcome=outcome)

    def call_uncollected(self, estate: Any, at: datetime) -> int:
        """Two weeks and nobody has it: ring them up (COM-19, CF-52)."""
        from .call import Call

        day = clock.today(estate, at)
        before = day - timedelta(weeks=int(parameter(estate, "doc.uncollected_weeks", at)))
        since = "tried_on" if parameter(estate, "documents.counts_from", at) == "first_attempt" else "issued_on"
        made = 0
        rows = self.at_estate(estate).waiting().filter(**{f"{since}__lt": before}, called=False)
        for row in rows.select_related("bill", "mailing")[:500]:
            payer = Payer(estate, row.household_id, row.unit_id)
            if row.mailing_id or payer.owes(day) > 0:  # who has paid needs no call about a statement
                call = Call.objects.make(payer, CallKind.UNCOLLECTED, row.call_slot, day + timedelta(days=3), words=row.title, at=at)
                made += call is not None
            self.filter(pk=row.pk).update(called=True)
        return made


class Handing(Handable, EstateOwned):
    """One paper on its way to one household: a bill's statement, or a letter."""

    class Way(models.TextChoices):
        GUARDS = "guards", _("会同保安送达")  # who are told what it is first (COM-17)
        PERSONAL = "personal", _("管家亲送并说明")
        POST = "post", _("服务大厅邮寄")
        DOOR = "door", _("上门或邮寄")

    class Outcome(models.TextChoices):
        HANDED = "handed", _("已送达")
        TRIED = "tried", _("没有人领")

    noun = "handing"
    bill = EstateForeignKey("billing.Bill", models.CASCADE, null=True, related_name="handings")
    mailing = EstateForeignKey("collection.Mailing", models.CASCADE, null=True, related_name="handings")
    household = EstateForeignKey("households.Household", models.CASCADE, related_name="handings")
    unit = EstateForeignKey("estates.Unit", models.CASCADE, related_name="handings")
    way = models.CharField(max_length=10, choices=Way.choices)
    issued_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    tried_on = models.DateField(null=True)  # the first time nobody was there
    words = models.CharField(max_length=100, blank=True)  # parcel number, what happened
    taker = models.CharField(max_length=40, blank=True, db_default="")  # who received it
    proof = EstateForeignKey("households.HouseholdDocument", models.PROTECT, null=True, related_name="handings")  # signature or photo
    address = models.CharField(max_length=120, blank=True, db_default="")  # where it is posted to; the next paper remembers it
    enveloped = models.BooleanField(null=True)  # in the uniform envelope; empty: handed before anybody asked
    briefed = models.BooleanField(null=True)  # the guards were told first
    by = PersonKey(null=True)
    at = models.DateTimeField(null=True)
    called = models.BooleanField(default=False, db_default=False)

    objects = HandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "bill"], name="handing_once"),
            models.UniqueConstraint(fields=["estate", "mailing", "household"], name="handing_letter_once"),
            models.CheckConstraint(condition=models.Q(bill__isnull=False) ^ models.Q(mailing__isnull=False), name="handing_of_one"),
            models.CheckConstraint(
                condition=models.Q(bill__isnull=False) | ~models.Q(outcome="handed") | (models.Q(proof__isnull=False) & ~models.Q(taker="")) | (models.Q(way__in=["post", "door"]) & ~models.Q(words="")),
                name="handing_letter_proved",
            ),
        ]
        indexes = [
            models.Index(
                fields=["estate", "issued_on"], condition=models.Q(outcome__in=["", "tried"]), name="handing_waiting"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The letter's, or the month of the statement."""
        return self.mailing.title if self.mailing else f"{self.bill.period:%Y-%m}" if self.bill else ""

    @property
    def call_slot(self) -> str:
        """Of the call that is made when nobody collects it."""
        from .call import Call

        return f"{Call.LETTER}{self.mailing_id}" if self.mailing_id else f"bill {self.bill_id}"

    @property
    def paper(self) -> str:
        """What it is, in words."""
        return self.title if self.mailing_id else _t("对账单 %(month)s") % {"month": self.title}
