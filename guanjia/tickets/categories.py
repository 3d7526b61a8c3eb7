"""Categories as data: `rulebooks/categories.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.utils.translation import gettext as _

FILE = Path(__file__).resolve().parents[2] / "rulebooks" / "categories.yaml"


@dataclass(frozen=True)
class Category:
    key: str
    title_zh: str
    kind: str
    klass: str
    trade: str
    hints: tuple[str, ...]

    @property
    def title(self) -> str:
        return _(self.title_zh)


@cache
def categories() -> dict[str, Category]:
    """Every category by key, in the file's order."""
    book = yaml.safe_load(FILE.read_text())["categories"]
    return {
        key: Category(key, row["title"], row["kind"], row["klass"], row["trade"], tuple(row["hints"]))
        for key, row in book.items()
    }


def propose(words: str) -> Category:
    """The category whose hints the words name most; `other` when none does."""
    book = categories()
    scored = [(sum(hint in words for hint in category.hints), -rank, key) for rank, (key, category) in enumerate(book.items())]
    hits, _rank, key = max(scored)
    return book[key] if hits else book["other"]
