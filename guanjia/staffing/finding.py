"""The home that somebody means."""

from __future__ import annotations

from typing import Any

from guanjia.estates.models import Unit
from guanjia.estates.rooms import code_of, split
from guanjia.households.search import find


def unit_for(estate: Any, text: str) -> Unit | None:
    """A room in any spelling; else the first home the search finds under the words."""
    rows = Unit.objects.at_estate(estate).select_related("zone", "building")
    found = split(text)
    if unit := rows.filter(code=code_of(*found) if found else text).first():
        return unit
    code = next((hit.unit_code for hit in find(estate, text, 1)), "")
    return rows.filter(code=code).first() if code else None
