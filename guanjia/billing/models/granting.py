"""Entering a month's shared cost; asking for a discount and judging it by level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.kinds import Basis
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateQuerySet
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from .sharing import Discount, SharedCost


class SharedCostQuerySet(EstateQuerySet["SharedCost"]):
    def enter(
        self, fee: Any, period: date, amount: Decimal, *, method: str, by: Any, zone: Any = None, building: Any = None, words: str = "",
        at: datetime | None = None,
    ) -> SharedCost:  # fmt: skip
        """Keep what a month cost; entered again, it replaces the first until it is billed."""
        from .bill import BillLine

        if by is not None:
            by.must("bill.draft")
        at, estate = at or clock.now(), fee.estate
        if fee.basis != Basis.SHARED:
            raise Refused(_("“%(fee)s”不是公共分摊的收费项目。") % {"fee": fee.name}, code="not_shared")
        if amount <= 0:
            raise Refused(_("金额必须大于零，最多两位小数。"), code="no_amount")
        with estate_scope(estate):
            if (
                BillLine.objects.at_estate(estate)
                .filter(fee=fee, period__lte=period, until__gt=period, live=True)
                .exists()
            ):
                raise Refused(_("这个月的公摊已经出账，要改请先冲销。"), code="already_billed")
            self.at_estate(estate).filter(fee=fee, period=period, zone=zone, building=building).delete()
            made = self.create(
                estate=estate, fee=fee, period=period, amount=amount, method=method, zone=zone, building=building, words=words.strip()[:200],
                author_id=by.person_id if by else None, at=at,
            )  # fmt: skip
            Event.objects.record(
                Action.COST_ENTERED,
                made,
                by=by,
                at=at,
                told=False,
                fee=fee.name,
                period=f"{period:%Y-%m}",
                amount=str(amount),
            )
            return made


class DiscountQuerySet(EstateQuerySet["Discount"]):
    def ask(
        self, unit: Any, percent: Decimal, starts_on: date, ends_on: date, *, kind: str, why: str, by: Any, fee: Any = None, at: datetime | None = None
    ) -> Discount:  # fmt: skip
        """Ask for per cent off a unit's charges; nothing is taken off before somebody of the right level agrees."""
        by.must("discount.ask")
        at = at or clock.now()
        if not why.strip():
            raise Refused(_("请写明理由。"), code="why_missing")
        if not 0 < percent <= 100 or ends_on <= starts_on:
            raise Refused(_("减免在 0 到 100% 之间，结束要晚于开始。"), code="bad_discount")
        with estate_scope(unit.estate_id):
            same = {"unit": unit, "fee": fee, "kind": kind, "starts_on": starts_on, "ends_on": ends_on}
            if self.at_estate(unit.estate_id).filter(state="asked", **same).exists():
                raise Refused(_("这套房屋同样的减免已经在等审批。"), code="already_asked")
            made = self.create(
                estate_id=unit.estate_id, unit=unit, fee=fee, percent=percent, starts_on=starts_on, ends_on=ends_on, kind=kind, why=why.strip()[:200],
                asker_id=by.person_id, asked_at=at,
            )  # fmt: skip
            Event.objects.record(
                Action.DISCOUNT_ASKED,
                made,
                by=by,
                at=at,
                unit=unit.code,
                percent=f"{percent.normalize():f}",
                why=made.why,
            )
            return made


class Judgeable:
    """Approved or refused, by somebody else, of the level its size wants."""

    judged_at: datetime | None

    @property
    def level(self) -> str:
        """The permission that approves a discount of this size (FEE-17)."""
        now = clock.now()
        if self.percent <= parameter(self.estate_id, "billing.discount_supervisor", now):
            return "discount.approve_small"
        return (
            "discount.approve"
            if self.percent <= parameter(self.estate_id, "billing.discount_manager", now)
            else "discount.approve_any"
        )

    @verb
    def decide(self, approved: bool, *, by: Any, words: str = "", at: datetime | None = None) -> None:
        """Raises NotAllowed when it is too large for the judge's level, Refused for one's own request."""
        by.must(self.level)
        at = at or clock.now()
        if by.person_id == self.asker_id:
            raise Refused(_("自己的申请要由别人审批。"), code="same_person")
        if not approved and not words.strip():
            raise Refused(_("请写明理由。"), code="why_missing")
        state = "approved" if approved else "refused"
        rows = type(self).objects.filter(estate_id=self.estate_id, pk=self.pk, state="asked")
        if not rows.update(state=state, judge_id=by.person_id, judged_at=at, verdict=words.strip()[:200]):
            raise Refused(_("这个申请已经审批过。"), code="already_judged")
        self.state, self.judge_id, self.judged_at, self.verdict = state, by.person_id, at, words.strip()[:200]
        said = {
            "unit": self.unit.code,
            "percent": f"{self.percent.normalize():f}",
            "verdict": str(self.get_state_display()),
        }
        Event.objects.record(Action.DISCOUNT_JUDGED, self, by=by, at=at, told=False, **said)
