"""The shape of `rulebooks/services.yaml`: the catalogue of what residents may order (VAS-02, VAS-13, F-92)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from guanjia.rulebooks.book import Amount, Entry, read

Kind = Literal["fixed", "quote", "free"]


class Titled(Entry):
    title: str


class Price(Entry):
    kind: Kind
    amount: Decimal | None = Field(None, ge=0, decimal_places=2)  # yuan; with `quote` where it begins
    unit: str = ""
    about: str = ""

    @model_validator(mode="after")
    def _said(self) -> Price:
        if self.kind == "fixed" and (self.amount is None or not self.unit):
            raise ValueError("a fixed price has an amount and a unit")
        return self


class Asked(Entry):
    """One field of an item's order form."""

    title: str
    kind: Literal["text", "date", "time", "number", "choice"] = "text"
    choices: list[str] = []
    required: bool = True


class Item(Entry):
    title: str
    family: str
    group: str
    price: Price
    within: Amount
    about: str = ""
    number: int | None = Field(None, ge=1)
    fields: dict[str, Asked] = {}
    feature: bool = False
    offered: bool = False
    why: str = ""


class Rung(Entry):
    after: Amount | None = None
    tell: list[Literal["worker", "dispatcher", "supervisor", "manager"]] = Field(min_length=1)

    @property
    def late(self) -> timedelta:
        return self.after or timedelta(0)


class ServicesBook(Entry):
    hours: str
    quote_within: Amount
    alarm: list[Rung] = Field(min_length=1)
    vetting: dict[str, Titled]
    families: dict[str, Titled]
    groups: dict[str, Titled]
    house_items: dict[str, Titled]
    items: dict[str, Item]

    @model_validator(mode="after")
    def _known(self) -> ServicesBook:
        for key, item in self.items.items():
            if item.family not in self.families or item.group not in self.groups:
                raise ValueError(f"{key}: no such family or group")
            if item.offered and item.why:
                raise ValueError(f"{key}: withheld and offered")
        return self


@cache
def services_book() -> ServicesBook:
    return read("services.yaml", ServicesBook)
