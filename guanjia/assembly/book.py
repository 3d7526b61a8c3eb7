"""The shape of `rulebooks/assembly.yaml`: shares that the law asks for, matters that are decided by them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache

from django.utils.translation import gettext
from pydantic import Field, field_validator, model_validator

from guanjia.rulebooks.book import Entry, read


class ShareEntry(Entry):
    share: str
    strict: bool

    @field_validator("share")
    @classmethod
    def _fraction(cls, text: str) -> str:
        if not 0 < Fraction(text) <= 1:
            raise ValueError("a fraction between 0 and 1")
        return text

    def reached(self, part: Decimal | int, whole: Decimal | int) -> bool:
        """Whether part of whole is the share; of nothing nothing is. Exact: no division."""
        share = Fraction(self.share)
        left, right = part * share.denominator, whole * share.numerator
        return whole > 0 and (left > right if self.strict else left >= right)

    def __str__(self) -> str:
        return gettext("超过 %(share)s") % {"share": self.share} if self.strict else gettext("不少于 %(share)s") % {"share": self.share}


class MatterEntry(Entry):
    title: str = Field(max_length=40)
    by: str

    def __str__(self) -> str:
        return gettext(self.title)


class LawEntry(Entry):
    title: str
    title_en: str

    def __str__(self) -> str:
        return gettext(self.title)


class AssemblyBook(Entry):
    law: LawEntry
    heads: str
    shares: dict[str, ShareEntry]
    quorum: str
    matters: dict[str, MatterEntry]

    @model_validator(mode="after")
    def _known(self) -> AssemblyBook:
        if strange := ({entry.by for entry in self.matters.values()} | {self.quorum}) - set(self.shares):
            raise ValueError(f"no such share: {', '.join(sorted(strange))}")
        return self


@cache
def assembly_book() -> AssemblyBook:
    return read("assembly.yaml", AssemblyBook)
