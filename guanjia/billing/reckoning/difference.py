"""Why this month is not last month: each line compared with the one before it, by the first thing that differs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext_lazy

from guanjia.billing.months import month_after

if TYPE_CHECKING:
    from datetime import date

    from .windows import Charge

CAUSES = {
    "new": gettext_lazy("新增收费"), "gone": gettext_lazy("不再收费"), "price": gettext_lazy("价格变化"), "area": gettext_lazy("面积变化"),
    "usage": gettext_lazy("用量变化"), "share": gettext_lazy("公摊变化"), "days": gettext_lazy("计费天数"), "discount": gettext_lazy("减免"), "other": gettext_lazy("其他"),
}  # fmt: skip
COMPARED = """
WITH before AS (
    SELECT l.unit_id, l.fee_id, l.amount, l.inputs FROM billing_bill b
    JOIN billing_billline l ON l.estate_id = b.estate_id AND l.bill_id = b.id AND l.live
    JOIN (VALUES {spans}) AS s (fee_id, month) ON s.fee_id = l.fee_id AND s.month = b.period
    WHERE b.estate_id = %(estate)s AND b.period = ANY(%(months)s)
), present AS (
    SELECT unit_id, fee_id, amount, inputs FROM staged_charge WHERE refusal IS NULL AND amount > 0
    UNION ALL SELECT l.unit_id, l.fee_id, l.amount, l.inputs FROM billing_bill b
    JOIN billing_billline l ON l.estate_id = b.estate_id AND l.bill_id = b.id AND l.live
    WHERE b.estate_id = %(estate)s AND b.period = %(period)s AND b.run_id IS NOT NULL
), compared AS (
    SELECT COALESCE(p.fee_id, b.fee_id) AS fee_id, COALESCE(p.amount, 0) AS amount, COALESCE(b.amount, 0) AS earlier, CASE
        WHEN b.unit_id IS NULL THEN 'new' WHEN p.unit_id IS NULL THEN 'gone'
        WHEN p.amount = b.amount THEN ''
        WHEN p.inputs -> 'price' IS DISTINCT FROM b.inputs -> 'price' OR p.inputs -> 'fixed' IS DISTINCT FROM b.inputs -> 'fixed'
            OR p.inputs ? 'segments' OR b.inputs ? 'segments' THEN 'price'
        WHEN p.inputs -> 'area' IS DISTINCT FROM b.inputs -> 'area' OR p.inputs -> 'inner_area' IS DISTINCT FROM b.inputs -> 'inner_area' THEN 'area'
        WHEN p.inputs -> 'usage' IS DISTINCT FROM b.inputs -> 'usage' THEN 'usage'
        WHEN p.inputs -> 'total' IS DISTINCT FROM b.inputs -> 'total' OR p.inputs -> 'weights' IS DISTINCT FROM b.inputs -> 'weights' THEN 'share'
        WHEN p.inputs -> 'off' IS DISTINCT FROM b.inputs -> 'off' THEN 'discount'
        WHEN p.inputs -> 'factor' IS DISTINCT FROM b.inputs -> 'factor' THEN 'days'
        ELSE 'other' END AS cause
    FROM present p FULL JOIN before b ON b.unit_id = p.unit_id AND b.fee_id = p.fee_id
)
SELECT fee_id, cause, count(*), sum(amount), sum(earlier) FROM compared GROUP BY fee_id, cause ORDER BY fee_id, cause
"""


def compare(estate_id: int, charges: list[Charge], period: date) -> dict[str, Any]:
    """{"fees": [{"id", "name", "lines", "total", "earlier"}], "causes": [{"cause", "lines", "change"}]}; money as text."""
    if not charges:
        return {"fees": [], "causes": []}
    spans = {charge.fee.pk: month_after(period, -max(1, charge.fee.period_months)) for charge in charges}
    values = ", ".join(f"({int(fee)}::bigint, DATE '{month}')" for fee, month in spans.items())
    with connection.cursor() as cursor:
        cursor.execute(
            COMPARED.format(spans=values), {"estate": estate_id, "period": period, "months": list(set(spans.values()))}
        )
        rows = cursor.fetchall()
    names = {charge.fee.pk: charge.fee.name for charge in charges}
    fees: dict[int, dict[str, Any]] = {}
    causes: dict[str, dict[str, Any]] = {}
    for fee, cause, lines, amount, earlier in rows:
        one = fees.setdefault(
            fee, {"id": fee, "name": names.get(fee, ""), "lines": 0, "total": Decimal(0), "earlier": Decimal(0)}
        )
        one["lines"] += lines if cause != "gone" else 0
        one["total"] += amount
        one["earlier"] += earlier
        if cause:
            why = causes.setdefault(cause, {"cause": cause, "lines": 0, "change": Decimal(0)})
            why["lines"] += lines
            why["change"] += amount - earlier
    money = ("total", "earlier", "change")
    said = [
        {key: str(value) if key in money else value for key, value in row.items()}
        for row in (*fees.values(), *causes.values())
    ]
    return {"fees": said[: len(fees)], "causes": said[len(fees) :]}
