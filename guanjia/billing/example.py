"""The worked example beside the formula box: the fee on a real home, in figures."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from guanjia.estates.models import Unit

from .formula import FormulaError, evaluate, explain, names_in, parse
from .kinds import Rounding
from .models.pricing import read_tiers
from .reckoning.figures import reason

SAMPLE = {
    "usage": Decimal(186),
    "earlier": Decimal(100),
    "reading": Decimal(1286),
    "previous": Decimal(1100),
    "count": Decimal(3),
    "parkings": Decimal(1),
    "weight": Decimal(1),
}


def rounded(amount: Decimal, rounding: str, step: str) -> Decimal:
    """As a run rounds: to eight places, then by the fee's step and rule."""
    way = {Rounding.HALF_UP: ROUND_HALF_UP, Rounding.DOWN: ROUND_FLOOR, Rounding.UP: ROUND_CEILING}[Rounding(rounding)]
    unit = Decimal(step)
    return ((amount.quantize(Decimal("1e-8")) / unit).to_integral_value(way) * unit).quantize(Decimal("0.01"))


def values_of(unit: Any, price: Decimal, fixed: Decimal) -> dict[str, Decimal]:
    """What a formula would be given for a home; what is not known of it is a plausible figure."""
    own = (
        {"area": unit.area, "inner_area": unit.inner_area or unit.area, "level": Decimal(unit.floor), "rent": unit.rent}
        if unit
        else {}
    )
    return (
        SAMPLE
        | {"area": Decimal("89.50"), "inner_area": Decimal("72.00"), "level": Decimal(5), "rent": Decimal(3000)}
        | own
        | {"price": price, "fixed": fixed}
    )


def example(fee: Any, expression: str, price: Decimal, fixed: Decimal, tiers: str) -> dict[str, Any]:
    """{"steps", "amount", "unit"} or {"error", "position"}: what the page shows while somebody types."""
    unit = Unit.objects.filter(estate_id=fee.estate_id, fees__fee=fee, area__gt=0).order_by("pk").first()
    try:
        tree, ladder = (
            parse(expression),
            [(None if top is None else Decimal(top), Decimal(str(each))) for top, each in read_tiers(tiers)],
        )
    except FormulaError as slip:
        return {
            "error": str(slip),
            "before": expression[: slip.position],
            "at": expression[slip.position : slip.position + 1] or "␣",
            "after": expression[slip.position + 1 :],
        }
    except ValueError as slip:
        return {"error": str(slip)}
    if "tiers" in names_in(tree) and not ladder:
        return {"error": _("公式里有“阶梯”，请填阶梯价格。")}
    values = values_of(unit, price, fixed)
    try:
        amount = evaluate(tree, values, ladder)
        said = None if amount is None else rounded(amount, fee.rounding, fee.step)
    except InvalidOperation:  # more digits than money has
        return {"error": reason("too_much")}
    if amount is None:
        return {"error": _("这样算没有结果：除数为零。")}
    return {
        "steps": explain(tree, values, ladder),
        "amount": said,
        "unit": unit.code if unit else "",
        "negative": amount < 0,
    }
