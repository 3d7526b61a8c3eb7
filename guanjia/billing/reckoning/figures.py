"""What the staged charges add up to: count, total, digest, refusals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

REASONS = {
    "no_payer": gettext_lazy("没有登记业主"),
    "no_area": gettext_lazy("没有建筑面积"),
    "no_inner_area": gettext_lazy("没有套内面积"),
    "no_reading": gettext_lazy("缺少本期读数"),
    "others_no_reading": gettext_lazy("有住户缺少读数，公摊无法按用量分摊"),
    "reading_suspect": gettext_lazy("读数待核实"),
    "no_price": gettext_lazy("计费期内没有价格"),
    "no_weight": gettext_lazy("没有可分摊的系数"),
    "no_result": gettext_lazy("公式没有结果（除数为零或缺少数据）"),
    "negative": gettext_lazy("结果为负数"),
    "too_much": gettext_lazy("金额过大"),
}
KEPT = 20_000  # refused rows told one by one
# Digest: the sum of the lines' hashes, whatever their order; a line that differs anywhere changes it.
SUMS = """
SELECT count(*), COALESCE(sum(amount), 0), COALESCE(sum(hashtextextended(concat_ws('|', unit_id, COALESCE(household_id, 0), fee_id,
    tariff_id, period, until, amount, inputs), 7)::numeric), 0)
FROM staged_charge WHERE refusal IS NULL AND amount > 0
"""
REFUSED = """
SELECT u.code, f.name, c.refusal, c.amount FROM staged_charge c JOIN estates_unit u ON u.estate_id = %s AND u.id = c.unit_id
JOIN billing_fee f ON f.estate_id = u.estate_id AND f.id = c.fee_id WHERE c.refusal IS NOT NULL ORDER BY f.number, u.building_id, u.code LIMIT %s
"""


@dataclass(frozen=True)
class Figures:
    lines: int
    total: Decimal
    digest: str


def figures() -> Figures:
    """Of everything staged that would become a line."""
    with connection.cursor() as cursor:
        cursor.execute(SUMS)
        lines, total, digest = cursor.fetchone()
    return Figures(lines, total, str(digest))


def refused(estate_id: int) -> list[dict[str, Any]]:
    """The refused units, each with its fee and why."""
    with connection.cursor() as cursor:
        cursor.execute(REFUSED, [estate_id, KEPT])
        return [
            {
                "unit": code,
                "fee": fee,
                "code": reason,
                **({"amount": str(amount)} if amount and reason == "no_payer" else {}),
            }
            for code, fee, reason, amount in cursor.fetchall()
        ]


def reason(code: str) -> str:
    return str(REASONS[code]) if code in REASONS else _("不明原因")
