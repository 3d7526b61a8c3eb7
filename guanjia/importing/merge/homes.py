"""Buildings, staircases, units, fees and public places."""

from __future__ import annotations

from typing import Any

from .table import Merge, Tally, one, run

BUILDING = Merge(
    "estates_building",
    'SELECT number, max(ord) AS "order", max(floors) AS floors FROM i_building GROUP BY number',
    ("number",),
    {'"order"': "0", "floors": "0"},
    keep=('"order"', "floors"),
)
ENTRANCE = Merge(
    "estates_entrance",
    "SELECT b.id AS building_id, e.number, e.floors, e.has_lift, e.derived FROM i_entrance e "
    "JOIN estates_building b ON b.estate_id = %(estate)s AND b.number = e.building",
    ("building_id", "number"),
    {"floors": "0", "has_lift": "false"},
    updates={"floors": "CASE WHEN s.derived THEN GREATEST(t.floors, s.floors) ELSE COALESCE(s.floors, t.floors) END"},
)
# A building is as high as its highest staircase.
ROOF = """
UPDATE estates_building t SET floors = s.floors
FROM (SELECT building_id, max(floors) AS floors FROM estates_entrance WHERE estate_id = %(estate)s GROUP BY building_id) s
WHERE t.estate_id = %(estate)s AND t.id = s.building_id AND s.floors > 0 AND t.floors <> s.floors
  AND t.number IN (SELECT number FROM i_building)
"""
FEE = Merge(
    "billing_fee",
    "SELECT number, name, category, flag, payment_mode, period AS period_months, bill_day, starts_on, ends_on, formula, price, fixed FROM i_fee",
    ("number",),
    {"name": "''", "category": "''", "flag": "''", "payment_mode": "''", "period_months": "1", "bill_day": "1", "starts_on": "",
     "ends_on": "", "formula": "'2002'", "price": "0", "fixed": "0"},
)  # fmt: skip
UNIT = Merge(
    "estates_unit",
    "SELECT u.code, b.id AS building_id, e.id AS entrance_id, b.zone_id, u.room, u.floor, u.kind, u.state, u.layout, u.area, u.inner_area, u.rent "
    "FROM i_unit u JOIN estates_building b ON b.estate_id = %(estate)s AND b.number = u.building "
    "LEFT JOIN estates_entrance e ON e.estate_id = %(estate)s AND e.building_id = b.id AND e.number = u.entrance",
    ("code",),
    {"building_id": "", "entrance_id": "", "zone_id": "", "room": "''", "floor": "0", "kind": "'home'", "state": "'vacant'", "layout": "''",
     "area": "0", "inner_area": "", "rent": "0"},
    keep=("zone_id",),
    note_new="new_unit", note_changed="changed_unit",
)  # fmt: skip
UNIT_FEE = Merge(
    "billing_unitfee",
    "SELECT u.id AS unit_id, f.id AS fee_id, COALESCE(s.starts_on, f.starts_on) AS starts_on FROM i_unit_fee s "
    "JOIN estates_unit u ON u.estate_id = %(estate)s AND u.code = s.code "
    "JOIN billing_fee f ON f.estate_id = %(estate)s AND f.number = s.fee",
    ("unit_id", "fee_id"),
    {"starts_on": ""},
    noted="unit_id",
    note_new="changed_unit", note_changed="changed_unit",
)  # fmt: skip
# Standard public places, so that a report has somewhere to be: a lobby for every staircase, its lift where it has one.
PLACES = """
INSERT INTO estates_place (estate_id, code, name, kind, building_id, zone_id)
SELECT %(estate)s, code, name, kind, building_id, zone_id FROM (
  SELECT b.number || '-' || e.number || '-lobby' AS code, b.number || '栋' || e.number || '单元大堂' AS name, 'lobby' AS kind, b.id AS building_id, b.zone_id
  FROM estates_entrance e JOIN estates_building b ON b.estate_id = e.estate_id AND b.id = e.building_id
  WHERE e.estate_id = %(estate)s AND b.number IN (SELECT number FROM i_building)
  UNION ALL
  SELECT b.number || '-' || e.number || '-lift', b.number || '栋' || e.number || '单元电梯', 'lift', b.id, b.zone_id
  FROM estates_entrance e JOIN estates_building b ON b.estate_id = e.estate_id AND b.id = e.building_id
  WHERE e.estate_id = %(estate)s AND e.has_lift AND b.number IN (SELECT number FROM i_building)
  UNION ALL
  SELECT b.number || '-lobby', b.number || '栋大堂', 'lobby', b.id, b.zone_id FROM estates_building b
  WHERE b.estate_id = %(estate)s AND b.number IN (SELECT number FROM i_building)
    AND NOT EXISTS (SELECT FROM estates_entrance e WHERE e.estate_id = b.estate_id AND e.building_id = b.id)
) s WHERE NOT EXISTS (SELECT FROM estates_place p WHERE p.estate_id = %(estate)s AND p.code = s.code)
"""


def merge_structure(values: dict[str, Any]) -> dict[str, Tally]:
    building = BUILDING(values)
    entrance = ENTRANCE(values)
    roofs = run(ROOF, values)
    building.changed += roofs
    building.unchanged -= roofs
    return {"building": building, "entrance": entrance}


def merge_fees(values: dict[str, Any]) -> dict[str, Tally]:
    return {"fee": FEE(values)}


def merge_units(values: dict[str, Any]) -> dict[str, Tally]:
    return {"unit": UNIT(values)}


def merge_unit_fees(values: dict[str, Any]) -> dict[str, Tally]:
    return {"unit_fee": UNIT_FEE(values)}


def merge_places(values: dict[str, Any]) -> dict[str, Tally]:
    return {"place": Tally(created=run(PLACES, values))}


def tally_units(values: dict[str, Any]) -> dict[str, Tally]:
    """A unit has changed, too, when somebody else owns it or another fee hangs on it."""
    total = one("SELECT count(*) FROM i_unit", values)
    created = one("SELECT count(*) FROM i_new_unit", values)
    changed = one("SELECT count(DISTINCT id) FROM i_changed_unit WHERE id NOT IN (SELECT id FROM i_new_unit)", values)
    return {"unit": Tally(created, changed, total - created - changed)}
