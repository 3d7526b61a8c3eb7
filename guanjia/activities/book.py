"""The shape of `rulebooks/activities.yaml`: kinds of activities and the themes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext
from pydantic import Field

from guanjia.rulebooks.book import Entry, read
from guanjia.rulebooks.parameters import parameter

if TYPE_CHECKING:
    from datetime import datetime


class KindEntry(Entry):
    title: str = Field(max_length=20)
    title_en: str
    icon: str
    checked: bool
    counts: Literal["household", "person"]
    least: str = ""
    most: str = ""
    joins: bool = False
    asks: bool = False
    themed: bool = False
    follows: bool = False
    duties: list[str]
    rows: list[str]
    place: str = ""
    words: str = Field("", max_length=2000)

    def __str__(self) -> str:
        return gettext(self.title)

    def bounds(self, estate: Any, at: datetime) -> tuple[int, int]:
        """Fewest and most guests, 0 where nothing bounds them."""
        least, most = (int(parameter(estate, key, at)) if key else 0 for key in (self.least, self.most))
        return least, most


class ThemeEntry(Entry):
    title: str = Field(max_length=20)

    def __str__(self) -> str:
        return gettext(self.title)


class ActivitiesBook(Entry):
    kinds: dict[str, KindEntry]
    themes: dict[str, ThemeEntry]


@cache
def activities_book() -> ActivitiesBook:
    return read("activities.yaml", ActivitiesBook)


def kind_of_duty(key: str) -> str:
    """Which kind of activity does a duty's task, or nothing."""
    return next((name for name, entry in activities_book().kinds.items() if key in entry.duties), "")
