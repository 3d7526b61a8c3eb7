"""The shape of `rulebooks/tiers.yaml`: rules by priority, their thresholds as parameters (CF-37)."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import model_validator

from guanjia.rulebooks.book import Entry, read

from .facts import FACTS


class TierRule(Entry):
    title: str
    tier: Literal["core", "regular", "potential"]
    criterion: Literal["activity", "demand", "sensitivity"]
    fact: str
    at_least: str = ""  # a parameter; without either bound: once is enough
    at_most: str = ""
    vulnerable: bool = False
    rows: list[str]

    @model_validator(mode="after")
    def _known(self) -> TierRule:
        if self.fact not in FACTS:
            raise ValueError(f"no fact is called {self.fact}")
        if self.at_least and self.at_most:
            raise ValueError("a rule has one bound")
        return self


class TiersBook(Entry):
    rules: dict[str, TierRule]

    @model_validator(mode="after")
    def _ends_for_everybody(self) -> TiersBook:
        if not self.rules or list(self.rules.values())[-1].fact != "always":
            raise ValueError("the last rule fits every household")
        return self


@cache
def tiers_book() -> TiersBook:
    return read("tiers.yaml", TiersBook)
