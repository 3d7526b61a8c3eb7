"""Setting what a fee costs from a date on: validated, never in a month that is billed."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.formula import OF_METER, FormulaError, names_in, parse
from guanjia.billing.months import month_after
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import date, datetime

    from .tariff import Tariff

# A new fee's formula, by its basis.
READY = {
    "area": "面积 × 单价 ＋ 固定金额", "fixed": "固定金额", "people": "人数 × 单价", "metered": "阶梯(用量)", "lift": "如果(楼层 > 2，面积 × 单价，0)",
    "parking": "车位数 × 单价", "storage": "面积 × 单价", "rent": "租金", "deposit": "固定金额", "agency": "用量 × 单价", "other": "固定金额",
}  # fmt: skip


def read_tiers(text: str) -> list[list[str | None]]:
    """`180:0.52 280:0.62 以上:0.83` → [["180", "0.52"], ["280", "0.62"], [None, "0.83"]]. Raises ValueError with a sentence."""
    found: list[list[str | None]] = []
    for step in text.replace("，", " ").replace(",", " ").replace("：", ":").split():
        upto, colon, price = step.partition(":")
        try:
            top = None if upto in ("以上", "above") else Decimal(upto)
            if (
                not colon
                or Decimal(price) < 0
                or not Decimal(price).is_finite()
                or (top is not None and not top.is_finite())
            ):
                raise ValueError
        except (InvalidOperation, ValueError):
            raise ValueError(_("阶梯“%(step)s”看不懂，请写成 180:0.52") % {"step": step}) from None
        last = found[-1] if found else ["0", "0"]
        if last[0] is None or (top is not None and top <= Decimal(str(last[0]))):
            raise ValueError(_("阶梯要从小到大，“以上”写在最后。"))
        found.append([None if top is None else f"{top:f}", f"{Decimal(price):f}"])
    if found and found[-1][0] is not None:
        raise ValueError(_("最后一档请写成 以上:单价"))
    return found


class Priceable:
    """Price versions of a fee."""

    @verb
    def price_from(
        self, starts_on: date, expression: str, *, price: Decimal = Decimal(0), fixed: Decimal = Decimal(0), tiers: list[Any] | None = None,
        by: Any, reason: str, at: datetime | None = None,
    ) -> Tariff:  # fmt: skip
        """A new version; it replaces one of the same day that no living bill has used. Raises Refused where one would change."""
        from .tariff import Tariff

        if by is not None:
            by.must("tariff.set")
        at, tiers = at or clock.now(), tiers or []
        try:
            names = names_in(parse(expression))
        except FormulaError as slip:
            raise Refused(str(slip), code="bad_formula") from slip
        if "tiers" in names and not tiers:
            raise Refused(_("公式里有“阶梯”，请填阶梯价格。"), code="no_tiers")
        if OF_METER & names and not self.meter_kind:
            raise Refused(_("公式用到表计用量，请先选这项费用用哪种表。"), code="no_meter")
        if (billed := self.billed_until()) and starts_on < billed:
            raise Refused(
                _("%(day)s 以前已经出账，新价格从这一天或以后开始；要改以前的，请先冲销。") % {"day": billed},
                code="already_billed",
            )
        rows = Tariff.objects.at_estate(self.estate_id).filter(fee=self, starts_on=starts_on)
        # a version that only reversed lines were reckoned with stays theirs
        if not rows.filter(bill_lines__isnull=False).update(replaced=True):
            rows.delete()
        made = Tariff.objects.create(
            estate_id=self.estate_id, fee=self, starts_on=starts_on, expression=expression, price=price, fixed=fixed, tiers=tiers,
            author_id=by.person_id if by else None, at=at, reason=reason.strip()[:200],
        )  # fmt: skip
        Event.objects.record(
            Action.TARIFF_SET, self, by=by, at=at, told=False, fee=self.name, since=str(starts_on), why=made.reason
        )
        return made

    def billed_until(self) -> date | None:
        """The first day that no posted run of this fee covers yet."""
        from .run import BillRun

        rows = BillRun.objects.at_estate(self.estate_id).filter(
            state="posted", report__fees__contains=[{"id": self.pk}]
        )
        last = rows.order_by("-period").values_list("period", flat=True).first()
        if last is None:
            return None
        months = 1 if self.once else max(1, self.period_months)
        return month_after(last, months if self.payment_mode.startswith("预") else 1)

    @verb
    def keep(self, *, by: Any, at: datetime | None = None) -> None:
        """Save what a person changed about how it is billed."""
        if by is not None:
            by.must("tariff.set")
        self.save()
        Event.objects.record(Action.FEE_KEPT, self, by=by, at=at or clock.now(), told=False, fee=self.name)
