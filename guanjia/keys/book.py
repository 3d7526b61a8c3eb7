"""The shape of `rulebooks/keys.yaml`: when an overdue key is told to whom, and who signs for which kind."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Literal

from pydantic import Field

from guanjia.rulebooks.book import Amount, Entry, read

KindName = Literal["work", "spare", "entrusted", "device"]


class Rung(Entry):
    after: Amount | None = None
    tell: list[Literal["borrower", "dispatcher", "supervisor", "manager", "company"]] = Field(min_length=1)

    @property
    def late(self) -> timedelta:
        return self.after or timedelta(0)


class Way(Entry):
    two: list[KindName] = []
    issuers: dict[KindName, list[str]] = {}


class KeysBook(Entry):
    alarm: list[Rung] = Field(min_length=1)
    custody: dict[str, Way]


@cache
def keys_book() -> KeysBook:
    return read("keys.yaml", KeysBook)
