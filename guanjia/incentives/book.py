"""What is measured: the indicators of `rulebooks/indicators.yaml` (INC-09)."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from django.utils.translation import gettext as _
from pydantic import model_validator

from guanjia.people.roles import roles, working_as
from guanjia.rulebooks.book import Entry, read
from guanjia.rulebooks.form_book import forms_book
from guanjia.rulebooks.schema import parameters_book


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
    interval: bool = False  # a sample of what there is to ask: shown with its 95 % interval
    rows: list[str]

    @property
    def label(self) -> str:
        return _(self.title)

    @property
    def formula(self) -> str:
        return _(self.words)

    @property
    def is_mean(self) -> bool:
        """Points of a hundred: each row is worth so many, none is simply good or bad."""
        return self.unit == "分"

    @property
    def unit_words(self) -> str:
        return "%" if self.unit == "%" else _(self.unit)


class Department(Entry):
    title: str
    title_en: str
    works_as: list[str]  # posts of the house whose work is theirs
    led_by: list[str]  # posts over them

    @property
    def roles(self) -> list[str]:
        """Every role that belongs to it."""
        return sorted({*working_as(*self.works_as), *self.led_by})


class IndicatorsBook(Entry):
    satisfied_from: int
    least: int
    checks: dict[str, dict[str, list[str]]]  # name → form → items
    departments: dict[str, Department]  # that sign the year's contract (INC-06)
    promised: list[str]  # the indicators of every contract
    indicators: dict[str, Indicator]

    @model_validator(mode="after")
    def _known(self) -> IndicatorsBook:
        from .sources import SOURCES

        for name, items in forms_of(self.checks):
            if name not in forms_book().forms or not set(items) <= set(forms_book().forms[name].items):
                raise ValueError(f"checks: no such form or item: {name} {items}")
        if strange := {role for one in self.departments.values() for role in one.roles} - set(roles()):
            raise ValueError(f"departments: no such posts {sorted(strange)}")
        if not set(self.promised) <= set(self.indicators):
            raise ValueError("promised: unknown indicator")
        if lacking := [key for key in self.promised if f"contract.share_{key}" not in parameters_book().parameters]:
            raise ValueError(f"promised: no contract.share_ of {lacking}")
        for key, one in self.indicators.items():
            if one.source not in SOURCES or not set(one.beside) <= set(self.indicators):
                raise ValueError(f"{key}: unknown source or neighbour")
        return self


def forms_of(checks: dict[str, dict[str, list[str]]]) -> list[tuple[str, list[str]]]:
    return [pair for forms in checks.values() for pair in forms.items()]


@cache
def book() -> IndicatorsBook:
    return read("indicators.yaml", IndicatorsBook)


def indicators() -> dict[str, Indicator]:
    return book().indicators


def titled() -> list[tuple[str, Any]]:
    return [(key, one.label) for key, one in indicators().items()]
