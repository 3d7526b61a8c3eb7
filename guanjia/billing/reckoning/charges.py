"""One statement a fee: who pays, how many days, what the formula says, rounded as the fee says — or why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from guanjia.billing.formula import OF_METER, names_in, parse, to_sql
from guanjia.billing.formula.sql import literal
from guanjia.billing.kinds import Payer, Proration, Rounding
from guanjia.billing.months import month_after, months_between

from .plan import by_hash
from .shares import share
from .units import stage_units
from .windows import Charge, Segment

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

MOST = "100000000000"  # yuan; more is a slip of the finger
TABLE = """
DROP TABLE IF EXISTS staged_charge;
CREATE TEMP TABLE staged_charge (unit_id bigint, household_id bigint, fee_id bigint, tariff_id bigint, period date, until date,
    amount numeric(14,2), inputs jsonb, refusal text) ON COMMIT DROP
"""
# The days a unit is charged for, of those the fee covers; nothing that a live line charges already.
WINDOW = """
SELECT uf.unit_id, uf.weight, b.area, b.inner_area, b.level, b.rent, b.count, b.parkings, b.zone_id, b.building_id, b.developers,
    CASE WHEN b.developers THEN NULL ELSE b.{payer} END AS household_id,
    GREATEST(%(c0)s::date, uf.starts_on, %(fee_starts)s::date) AS f, LEAST(%(c1)s::date, uf.ends_on, %(fee_ends)s::date) AS u
FROM billing_unitfee uf JOIN staged_unit b ON b.unit_id = uf.unit_id
WHERE uf.estate_id = %(estate)s AND uf.fee_id = %(fee)s {phase} AND NOT EXISTS (
    SELECT FROM billing_billline l WHERE l.estate_id = %(estate)s AND l.unit_id = uf.unit_id AND l.fee_id = %(fee)s
        AND l.period = %(c0)s AND l.live)
"""
USAGE = """
LEFT JOIN (
    SELECT unit_id, sum(r.usage) FILTER (WHERE now) AS usage, COALESCE(sum(r.usage) FILTER (WHERE NOT now), 0) AS earlier,
        sum(r.value) FILTER (WHERE now) AS reading, sum(r.previous) FILTER (WHERE now) AS previous, bool_or(r.state = 'suspect') FILTER (WHERE now) AS suspect
    FROM (SELECT r.*, m.unit_id, r.period >= %(c0)s AS now FROM billing_reading r
        JOIN billing_meter m ON m.estate_id = r.estate_id AND m.id = r.meter_id
        WHERE r.estate_id = %(estate)s AND m.kind = %(meter_kind)s AND r.period >= %(since)s AND r.period < %(c1)s) r GROUP BY unit_id
) g ON g.unit_id = w.unit_id
"""
# LEAST passes over nulls: a home without a rebate has 0 off, not 100.
OFF = """
LEFT JOIN LATERAL (
    SELECT LEAST(100, COALESCE(sum(d.percent * (LEAST(d.ends_on, w.u) - GREATEST(d.starts_on, w.f))), 0) / (w.u - w.f)) AS off FROM billing_discount d
    WHERE d.estate_id = %(estate)s AND d.unit_id = w.unit_id AND (d.fee_id IS NULL OR d.fee_id = %(fee)s) AND d.state = 'approved'
        AND d.starts_on < w.u AND d.ends_on > w.f
) d ON true
"""
# OFFSET 0: each formula is worked out once a row, not again wherever its result is asked for.
CHARGE = """
INSERT INTO staged_charge
SELECT unit_id, household_id, %(fee)s, {tariff}, %(c0)s, %(c1)s, CASE WHEN abs(raw) < {most} THEN {rounded} END, {inputs},
    CASE WHEN household_id IS NULL AND NOT developers THEN 'no_payer' {refusals}
        WHEN raw IS NULL THEN 'no_result' WHEN raw < 0 THEN 'negative' WHEN raw >= {most} THEN 'too_much' END
FROM (SELECT *, {raw} AS raw FROM (SELECT *, {worked} FROM (
    SELECT w.*, {usage_columns}, {off} AS off FROM ({window}) w {joins} WHERE w.f < w.u
) v OFFSET 0) s OFFSET 0) r
"""
PRICELESS = """
INSERT INTO staged_charge SELECT unit_id, household_id, %(fee)s, NULL, %(c0)s, %(c1)s, NULL, '{{}}', 'no_price' FROM ({window}) w WHERE f < u
"""
NO_METER = ", ".join(f"NULL::numeric AS {name}" for name in ("usage", "earlier", "reading", "previous"))
COLUMNS = {"area": "area", "inner_area": "inner_area", "level": "level", "rent": "rent", "count": "count", "parkings": "parkings",
           "weight": "weight", "usage": "usage", "earlier": "earlier", "reading": "reading", "previous": "previous"}  # fmt: skip


def reckon(
    estate_id: int,
    charges: list[Charge],
    period: date,
    shared: list[Any],
    *,
    discounts: bool,
    progress: Callable[[int, int, str], None],
) -> None:
    """Fill `staged_charge` with every line a run of `period` would write, and every one it refuses."""
    wanted = {name for charge in charges for one in charge.segments for name in names_in(parse(one.tariff.expression))}
    with by_hash():
        stage_units(estate_id, period, month_after(period), wanted, beside=TABLE)
        _all(estate_id, charges, shared, discounts, progress)


def _all(
    estate_id: int,
    charges: list[Charge],
    shared: list[Any],
    discounts: bool,
    progress: Callable[[int, int, str], None],
) -> None:
    for done, charge in enumerate(charges):
        progress(done, len(charges), charge.fee.name)
        if charge.shared:
            share(
                estate_id,
                charge,
                [cost for cost in shared if cost.fee_id == charge.fee.pk],
                window(charge),
                values_of(estate_id, charge),
            )
        else:
            _charge(estate_id, charge, discounts)


def values_of(estate_id: int, charge: Charge) -> dict[str, Any]:
    fee = charge.fee
    return {
        "estate": estate_id, "fee": fee.pk, "c0": charge.starts, "c1": charge.ends, "fee_starts": fee.starts_on, "fee_ends": fee.ends_on,
        "meter_kind": fee.meter_kind, "since": charge.starts.replace(month=1, day=1),
    }  # fmt: skip


def window(charge: Charge) -> str:
    """The homes a fee is due for in this run: single charges in their month, others when their round of months is over."""
    fee, phase = charge.fee, ""
    since = "COALESCE(uf.starts_on, %(fee_starts)s::date, DATE '2000-01-01')"
    if fee.once:
        phase = f"AND {since} >= %(c0)s AND {since} < %(c1)s"
    elif fee.period_months > 1:
        months = f"(date_part('year', {since}) * 12 + date_part('month', {since}))::int"
        phase = f"AND mod({charge.starts.year * 12 + charge.starts.month} - {months}, {fee.period_months}) = 0"
    return WINDOW.format(payer="tenant" if fee.payer == Payer.TENANT else "owner", phase=phase)


def _charge(estate_id: int, charge: Charge, discounts: bool) -> None:
    if not charge.segments:
        with connection.cursor() as cursor:
            cursor.execute(PRICELESS.format(window=window(charge)), values_of(estate_id, charge))
        return
    trees = [parse(one.tariff.expression) for one in charge.segments]
    names = set().union(*map(names_in, trees))
    worked, terms = [], []
    for index, (one, tree) in enumerate(zip(charge.segments, trees, strict=True)):
        tiers = [(None if upto is None else upto, price) for upto, price in one.tariff.tiers]
        columns = COLUMNS | {"price": literal(one.tariff.price), "fixed": literal(one.tariff.fixed)}
        worked += [f"{to_sql(tree, columns, tiers)} AS m{index}", f"{_factor(charge, one)} AS k{index}"]
        terms.append(
            f"m{index} * k{index}" if len(trees) == 1 else f"CASE WHEN k{index} = 0 THEN 0 ELSE m{index} * k{index} END"
        )
    statement = CHARGE.format(
        most=MOST, raw=f"({' + '.join(terms)})" + (" * (100 - off) / 100" if discounts else ""), worked=", ".join(worked), rounded=_rounded(charge), tariff=_tariff(charge), refusals=_refusals(charge, names),
        inputs=_inputs(charge, names, discounts), window=window(charge), joins=(USAGE if charge.metered else "") + (OFF if discounts else ""),
        usage_columns="g.usage, g.earlier, g.reading, g.previous, g.suspect" if charge.metered else NO_METER,
        off="COALESCE(d.off, 0)" if discounts else "0",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, values_of(estate_id, charge))


def _factor(charge: Charge, one: Segment) -> str:
    """How many months a segment counts: days charged over days of the month, month by month."""
    if charge.whole:
        if len(charge.segments) == 1:
            return "1"
        return f"GREATEST(0, LEAST(u, DATE '{one.ends}') - GREATEST(f, DATE '{one.starts}'))::numeric / (u - f)"
    terms = []
    for month in months_between(one.starts, one.ends):
        until = month_after(month)
        first, last = max(month, one.starts), min(until, one.ends)
        if charge.fee.proration == Proration.MONTH:
            terms.append(f"CASE WHEN f < DATE '{last}' AND u > DATE '{first}' THEN 1 ELSE 0 END")
        else:
            terms.append(
                f"GREATEST(0, LEAST(u, DATE '{last}') - GREATEST(f, DATE '{first}'))::numeric / {(until - month).days}"
            )
    return "(" + " + ".join(terms) + ")"


def _rounded(charge: Charge) -> str:
    """By the fee's step and rule. Eight places first: a third of a third must not tip a floor."""
    step, exact = charge.fee.step, "round(raw, 8)"
    way = {Rounding.HALF_UP: "round", Rounding.DOWN: "floor", Rounding.UP: "ceil"}[Rounding(charge.fee.rounding)]
    return f"{way}({exact} / {step}) * {step}"


def _tariff(charge: Charge) -> str:
    """The version the charge begins with."""
    cases = " ".join(f"WHEN k{index} > 0 THEN {one.tariff.pk}" for index, one in enumerate(charge.segments))
    return str(charge.segments[0].tariff.pk) if len(charge.segments) == 1 else f"CASE {cases} END"


def _refusals(charge: Charge, names: set[str]) -> str:
    found = (
        f"WHEN f < DATE '{charge.segments[0].starts}' THEN 'no_price' "
        if charge.segments[0].starts > charge.starts
        else ""
    )
    if "area" in names:
        found += "WHEN area <= 0 THEN 'no_area' "
    if "inner_area" in names:
        found += "WHEN COALESCE(inner_area, 0) <= 0 THEN 'no_inner_area' "
    if OF_METER & names:
        found += "WHEN usage IS NULL THEN 'no_reading' " + (
            "WHEN suspect THEN 'reading_suspect' " if charge.metered else ""
        )
    return found


def _inputs(charge: Charge, names: set[str], discounts: bool) -> str:
    """What the line keeps: every value its formula was given, the days, the prices, what was taken off."""
    said = [f"'{name}', {column}" for name, column in COLUMNS.items() if name in names]
    tariff = charge.segments[0].tariff
    if len(charge.segments) == 1:
        said += [f"'{name}', {literal(getattr(tariff, name))}" for name in ("price", "fixed") if name in names]
    said += ["'days', u - f", f"'of', {(charge.ends - charge.starts).days}"]
    if not charge.whole:
        said.append(f"'factor', round({' + '.join(f'k{n}' for n in range(len(charge.segments)))}, 6)")
    built = f"jsonb_build_object({', '.join(said)})"
    if len(charge.segments) > 1:
        parts = ", ".join(
            f"jsonb_build_object('from', DATE '{one.starts}', 'until', DATE '{one.ends}', 'price', {literal(one.tariff.price)}, 'fixed', "
            f"{literal(one.tariff.fixed)}, 'tariff', {one.tariff.pk}, 'factor', round(k{n}, 6))"
            for n, one in enumerate(charge.segments)
        )  # fmt: skip
        built += f" || jsonb_build_object('segments', jsonb_build_array({parts}))"
    return (
        f"{built} || CASE WHEN off > 0 THEN jsonb_build_object('off', round(off, 4)) ELSE '{{}}' END"
        if discounts
        else built
    )
