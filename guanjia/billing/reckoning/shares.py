"""A month's cost spread over homes, to the cent: whole cents by weight, what is left to the largest remainders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from guanjia.billing.kinds import Method

if TYPE_CHECKING:
    from .windows import Charge

WEIGHTS = {
    Method.AREA: "GREATEST(area, 0)", Method.EVEN: "1::numeric", Method.CUSTOM: "weight",
    Method.USAGE: "g.usage",
}  # fmt: skip
# Exact: weights times days are decimals, div and mod leave nothing over.
PART = """
INSERT INTO staged_part
SELECT unit_id, household_id, developers, cents + CASE WHEN place <= spare THEN 1 ELSE 0 END, jsonb_build_object(
    'method', %(method)s::text, 'total', %(amount)s::numeric, 'weight', own, 'weights', everybody, 'days', days, 'of', %(c1)s::date - %(c0)s::date),
    CASE WHEN own IS NULL THEN 'no_reading' WHEN lacking THEN 'others_no_reading' WHEN everybody = 0 THEN 'no_weight' END
FROM (
    SELECT *, %(cents)s - sum(cents) OVER () AS spare, row_number() OVER (ORDER BY rest DESC, unit_id) AS place FROM (
        SELECT *, div(%(cents)s * own, NULLIF(everybody, 0)) AS cents, mod(%(cents)s * own, NULLIF(everybody, 0)) AS rest FROM (
            SELECT w.unit_id, household_id, developers, u - f AS days, {weight} * (u - f) AS own,
                CASE WHEN bool_or({weight} IS NULL) OVER () THEN NULL ELSE sum({weight} * (u - f)) OVER () END AS everybody,
                bool_or({weight} IS NULL) OVER () AS lacking
            FROM ({window}) w {usage} WHERE f < u {scope}
        ) weights
    ) cut
) placed
"""
GATHER = """
INSERT INTO staged_charge
SELECT unit_id, household_id, %(fee)s, NULL, %(c0)s, %(c1)s, sum(cents) / 100,
    CASE WHEN count(*) = 1 THEN (array_agg(inputs))[1] ELSE jsonb_build_object('shares', jsonb_agg(inputs)) END,
    CASE WHEN household_id IS NULL AND NOT developers THEN 'no_payer' ELSE min(refusal) END
FROM staged_part GROUP BY unit_id, household_id, developers
"""
SPENT = "SELECT EXISTS (SELECT FROM billing_billline WHERE estate_id = %(estate)s AND fee_id = %(fee)s AND period = %(c0)s AND live)"


def share(estate_id: int, charge: Charge, costs: list[Any], window: str, values: dict[str, Any]) -> None:
    """Spread the costs of one fee. A cost is spread once: who comes later in the month changes nobody's share."""
    from .charges import USAGE

    with connection.cursor() as cursor:
        cursor.execute(SPENT, values)
        if not costs or cursor.fetchone()[0]:
            return
        cursor.execute("DROP TABLE IF EXISTS staged_part")
        cursor.execute(
            "CREATE TEMP TABLE staged_part (unit_id bigint, household_id bigint, developers bool, cents numeric, inputs jsonb, refusal text) ON COMMIT DROP"
        )
        for cost in costs:
            by_usage = cost.method == Method.USAGE
            scope = (f"AND zone_id = {int(cost.zone_id)} " if cost.zone_id else "") + (
                f"AND building_id = {int(cost.building_id)}" if cost.building_id else ""
            )
            statement = PART.format(
                weight=WEIGHTS[cost.method], window=window, scope=scope, usage=USAGE if by_usage else ""
            )
            cursor.execute(
                statement, values | {"method": cost.method, "amount": cost.amount, "cents": int(cost.amount * 100)}
            )
        cursor.execute(GATHER, values)
