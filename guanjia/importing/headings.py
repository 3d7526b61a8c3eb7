"""Which sheet is what: recognised by its headings, whatever their order, spelling or the sheet's name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .cells import CellError, Row, narrow, text
from .layouts import LAYOUTS, Layout

if TYPE_CHECKING:
    from collections.abc import Iterable

LOOK_WITHIN = 20  # rows: a title and notes may stand above the headings
_NOTE = re.compile(r"\(.*?\)|\[.*?\]|【.*?】|<.*?>")


def plain(heading: str) -> str:
    """`* 建筑面积（㎡）：` → `建筑面积`: without notes in brackets, spaces and marks."""
    tight = re.sub(r"\s", "", heading).lower()
    return _NOTE.sub("", tight).strip("*:#.、,。_-") or tight


@dataclass(frozen=True)
class Found:
    """A recognised sheet: its layout, the row of its headings, column index → field."""

    layout: Layout
    row: int
    fields: dict[int, str]
    titles: dict[int, str]  # every heading as written, also of columns nobody knows


def recognise(rows: Iterable[Row]) -> Found | None:
    """The best layout among the first rows: all it needs is there, and most of its headings. None when nothing fits."""
    best: Found | None = None
    for row in rows:
        titles = _titles(row)
        for layout in LAYOUTS:
            fields = _fields(layout, titles)
            if layout.fits(set(fields.values())) and (best is None or len(fields) > len(best.fields)):
                best = Found(layout, row.number, fields, titles)
    return best


def _titles(row: Row) -> dict[int, str]:
    titles = {}
    for index, value in sorted(row.cells.items()):
        try:
            words = text(value)
        except CellError:
            continue
        if words and len(words) <= 80:
            titles[index] = str(value).strip() if isinstance(value, str) else words
    return titles


def _fields(layout: Layout, titles: dict[int, str]) -> dict[int, str]:
    """Column → field; of two columns that mean the same the first is taken."""
    taken: dict[str, int] = {}
    for index, words in titles.items():
        name = layout.spellings.get(plain(narrow(words)))
        if name and name not in taken:
            taken[name] = index
    return {index: name for name, index in taken.items()}
