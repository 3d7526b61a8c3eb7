"""暂缓催收: a household that is not called. For a service problem until it is solved and followed up; else as judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t

from guanjia import clock
from guanjia.collection.kinds import HoldKind, Judged
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import date, datetime

    from .payer import Payer


class HoldQuerySet(EstateQuerySet["Hold"]):
    def visible_to(self, reach: Any) -> HoldQuerySet:
        rows = self.at_estate(reach.estate)
        if not (reach.may("chase.act") or reach.may("chase.judge")):
            return rows.none()
        return rows if reach.sees == "estate" else rows.filter(unit__zone_id__in=reach.zones)

    def in_force(self) -> HoldQuerySet:
        """Not ended; one that waits for its judge holds as well."""
        return self.filter(ended_at__isnull=True).exclude(state=Judged.REFUSED)

    def begin(
        self, payer: Payer, kind: str, why: str, *, ticket: Any = None, by: Any, at: datetime | None = None
    ) -> Hold:
        """Stop chasing from now on. A service problem needs no judge: its ticket is the proof."""
        from .call import Call

        by.must("chase.act")
        at = at or clock.now()
        if not why.strip():
            raise Refused(_t("请写明原因。"), code="why_missing")
        state = Judged.APPROVED if kind == HoldKind.SERVICE else Judged.ASKED
        made = self.create(
            estate=payer.estate, household_id=payer.household_id, unit_id=payer.unit_id, kind=kind, why=why.strip()[:300], ticket=ticket, state=state,
            asker_id=by.person_id, since=at,
        )  # fmt: skip
        Call.objects.at_estate(payer.estate).open().about_money().filter(household_id=payer.household_id).update(
            ended_at=at, outcome=Call.Outcome.HELD
        )
        Call.objects.silence(payer, "held")
        Event.objects.record(
            Action.HOLD_BEGUN, made, by=by, at=at, unit=made.unit.code, what=made.get_kind_display(), why=made.why
        )
        return made


class Hold(EstateOwned):
    noun = "hold"
    household = EstateForeignKey("households.Household", models.PROTECT, related_name="holds")
    unit = EstateForeignKey("estates.Unit", models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=10, choices=HoldKind.choices)
    why = models.CharField(max_length=300)
    ticket = EstateForeignKey("tickets.Ticket", models.PROTECT, null=True, related_name="holds_of_dues")
    state = models.CharField(max_length=10, choices=Judged.choices, default=Judged.ASKED)
    asker = PersonKey()
    since = models.DateTimeField()
    judge = PersonKey(null=True)
    judged_at = models.DateTimeField(null=True)
    until = models.DateField(null=True)  # the first day it no longer holds
    ended_at = models.DateTimeField(null=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "household", "kind"],
                condition=Q(ended_at__isnull=True) & ~Q(state="refused"),
                name="hold_one_of_a_kind",
            )
        ]
        indexes = [models.Index(fields=["estate", "household"], name="hold_household")]

    def __str__(self) -> str:
        return f"{self.kind} {self.household_id}"

    @verb
    def judge_it(self, approved: bool, *, by: Any, until: date | None = None, at: datetime | None = None) -> None:
        """Agree to it, until a day; or let the chasing go on."""
        by.must("chase.judge")
        at = at or clock.now()
        if by.person_id == self.asker_id:
            raise Refused(_t("自己的申请要由别人审批。"), code="same_person")
        if approved and (until is None or until <= clock.today(self.estate, at)):
            raise Refused(_t("请写明暂缓到哪一天。"), code="until_missing")
        state = Judged.APPROVED if approved else Judged.REFUSED
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, state=Judged.ASKED)
        if not rows.update(
            state=state,
            judge_id=by.person_id,
            judged_at=at,
            until=until if approved else None,
            ended_at=None if approved else at,
        ):
            raise Refused(_t("这个申请已经审批过。"), code="already_judged")
        self.refresh_from_db()
        Event.objects.record(
            Action.HOLD_JUDGED,
            self,
            by=by,
            at=at,
            unit=self.unit.code,
            what=self.get_kind_display(),
            verdict=self.get_state_display(),
            worker_id=self.asker_id,
        )

    @verb
    def end(self, *, by: Any = None, at: datetime | None = None) -> None:
        """It holds no longer."""
        if by is not None:
            by.must("chase.judge")
        at = at or clock.now()
        if (
            not type(self)
            .objects.at_estate(self.estate_id)
            .filter(pk=self.pk, ended_at__isnull=True)
            .update(ended_at=at)
        ):
            raise Refused(_t("已经结束了。"), code="already_ended")
        self.ended_at = at
        Event.objects.record(
            Action.HOLD_ENDED, self, by=by, at=at, told=False, unit=self.unit.code, what=self.get_kind_display()
        )
