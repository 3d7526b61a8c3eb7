"""A report as PDF by typst: the words go in as data, never as source."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SHEET = Path(__file__).parent / "paper.typ"


@dataclass
class Table:
    title: str
    heads: list[str]
    widths: list[int]
    rows: list[list[str]]


@dataclass
class Paper:
    """Everything a sheet says, as text."""

    title: str
    sub: str = ""
    facts: list[list[str]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    words: list[list[str]] = field(default_factory=list)
    signed: list[list[str]] = field(default_factory=list)


def printed(paper: Paper, estate: Any) -> bytes:
    """A4 in the house's fonts."""
    import typst

    from guanjia.billing.paper import _fonts

    said = {
        "company": estate.company.name, "estate": estate.name, "title": paper.title, "sub": paper.sub, "facts": paper.facts,
        "tables": [vars(table) for table in paper.tables if table.rows], "words": [pair for pair in paper.words if pair[1]], "signed": paper.signed,
    }  # fmt: skip
    fonts: Any = _fonts()
    content: bytes = typst.compile(
        SHEET, root=SHEET.parent, format="pdf", font_paths=fonts, ignore_system_fonts=True,
        sys_inputs={"said": json.dumps(said, ensure_ascii=False, default=str)},
    )  # fmt: skip
    return content
