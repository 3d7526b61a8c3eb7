"""From the stage into the tables: set-based, by natural keys, the same file twice changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .flat import settle_flat
from .homes import merge_fees, merge_places, merge_structure, merge_unit_fees, merge_units, tally_units
from .people import merge_parking, merge_people, move_in
from .table import Tally

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from guanjia.estates.models import Estate


def merge(estate: Estate, today: date, progress: Callable[[], Any]) -> dict[str, Tally]:
    """Noun → what was created, changed, left alone. Runs in the caller's transaction, within the estate's scope."""
    values = {"estate": estate.pk, "today": today}
    tallies: dict[str, Tally] = {}
    for step in (
        settle_flat,
        merge_structure,
        merge_fees,
        merge_units,
        merge_people,
        move_in,
        merge_unit_fees,
        merge_parking,
        merge_places,
        tally_units,
    ):
        tallies |= step(values) or {}
        progress()
    return tallies
