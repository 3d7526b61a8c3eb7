"""The draft of a run, its review, and its end before posting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.months import month_after
from guanjia.billing.reckoning import Charge, Figures, charges_of, figures, reckon, refused
from guanjia.billing.reckoning.difference import compare
from guanjia.billing.reckoning.plan import silent
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateQuerySet
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

from .fee import Fee
from .period import Period
from .sharing import Discount, SharedCost
from .tariff import Tariff

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from .run import BillRun


class BillRunQuerySet(EstateQuerySet["BillRun"]):
    def open(self) -> BillRunQuerySet:
        return self.filter(state__in=["draft", "reviewed"])

    def draft(
        self,
        estate: Any,
        period: date,
        *,
        by: Any = None,
        at: datetime | None = None,
        progress: Callable[[int, int, str], None] = silent,
    ) -> BillRun:
        """Work out a month's charges that no live line has yet; the open run of the month is drawn up anew.

        When nothing is left to charge, the month's last posted run is returned as it is: a second run adds nothing.
        """
        if by is not None:
            by.must("bill.draft")
        if period.day != 1 or not 2000 <= period.year < 2100:
            raise Refused(_("账期写到月，例如 2026-03。"), code="bad_period")
        at = at or clock.now()
        with estate_scope(estate):
            hold_month(estate, period)
            rows = self.at_estate(estate).filter(period=period)
            found = stage(estate, period, at, progress)
            posted = rows.filter(state="posted").order_by("-sequence").first()
            run = rows.open().first()
            if not found.figures.lines and posted and run is None:
                return posted
            if run is None:
                last = rows.order_by("-sequence").first()
                run = self.model(estate=estate, period=period, sequence=last.sequence + 1 if last else 1)
            run._draw_up(found, by, at)
            return run


class Staged:
    """What stands in this transaction's temporary tables."""

    def __init__(self, estate: Any, period: date, charges: list[Charge]) -> None:
        self.estate, self.period, self.charges = estate, period, charges
        self.figures: Figures = figures()

    def report(self) -> dict[str, Any]:
        """For the reviewer: by fee, by cause, and what was refused."""
        used = sorted({one.tariff.pk for charge in self.charges for one in charge.segments})
        return {
            **compare(self.estate.pk, self.charges, self.period),
            "refused": refused(self.estate.pk),
            "tariffs": used,
        }


def stage(estate: Any, period: date, at: datetime, progress: Callable[[int, int, str], None] = silent) -> Staged:
    """Reckon a month into the temporary tables; adopts the prices of imported fees on the way."""
    Tariff.objects.adopt(estate, period, at)
    fees = list(Fee.objects.at_estate(estate).order_by("number"))
    charges = charges_of(fees, list(Tariff.objects.at_estate(estate)), period)
    first = min([one.starts for one in charges], default=period)
    costs = SharedCost.objects.at_estate(estate).filter(period__lt=month_after(period), period__gte=first)
    shared = list(costs.order_by("pk")) if any(one.shared for one in charges) else []
    discounts = Discount.objects.at_estate(estate).filter(state="approved", ends_on__gt=first).exists()
    reckon(estate.pk, charges, period, shared, discounts=discounts, progress=progress)
    return Staged(estate, period, charges)


def hold_month(estate: Any, period: date) -> Period:
    """One run of a month at a time, whoever draws up or posts: a draft must not write over a run that is being posted."""
    rows = Period.objects.at_estate(estate).select_for_update()
    return rows.filter(month=period).first() or rows.get(pk=Period.objects.of(estate, period).pk)


class Draftable:
    """Draft, review, discard."""

    def _draw_up(self, found: Staged, by: Any, at: datetime) -> None:
        self.state, self.lines, self.total, self.digest = (
            "draft",
            found.figures.lines,
            found.figures.total,
            found.figures.digest,
        )
        self.report, self.drafted_at = found.report(), at
        self.save()
        Event.objects.record(
            Action.RUN_DRAFTED,
            self,
            by=by,
            at=at,
            told=False,
            period=f"{self.period:%Y-%m}",
            lines=self.lines,
            total=str(self.total),
        )

    @verb
    def review(self, *, by: Any = None, at: datetime | None = None, words: str = "") -> None:
        """Somebody looked at the totals, the difference and the refused units, and agrees."""
        if by is not None:
            by.must("bill.review")
        if not self.lines:
            raise Refused(_("没有可以出账的收费。"), code="nothing_to_bill")
        self._move(("draft",), "reviewed")
        Event.objects.record(
            Action.RUN_REVIEWED,
            self,
            by=by,
            at=at or clock.now(),
            told=False,
            period=f"{self.period:%Y-%m}",
            total=str(self.total),
            words=words,
        )

    @verb
    def discard(self, *, by: Any, at: datetime | None = None, why: str = "") -> None:
        """Give the draft up; nothing was written."""
        if by is not None:
            by.must("bill.draft")
        at = at or clock.now()
        self._move(("draft", "reviewed"), "discarded", ended_at=at)
        Event.objects.record(
            Action.RUN_DISCARDED, self, by=by, at=at, told=False, period=f"{self.period:%Y-%m}", why=why
        )

    def _move(self, states: tuple[str, ...], state: str, **more: Any) -> None:
        """From one of these states to another, once; Refused when somebody was quicker."""
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, state__in=states)
        if not rows.update(state=state, **more):
            self.refresh_from_db()
            raise Refused(
                _("这个批次现在是“%(state)s”，不能这样做。") % {"state": self.get_state_display()},
                code=f"already_{self.state}",
            )
        self.state = state
        for name, value in more.items():
            setattr(self, name, value)
