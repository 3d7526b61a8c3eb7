"""What is measured: the indicators of `rulebooks/indicators.yaml` (INC-09)."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from django.utils.translation import gettext as _
from pydantic import model_validator

from guanjia.rulebooks.book import Entry, read


class Indicator(Entry):
    title: str
    title_en: str
    words: str  # the formula, as people read it
    words_en: str
    unit: str = "%"
    unit_en: str = "%"
    better: Literal["up", "down"]
    target: str
    base: str = ""  # where it stood when the target was set
    source: str
    levels: list[Literal["zone", "person"]]
    beside: list[str] = []
    rows: list[str]

    @property
    def label(self) -> str:
        return _(self.title)

    @property
    def formula(self) -> str:
        return _(self.words)

    @property
    def unit_words(self) -> str:
        return "%" if self.unit == "%" else _(self.unit)


class IndicatorsBook(Entry):
    satisfied_from: int
    least: int
    indicators: dict[str, Indicator]

    @model_validator(mode="after")
    def _known(self) -> IndicatorsBook:
        from .sources import SOURCES

        for key, one in self.indicators.items():
            if one.source not in SOURCES or not set(one.beside) <= set(self.indicators):
                raise ValueError(f"{key}: unknown source or neighbour")
        return self


@cache
def book() -> IndicatorsBook:
    return read("indicators.yaml", IndicatorsBook)


def indicators() -> dict[str, Indicator]:
    return book().indicators


def titled() -> list[tuple[str, Any]]:
    return [(key, one.label) for key, one in indicators().items()]
