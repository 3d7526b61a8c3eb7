"""The shape of `rulebooks/bulletins.yaml`: kinds of bulletins, and templates with gaps that must be filled."""

from __future__ import annotations

import re
from functools import cache

from django.utils.translation import gettext
from pydantic import Field, model_validator

from guanjia.rulebooks.book import Entry, read

GAP = re.compile(r"【([^】]{1,20})】")


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


class TemplateEntry(Entry):
    kind: str
    title: str = Field(max_length=20)
    title_en: str
    heading: str = Field(max_length=60)
    pattern: str = Field(max_length=2000)

    def __str__(self) -> str:
        return gettext(self.title)

    @property
    def gaps(self) -> list[str]:
        """In the order in which they are read; each once."""
        return gaps_in(self.heading + self.pattern)


class GapEntry(Entry):
    title: str
    choices: list[str] = []

    def __str__(self) -> str:
        return gettext(self.title)


class BulletinsBook(Entry):
    kinds: dict[str, KindEntry]
    gaps: dict[str, GapEntry]
    templates: dict[str, TemplateEntry]

    @model_validator(mode="after")
    def _known(self) -> BulletinsBook:
        if strange := {entry.kind for entry in self.templates.values()} - set(self.kinds):
            raise ValueError(f"no such kind: {', '.join(sorted(strange))}")
        if unknown := {gap for entry in self.templates.values() for gap in entry.gaps} - set(self.gaps):
            raise ValueError(f"no such gap: {', '.join(sorted(unknown))}")
        return self


def gaps_in(text: str) -> list[str]:
    """Whatever stands in brackets; each once."""
    return list(dict.fromkeys(GAP.findall(text)))


def unfilled(text: str) -> list[str]:
    """The gaps of our templates that nobody has filled; whatever else stands in brackets is a heading."""
    return [gap for gap in gaps_in(text) if gap in bulletins_book().gaps]


def filled(text: str, said: dict[str, str]) -> str:
    """With its gaps filled; one that nothing was said for stays."""
    return GAP.sub(lambda gap: said.get(gap[1]) or gap[0], text)


@cache
def bulletins_book() -> BulletinsBook:
    return read("bulletins.yaml", BulletinsBook)


@cache
def kinds() -> dict[str, KindEntry]:
    return bulletins_book().kinds
