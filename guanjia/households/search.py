"""The desk's one box: a room in any spelling, the tail of a telephone, a name, its pinyin or initials, a plate.

Prefix ranges on one ordered index (row security lets only leak-proof operators use it) and two queries whatever the
size of the estate: the keys, then what a person needs to recognise the household. Who may look is the view's question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from guanjia import clock
from guanjia.estates.rooms import guess, half_width

from .keys import TAIL, phone_key
from .models import SearchKey

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

LAST = "\U0010ffff"  # behind every character in collation C
LEAST_TAIL = 4  # digits of a telephone's tail
LEAST_PLATE = 3
WIDTH = 4  # keys looked at for every hit wanted: one person may match by several
Kind = SearchKey.Kind


@dataclass(frozen=True)
class Hit:
    """A household (or an empty unit) that was found, and by what."""

    household_id: int | None
    unit_id: int | None
    unit_code: str  # the matched or first unit; "" when the household has none
    unit_codes: tuple[str, ...]
    name: str  # of whom one speaks
    names: tuple[str, ...]  # the members, the matched one first
    phone: str  # masked
    in_arrears: bool
    by: str  # the kind of key: room, name, pinyin, initials, phone, plate
    key: str  # what was matched


def find(estate: Estate, text: str, limit: int = 10) -> list[Hit]:
    """Households and empty units for what was typed, likeliest first. Must run in the estate's scope."""
    ranges = list(_ranges(text))
    if not ranges:
        return []
    found: dict[tuple[str, int], tuple[Any, ...]] = {}
    for row in _keys(estate, ranges, limit * WIDTH):
        _rank, kind, key, household, unit, member = row
        found.setdefault(("unit", unit) if household is None else ("household", household), (kind, key, unit, member))
    return _hits(estate, found, limit)


def _ranges(text: str) -> list[tuple[str, str, str]]:
    """(kind, from, to) of everything the words may mean, likeliest first."""
    words = " ".join(half_width(text).split()).lower()[:60]
    tight = re.sub(r"[\s·'’]", "", words).replace("ü", "v")
    wanted: list[tuple[str, str]] = [(Kind.ROOM, key) for key in guess(words)]
    digits = re.sub(r"[\s-]", "", words).removeprefix("+")
    if digits.isdigit() and digits.isascii():
        if len(digits) >= LEAST_TAIL:
            wanted.append((Kind.PHONE, phone_key(digits)))
        if len(digits) >= LEAST_PLATE:
            wanted.append((Kind.PLATE, TAIL + digits[::-1]))
    elif tight.isascii() and tight.isalpha():
        wanted += [(Kind.INITIALS, tight), (Kind.PINYIN, tight), (Kind.NAME, tight), (Kind.PLATE, tight)]
    elif tight:
        wanted += [(Kind.NAME, tight), (Kind.PLATE, tight), (Kind.PLATE, TAIL + tight[::-1])]
    return [(kind, key[:80], key[:80] + LAST) for kind, key in dict.fromkeys(wanted) if key]


def _keys(estate: Estate, ranges: list[tuple[str, str, str]], most: int) -> list[tuple[Any, ...]]:
    """The first keys of every range: whole matches before longer ones, in the order of the ranges."""
    one = (
        "(SELECT %s::int AS rank, kind, key, household_id, unit_id, member_id FROM households_searchkey "
        "WHERE estate_id = %s AND kind = %s AND key >= %s AND key < %s ORDER BY key LIMIT %s)"
    )
    values: list[Any] = []
    for rank, (kind, first, last) in enumerate(ranges):
        values += [rank, estate.pk, kind, first, last, most]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(ranges)), values)
        rows = cursor.fetchall()
    typed = {rank: first for rank, (_kind, first, _last) in enumerate(ranges)}
    return sorted(rows, key=lambda row: (row[2] != typed[row[0]], row[0], row[2], row[3] or 0, row[4] or 0))


# One query for everything a hit shows. A unit's household is the tenant's before the owner's: they open the door.
SHOW = """
WITH units AS (
  SELECT u.id AS unit_id, u.code, (
    SELECT o.household_id FROM households_occupancy o
    WHERE o.estate_id = %(estate)s AND o.unit_id = u.id AND o.during @> %(today)s::date ORDER BY o.kind DESC LIMIT 1) AS household_id
  FROM estates_unit u WHERE u.estate_id = %(estate)s AND u.id = ANY(%(units)s)),
wanted AS (SELECT household_id FROM units WHERE household_id IS NOT NULL UNION SELECT unnest(%(households)s::bigint[]))
SELECT 'unit', unit_id, household_id, code, NULL, NULL, NULL FROM units
UNION ALL
SELECT 'household', h.id, NULL, h.name, NULL, NULL, h.in_arrears FROM households_household h
WHERE h.estate_id = %(estate)s AND h.id IN (SELECT household_id FROM wanted)
UNION ALL
SELECT 'member', m.id, m.household_id, m.name, m.phone, m.kind, NULL FROM households_member m
WHERE m.estate_id = %(estate)s AND m.household_id IN (SELECT household_id FROM wanted) AND m.left_on IS NULL
UNION ALL
SELECT 'home', u.id, o.household_id, u.code, NULL, NULL, NULL FROM households_occupancy o
JOIN estates_unit u ON u.estate_id = o.estate_id AND u.id = o.unit_id
WHERE o.estate_id = %(estate)s AND o.household_id IN (SELECT household_id FROM wanted) AND o.during @> %(today)s::date
"""
MEMBER_ORDER = {"owner": 0, "tenant": 1, "family": 2, "temporary": 3}


def _hits(estate: Estate, found: dict[tuple[str, int], tuple[Any, ...]], limit: int) -> list[Hit]:
    if not found:
        return []
    wanted = list(found.items())[: limit * 2]
    values: dict[str, Any] = {
        "estate": estate.pk,
        "today": clock.today(estate),
        "units": [pk for (kind, pk), _match in wanted if kind == "unit"],
        "households": [pk for (kind, pk), _match in wanted if kind == "household"],
    }
    with connection.cursor() as cursor:
        cursor.execute(SHOW, values)
        shown: dict[str, list[tuple[Any, ...]]] = {"unit": [], "household": [], "member": [], "home": []}
        for what, *row in cursor.fetchall():
            shown[what].append(tuple(row))
    units = {row[0]: row for row in shown["unit"]}
    hits: dict[Any, Hit] = {}
    for (what, pk), (kind, key, _unit, member) in wanted:
        unit = units.get(pk) if what == "unit" else None
        household = unit[1] if unit else pk if what == "household" else None
        if unit or household:
            hits.setdefault(household or ("unit", pk), _hit(shown, household, unit, kind, key, member))
    return list(hits.values())[:limit]


def _hit(
    shown: dict[str, list[tuple[Any, ...]]], household: int | None, unit: Any, kind: str, key: str, member: int | None
) -> Hit:
    members = sorted(
        (row for row in shown["member"] if household is not None and row[1] == household),
        key=lambda row: (row[0] != member, MEMBER_ORDER.get(row[4], 9), row[0]),
    )
    homes = sorted((row[2], row[0]) for row in shown["home"] if household is not None and row[1] == household)
    here = (unit[2], unit[0]) if unit else homes[0] if homes else ("", None)
    name = next((row[2] for row in shown["household"] if row[0] == household), "")
    arrears = next((row[5] for row in shown["household"] if row[0] == household), False)
    phone = next((row[3] for row in members if row[3]), "")
    return Hit(
        household_id=household, unit_id=here[1], unit_code=here[0], unit_codes=tuple(code for code, _pk in homes), name=name,
        names=tuple(row[2] for row in members), phone=masked(phone), in_arrears=bool(arrears), by=kind, key=key,
    )  # fmt: skip


def masked(phone: str) -> str:
    """+8619900000001 → 199****0001 (design §7)."""
    plain = phone.removeprefix("+86")
    return f"{plain[:3]}****{plain[-4:]}" if len(plain) > 7 else "*" * len(plain)
