"""The keys under which the one search box finds people and rooms; rebuilt set-based (habit 6).

Rooms hang on the unit, names and telephones on the member, plates on the household, so that a change of owner touches
no key. Names also stand under what follows the surname: 建国 finds 张建国. Telephones and plates stand backwards, so
that any tail is a beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connection

from guanjia.estates.models import Unit
from guanjia.estates.rooms import keys_of

from .models import Member, SearchKey, Vehicle
from .pinyin import spellings, surname_of

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

BATCH = 5000  # households or units at a time
INSERTED = 20_000  # keys in one statement
MOST_SUFFIXES = 6  # of a long company name
LENGTH = 80  # of a key
TAIL = "~"  # before a plate written backwards
Kind = SearchKey.Kind


@lru_cache(maxsize=50_000)
def name_keys(name: str) -> tuple[tuple[str, str], ...]:
    """(kind, key) pairs of a name: its characters, its readings and their initials, whole and from the given name on."""
    flat = re.sub(r"\s", "", name).lower()
    if not flat:
        return ()
    keys = [(Kind.NAME.value, flat)]
    keys += [(Kind.NAME.value, flat[at:]) for at in range(1, min(len(flat) - 1, MOST_SUFFIXES))]
    given_at = len(surname_of(flat))
    for way in spellings(flat):
        keys.append((Kind.PINYIN.value, "".join(way)))
        keys.append((Kind.INITIALS.value, "".join(part[0] for part in way)))
        if len(way) - given_at > 1:
            keys.append((Kind.PINYIN.value, "".join(way[given_at:])))
            keys.append((Kind.INITIALS.value, "".join(part[0] for part in way[given_at:])))
    return tuple(dict.fromkeys((kind, key[:LENGTH]) for kind, key in keys if key))


def phone_key(phone: str) -> str:
    """The digits backwards."""
    return "".join(sign for sign in phone.partition("-")[0] if sign.isdigit())[::-1]


def plate_keys(plate: str) -> list[str]:
    """川A12345 as it is, without its province, and backwards."""
    flat = plate.lower()
    return list(dict.fromkeys([flat, flat[1:], TAIL + flat[::-1]])) if len(flat) > 2 else [flat]


def rebuild(estate: Estate) -> None:
    """All keys of an estate. Runs in the estate's scope."""
    rebuild_households(estate, list(Member.objects.at_estate(estate).values_list("household_id", flat=True).distinct()))
    rebuild_units(estate, list(Unit.objects.at_estate(estate).values_list("pk", flat=True)))


def rebuild_households(estate: Estate, households: Iterable[int]) -> None:
    """The keys of the members and vehicles of some households, after they changed."""
    for some in _batches(households):
        members = Member.objects.at_estate(estate).filter(household_id__in=some, left_on__isnull=True)
        vehicles = Vehicle.objects.at_estate(estate).filter(household_id__in=some)
        rows: list[tuple[Any, ...]] = []
        for household, member, name, phone in members.values_list("household_id", "pk", "name", "phone"):
            rows += [(kind, key, household, None, member) for kind, key in name_keys(name)]
            if digits := phone_key(phone):
                rows.append((Kind.PHONE.value, digits, household, None, member))
        for household, plate in vehicles.values_list("household_id", "plate"):
            rows += [(Kind.PLATE.value, key, household, None, None) for key in plate_keys(plate)]
        _replace(estate, "household_id", some, rows)


def rebuild_units(estate: Estate, units: Iterable[int]) -> None:
    """The keys of some units, after they were made or renumbered."""
    for some in _batches(units):
        codes = Unit.objects.at_estate(estate).filter(pk__in=some).values_list("pk", "code")
        _replace(
            estate,
            "unit_id",
            some,
            [(Kind.ROOM.value, key, None, pk, None) for pk, code in codes for key in keys_of(code)],
        )


def _replace(estate: Estate, column: str, owners: list[int], rows: list[tuple[Any, ...]]) -> None:
    """Delete what they have, write what they should have: set-based."""
    SearchKey.objects.at_estate(estate).filter(**{f"{column}__in": owners}).delete()
    for at in range(0, len(rows), INSERTED):
        kinds, keys, households, numbers, members = (
            list(column) for column in zip(*rows[at : at + INSERTED], strict=True)
        )
        with connection.cursor() as cursor:  # COPY is not for tables with row security
            cursor.execute(
                "INSERT INTO households_searchkey (estate_id, kind, key, household_id, unit_id, member_id) "
                "SELECT %s, kind, left(key, %s), household, unit, member "
                "FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[]) AS k (kind, key, household, unit, member)",
                [estate.pk, LENGTH, kinds, keys, households, numbers, members],
            )


def _batches(numbers: Iterable[int]) -> Iterator[list[int]]:
    source = iter(sorted(set(numbers)))
    while some := list(islice(source, BATCH)):
        yield some
