"""A clause day by day: kept and breached, for a chart."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from .counting import Count, Wanted, count
from .evidence import PROOF
from .proofs import known_proof
from .reading import midnight

if TYPE_CHECKING:
    from .keeping import Standing

DAYS = 30


def daily(row: Standing, estate: Any, now: datetime, days: int = DAYS) -> list[tuple[datetime, Count]]:
    """Each day with what fell due on it. As many statements as the clause has sorts of evidence."""
    begins = [midnight(estate, now, ago) for ago in range(days - 1, -1, -1)]
    wanted = Wanted(estate, begins[0], now)
    spans = [(begin, min(begin + timedelta(days=1), now)) for begin in begins]
    for part in row.parts:
        one = known_proof(part.key) if part.kind == PROOF else None
        if part.kind != PROOF or (one and one.dated):
            for span in spans:
                wanted.askers[part, span].append(row)
    found: dict[Any, Count] = dict.fromkeys(spans, Count())
    for (_part, span), counted in count(wanted).items():
        for one_count in counted.values():
            found[span] += one_count
    return [(span[0], found[span]) for span in spans]


def chart(days: list[tuple[datetime, Count]]) -> dict[str, Any]:
    """What `<c-chart>` draws."""
    return {
        "kind": "stack", "names": [f"{begin.month}/{begin.day}" for begin, _count in days],
        "series": [
            {"name": _("遵守"), "values": [one.kept for _begin, one in days], "tone": "good"},
            {"name": _("违反"), "values": [one.breached for _begin, one in days], "tone": "bad"},
        ],
    }  # fmt: skip
