"""The shape of `rulebooks/bulletins.yaml`: kinds of bulletins."""

from __future__ import annotations

from functools import cache

from django.utils.translation import gettext
from pydantic import Field

from guanjia.rulebooks.book import Entry, read


class KindEntry(Entry):
    title: str = Field(max_length=20)
    title_en: str
    icon: str
    checked: bool
    days: int = Field(ge=1, le=366)
    words: str = Field("", max_length=2000)
    rows: list[str]

    def __str__(self) -> str:
        return gettext(self.title)


class BulletinsBook(Entry):
    kinds: dict[str, KindEntry]


@cache
def kinds() -> dict[str, KindEntry]:
    return read("bulletins.yaml", BulletinsBook).kinds
