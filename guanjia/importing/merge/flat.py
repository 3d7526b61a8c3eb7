"""The one-sheet register names owners without numbers: who is the same person, and which household is meant.

In this order: the number the row gives; the present household of the unit when the owner's identity, telephone or name is
there; the household of the same person elsewhere on the estate; the other rows of this file with the same identity, or
the same name and telephone. Else a household of its own, numbered by its first unit (3-2-501).
"""

from __future__ import annotations

from typing import Any

from .table import run

SAME = "((f.print IS NOT NULL AND m.identity_print = f.print) OR (f.phone IS NOT NULL AND m.phone = f.phone AND m.name = f.name))"
HOMES = """
INSERT INTO i_home (ord, code, household)
WITH f AS (SELECT * FROM i_flat WHERE rank = 0),
present AS (
  SELECT DISTINCT ON (f.ord) f.ord, h.number FROM f
  JOIN estates_unit u ON u.estate_id = %(estate)s AND u.code = f.code
  JOIN households_occupancy o ON o.estate_id = %(estate)s AND o.unit_id = u.id AND o.kind = 'owner'
    AND (upper_inf(o.during) OR upper(o.during) > %(today)s)
  JOIN households_household h ON h.estate_id = %(estate)s AND h.id = o.household_id
  JOIN households_member m ON m.estate_id = %(estate)s AND m.household_id = h.id AND m.left_on IS NULL
    AND (m.name = f.name OR (f.phone IS NOT NULL AND m.phone = f.phone) OR (f.print IS NOT NULL AND m.identity_print = f.print))
  ORDER BY f.ord, m.id),
elsewhere AS (
  SELECT DISTINCT ON (ord) ord, number FROM (
    SELECT f.ord, h.number, m.id FROM f JOIN households_member m ON m.estate_id = %(estate)s AND m.left_on IS NULL AND m.identity_print = f.print
    JOIN households_household h ON h.estate_id = %(estate)s AND h.id = m.household_id
    UNION ALL
    SELECT f.ord, h.number, m.id FROM f JOIN households_member m ON m.estate_id = %(estate)s AND m.left_on IS NULL AND m.phone = f.phone AND m.name = f.name
    JOIN households_household h ON h.estate_id = %(estate)s AND h.id = m.household_id) found
  ORDER BY ord, id),
led AS (
  SELECT f.ord, f.code, f.given, COALESCE(p.number, e.number) AS known,
    first_value(f.code) OVER (PARTITION BY COALESCE(f.print, f.name || f.phone, f.code) ORDER BY f.ord) AS leader
  FROM f LEFT JOIN present p USING (ord) LEFT JOIN elsewhere e USING (ord))
SELECT ord, code, COALESCE(NULLIF(given, ''), known,
  CASE WHEN EXISTS (SELECT FROM households_household h WHERE h.estate_id = %(estate)s AND h.number = leader)
    THEN leader || '-' || to_char(%(today)s::date, 'YYMMDD') ELSE leader END)
FROM led
"""
PEOPLE = """
INSERT INTO i_person (ord, number, household, name, pinyin, kind, sex, born, phone, identity, print)
WITH said AS (
  SELECT DISTINCT ON (h.household, f.name) f.*, h.household FROM i_flat f JOIN i_home h ON h.ord = f.ord ORDER BY h.household, f.name, f.ord, f.rank),
met AS (
  SELECT DISTINCT ON (s.ord, s.rank) s.ord, s.rank, m.number FROM said s
  JOIN households_household h ON h.estate_id = %(estate)s AND h.number = s.household
  JOIN households_member m ON m.estate_id = %(estate)s AND m.household_id = h.id AND m.left_on IS NULL
    AND (m.name = s.name OR (s.print IS NOT NULL AND m.identity_print = s.print) OR (s.rank = 0 AND s.phone IS NOT NULL AND m.phone = s.phone AND m.kind = 'owner'))
  ORDER BY s.ord, s.rank, (m.name <> s.name), m.id),
counted AS (
  SELECT h.number AS household, count(*) AS members FROM households_household h
  JOIN households_member m ON m.estate_id = %(estate)s AND m.household_id = h.id WHERE h.estate_id = %(estate)s GROUP BY h.number)
SELECT row_number() OVER (ORDER BY s.ord, s.rank),
  COALESCE(met.number, s.household || '-' || (COALESCE(c.members, 0)
    + row_number() OVER (PARTITION BY s.household, met.number IS NULL ORDER BY s.ord, s.rank))),
  s.household, s.name, s.pinyin, s.kind, s.sex, s.born, s.phone, s.identity, s.print
FROM said s LEFT JOIN met ON met.ord = s.ord AND met.rank = s.rank LEFT JOIN counted c ON c.household = s.household
"""
# Two spellings of one member in one file: the first is taken.
ONCE = "DELETE FROM i_person a USING i_person b WHERE a.number = b.number AND a.ord > b.ord"
OWN = "UPDATE i_unit u SET household = h.household FROM i_home h WHERE h.code = u.code"


def settle_flat(values: dict[str, Any]) -> None:
    """Give the one-sheet register's owners their household and member numbers; nothing to do for the five sheets."""
    if run(HOMES, values):
        for sql in (PEOPLE, ONCE, "ANALYZE i_person", OWN):
            run(sql, values)
