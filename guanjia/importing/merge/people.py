"""Households, their members, who has which unit, vehicles and parking (HSE-02)."""

from __future__ import annotations

from typing import Any

from .table import Merge, Tally, run

HOUSEHOLD = Merge(
    "households_household",
    "SELECT DISTINCT ON (household) household AS number, name, pinyin FROM i_person ORDER BY household, (kind <> 'owner'), ord",
    ("number",),
    {"name": "''", "pinyin": "''"},
    keep=("name", "pinyin"),
    constants={"preferences": "''", "hints": "''", "in_arrears": "false"},
)
PERSON = Merge(
    "households_member",
    "SELECT p.number, h.id AS household_id, p.name, p.pinyin, p.kind, p.sex, p.born AS born_year, p.guessed, p.phone, p.identity, "
    "p.print AS identity_print FROM i_person p JOIN households_household h ON h.estate_id = %(estate)s AND h.number = p.household",
    ("number",),
    {"household_id": "", "name": "''", "pinyin": "''", "kind": "'owner'", "sex": "''", "born_year": "s.guessed", "phone": "''",
     "identity": "''", "identity_print": "''"},
    # Sealed text differs at every sealing: the print decides. An age is true for a year only: it fills, it does not correct.
    updates={
        "identity": "CASE WHEN COALESCE(s.identity_print, t.identity_print) = t.identity_print THEN t.identity ELSE s.identity END",
        "born_year": "COALESCE(s.born_year, t.born_year, s.guessed)",
    },
    noted="household_id", note_new="touched", note_changed="touched",
)  # fmt: skip
# The house speaks of a household by one of its members; a name nobody bears any more is replaced by the first owner's.
RENAME = """
UPDATE households_household t SET name = s.name, pinyin = s.pinyin
FROM (SELECT DISTINCT ON (m.household_id) m.household_id, m.name, m.pinyin FROM households_member m
      WHERE m.estate_id = %(estate)s AND m.left_on IS NULL AND m.household_id IN (SELECT id FROM i_touched)
      ORDER BY m.household_id, (m.kind <> 'owner'), m.id) s
WHERE t.estate_id = %(estate)s AND t.id = s.household_id AND NOT EXISTS (
  SELECT FROM households_member m WHERE m.estate_id = t.estate_id AND m.household_id = t.id AND m.name = t.name AND m.left_on IS NULL)
"""
WANTED = """
INSERT INTO i_wanted
SELECT u.id, h.id, s.state FROM i_unit s
JOIN estates_unit u ON u.estate_id = %(estate)s AND u.code = s.code
JOIN households_household h ON h.estate_id = %(estate)s AND h.number = s.household
"""
CURRENT = "o.estate_id = %(estate)s AND o.unit_id = w.unit_id AND o.kind = 'owner' AND (upper_inf(o.during) OR upper(o.during) > %(today)s)"
# Three cases of another owner: told twice on one day (corrected), told later (ended today), nobody before.
CORRECT_OWNER = f"""
WITH done AS (
  UPDATE households_occupancy o SET household_id = w.household_id FROM i_wanted w
  WHERE {CURRENT} AND o.household_id <> w.household_id AND lower(o.during) >= %(today)s RETURNING o.unit_id)
INSERT INTO i_changed_unit SELECT unit_id FROM done
"""
END_OWNER = f"""
UPDATE households_occupancy o SET during = daterange(lower(o.during), %(today)s) FROM i_wanted w
WHERE {CURRENT} AND o.household_id <> w.household_id AND (lower_inf(o.during) OR lower(o.during) < %(today)s)
"""
MOVE_IN = f"""
WITH done AS (
  INSERT INTO households_occupancy (estate_id, household_id, unit_id, kind, during)
  SELECT %(estate)s, w.household_id, w.unit_id, 'owner', daterange(p.until, NULL) FROM i_wanted w
  LEFT JOIN (SELECT unit_id, max(upper(during)) AS until FROM households_occupancy WHERE estate_id = %(estate)s AND kind = 'owner' GROUP BY unit_id) p
    ON p.unit_id = w.unit_id
  WHERE NOT EXISTS (SELECT FROM households_occupancy o WHERE {CURRENT}) RETURNING unit_id)
INSERT INTO i_moved SELECT unit_id FROM done
"""
MOVED = "INSERT INTO i_changed_unit SELECT id FROM i_moved"
OCCUPIED = """
UPDATE estates_unit u SET state = 'occupied' FROM i_moved m JOIN i_wanted w ON w.unit_id = m.id
WHERE u.estate_id = %(estate)s AND u.id = m.id AND w.state IS NULL AND u.state IN ('vacant', 'unsold')
"""
VEHICLE = Merge(
    "households_vehicle",
    "SELECT DISTINCT ON (v.plate) v.plate, h.id AS household_id, v.brand, v.colour, v.kind FROM i_vehicle v "
    "JOIN households_household h ON h.estate_id = %(estate)s AND h.number = v.household ORDER BY v.plate",
    ("plate",),
    {"household_id": "", "brand": "''", "colour": "''", "kind": "''"},
    noted="household_id", note_new="touched", note_changed="touched",
)  # fmt: skip
PARKING = Merge(
    "households_parking",
    "SELECT p.lot, p.code, p.kind, p.area, h.id AS household_id, v.id AS vehicle_id, p.tenure, p.starts_on, p.ends_on FROM i_parking p "
    "LEFT JOIN households_household h ON h.estate_id = %(estate)s AND h.number = p.household "
    "LEFT JOIN households_vehicle v ON v.estate_id = %(estate)s AND v.plate = p.plate",
    ("lot", "code"),
    {"kind": "''", "area": "0", "household_id": "", "vehicle_id": "", "tenure": "''", "starts_on": "", "ends_on": ""},
)


def merge_people(values: dict[str, Any]) -> dict[str, Tally]:
    # A member or a car that moves leaves keys behind in the old household.
    run("INSERT INTO i_touched SELECT m.household_id FROM households_member m JOIN i_person p ON p.number = m.number "
        "JOIN households_household h ON h.estate_id = %(estate)s AND h.id = m.household_id AND h.number <> p.household WHERE m.estate_id = %(estate)s", values)  # fmt: skip
    household = HOUSEHOLD(values)
    person = PERSON(values)
    renamed = run(RENAME, values)
    household.changed += renamed
    household.unchanged -= renamed
    return {"household": household, "person": person}


def move_in(values: dict[str, Any]) -> None:
    """Who owns which unit. The first owner known has it since ever; a new one from today, and the old one until today."""
    for sql in (WANTED, CORRECT_OWNER, END_OWNER, MOVE_IN, MOVED, OCCUPIED):
        run(sql, values)


def merge_parking(values: dict[str, Any]) -> dict[str, Tally]:
    run("INSERT INTO i_touched SELECT t.household_id FROM households_vehicle t JOIN i_vehicle v ON v.plate = t.plate WHERE t.estate_id = %(estate)s "
        "AND t.household_id <> (SELECT h.id FROM households_household h WHERE h.estate_id = %(estate)s AND h.number = v.household)", values)  # fmt: skip
    return {"vehicle": VEHICLE(values), "parking": PARKING(values)}
