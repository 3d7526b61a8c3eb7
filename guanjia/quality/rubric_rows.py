"""A rubric as rows of a table: from a workbook, or typed as lines. Rows that cannot be read are named with their reason (QLT-54)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from guanjia.tenancy.errors import Refused

from .rubrics import LETTERS, checked_item

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Column → its heading. Check points stand in one cell, divided by ；; a row without a number adds to the item above.
COLUMNS = {"key": "编号", "category": "类别", "title": "项目", "points": "分值", "low": "扣分下限", "high": "扣分上限", "checks": "检查点"}
Row = tuple[int, dict[str, str]]


def split(text: str) -> Iterator[Row]:
    """Lines as people type or paste them: cells divided by | or a tab."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, dict(zip(COLUMNS, (cell.strip() for cell in re.split(r"[|｜\t]", line)), strict=False))


def read(rows: Iterable[Row], head: dict[str, str]) -> tuple[dict[str, Any], list[tuple[int, str, str]]]:
    """The rubric, and (row, its number, why) of each row that was refused."""
    drafts: list[tuple[int, dict[str, Any]]] = []
    for number, said in rows:
        words = [each.strip() for each in re.split(r"[;；\n]", said.get("checks", "")) if each.strip()]
        if not said.get("key") and not said.get("title") and drafts:
            drafts[-1][1]["words"] += words
        else:
            drafts.append((number, {**said, "words": words}))
    items, refused = [], []
    for number, draft in drafts:
        try:
            checks = dict(zip(range(len(draft["words"])), draft["words"], strict=True))
            items.append(checked_item({**draft, "checks": checks}))
        except Refused as slip:
            refused.append((number, str(draft.get("key") or draft.get("title") or "—")[:40], str(slip)))
    return {**head, "items": items}, refused


def lines(row: dict[str, Any]) -> str:
    """The reverse of `split`: what a form is filled with."""
    return "\n".join(" | ".join(cells(item)) for item in row["items"])


def cells(item: dict[str, Any]) -> list[str]:
    checks = "；".join(item["checks"][letter] for letter in LETTERS if letter in item["checks"])
    return [item["key"], item["category"], item["title"], item["points"], item["low"], item["high"], checks]
