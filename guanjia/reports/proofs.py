"""Named proofs: a clause that no duty, limit or record keeps may name one (`proof:` in `rulebooks/books/*.yaml`).

A proof is two conditions over rows: which rows are in question (`due`), and which of them keep it (`kept`). All proofs of
a page are counted in one statement (`counting`), the rows that break one are found with the same words (`breaking`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

LOOKED_AFTER = ("zone", "building", "unit", "household")  # what a steward has
PARAMETER = re.compile(r"%\(([^)]+)\)s")


@dataclass(frozen=True)
class Source:
    """Rows that proofs judge. `rows` is FROM … WHERE …; `at` puts a row into the period asked for, empty: as things stand."""

    noun: str  # what the link of a row leads to
    rows: str
    id: str
    label: str
    at: str = ""
    zone: str = ""
    who: str = ""


@dataclass(frozen=True)
class Proof:
    name: str
    source: Source
    title: str  # 每个片区恰有一名管家
    title_en: str
    kept: str
    due: str
    who: str  # who answers for a row that breaks it; an id or NULL

    @property
    def dated(self) -> bool:
        return bool(self.source.at)

    @property
    def stewards(self) -> bool:
        """Whether stewards answer for it: for zones and homes, and for reports by name. Other rows are whose they name, or nobody's."""
        return self.source.noun in LOOKED_AFTER or self.who.endswith(".steward_id")


PROOFS: dict[str, Proof] = {}


def proof(name: str, source: Source, title: str, title_en: str, *, kept: str, due: str = "true", who: str = "") -> None:
    """Declare a proof; one name, one check."""
    if name in PROOFS:
        raise ValueError(f"proof {name} is declared twice")
    PROOFS[name] = Proof(name, source, title, title_en, kept, due, who or source.who or "NULL::bigint")


@cache
def proofs() -> dict[str, Proof]:
    """Every proof by its name."""
    from . import checks

    checks.load()
    return PROOFS


def known_proof(name: str) -> Proof | None:
    """`billing:meters_read` is `meters_read` where no proof bears the whole name."""
    found = proofs()
    return found.get(name) or found.get(name.partition(":")[2])


Wanted = tuple[Proof, "datetime", "datetime"]  # from, until


def counting(wanted: Iterable[Wanted], *, zone: int | None = None) -> tuple[str, dict[str, Any]]:
    """One statement: (proof, from, until, who, due, kept) for every proof and period asked for."""
    groups: dict[tuple[Source, Any, Any, str], list[Proof]] = {}
    for one, since, until in dict.fromkeys(wanted):
        groups.setdefault((one.source, since, until, one.who), []).append(one)
    selects, values = [], {"zone": zone}
    for n, ((source, since, until, who), found) in enumerate(groups.items()):
        if zone is not None and not source.zone:
            continue
        values |= {f"since{n}": since, f"until{n}": until}
        counted = ", ".join(f"count(*) FILTER (WHERE {one.due}), count(*) FILTER (WHERE ({one.due}) AND ({one.kept}))" for one in found)
        names = ", ".join(f"('{one.name}', c.d{i}, c.k{i})" for i, one in enumerate(found))
        columns = ", ".join(f"d{i}, k{i}" for i in range(len(found)))
        selects.append(
            f"SELECT v.name, %(since{n})s::timestamptz, %(until{n})s::timestamptz, c.who, v.due, v.kept FROM "
            f"(SELECT {who}, {counted} {source.rows}{_within(source, n, zone)} GROUP BY 1) c (who, {columns}) "
            f"CROSS JOIN LATERAL (VALUES {names}) v (name, due, kept) WHERE v.due > 0"
        )
    return " UNION ALL ".join(selects), values


def breaking(one: Proof, since: datetime, until: datetime, *, zone: int | None = None, person: int | None = None, most: int = 20) -> tuple[str, dict[str, Any]]:
    """The rows that break a proof, newest first: (id, label, at, who)."""
    source, at = one.source, one.source.at or "NULL::timestamptz"
    theirs = f" AND ({one.who}) = %(person)s" if person is not None else ""
    text = (
        f"SELECT {source.id}, {source.label}, {at}, {one.who} {source.rows}{_within(source, 0, zone)} AND ({one.due}) AND NOT coalesce(({one.kept}), false){theirs} "
        f"ORDER BY 3 DESC NULLS LAST, 1 LIMIT {int(most)}"
    )
    return text, {"since0": since, "until0": until, "zone": zone, "person": person}


def _within(source: Source, n: int, zone: int | None) -> str:
    said = f" AND {source.at} >= %(since{n})s AND {source.at} < %(until{n})s" if source.at else ""
    return said + (f" AND {source.zone} = %(zone)s" if zone is not None and source.zone else "")
