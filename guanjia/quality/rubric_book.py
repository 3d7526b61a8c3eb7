"""The shape of `rulebooks/rubrics.yaml`: rubrics, ways of inspecting, bands and the money that follows them (QLT-20..54)."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from guanjia.people.roles import known_role
from guanjia.rulebooks.book import Entry, Slip, read
from guanjia.rulebooks.values import check

KEY = re.compile(r"\$[a-z_]+(\.[a-z_0-9]+)+")


def is_key(value: str) -> bool:
    return value.startswith("$")


def _figure(value: object, sort: str) -> str:
    """A number or a band as words, or `$key` of a figure that is one."""
    said = str(value)
    if is_key(said):
        if not KEY.fullmatch(said):
            raise ValueError(f"{said} is no key of a figure")
        return said
    check(sort, said)
    return said


Number = Annotated[str, BeforeValidator(lambda value: _figure(value, "number"))]
Band = Annotated[str, BeforeValidator(lambda value: _figure(value, "band"))]


class Titled(Entry):
    title: str
    title_en: str


class Method(Titled):
    group: str
    by: Literal["rubric", "sample"]


class Group(Titled):
    weight: Number


class Grade(Titled):
    """A band of the whole score: up to `most`, or a `range`."""

    most: Number = ""
    range: Band = ""
    tone: Literal["bad", "soon", "good", "info", "mute"]

    @model_validator(mode="after")
    def _one_bound(self) -> Grade:
        if bool(self.most) == bool(self.range):
            raise ValueError("a band says either `most` or `range`")
        return self


class Money(Titled):
    posts: list[str] = Field(min_length=1)
    fail: Number
    excellent: Number

    @model_validator(mode="after")
    def _known_posts(self) -> Money:
        for post in self.posts:
            try:
                known_role(post)
            except Exception:
                raise ValueError(f"no such post {post!r}") from None
        return self


class Team(Titled):
    since: Number = Field(alias="from")
    amount: Number


class ItemEntry(Titled):
    """One item. Without points it is shown and never scored (CF-32)."""

    category: str
    points: Number = ""
    deduct: Band = ""
    rows: list[str] = Field(min_length=1)
    checks: dict[str, str] = Field(min_length=1)
    checks_en: dict[str, str] = {}

    @model_validator(mode="after")
    def _whole(self) -> ItemEntry:
        if bool(self.points) != bool(self.deduct):
            raise ValueError("points and the range of a deduction go together")
        if self.checks_en and set(self.checks) != set(self.checks_en):
            raise ValueError("checks and checks_en have the same keys")
        if self.points and self.deduct and not (is_key(self.points) or is_key(self.deduct)):
            low, high = span(self.deduct)
            if not 0 < low <= high <= Decimal(self.points):
                raise ValueError(f"a deduction of {self.deduct} does not fit {self.points} points")
        return self


class RubricEntry(Titled):
    weight: Number = ""
    total: Number
    rows: list[str] = Field(min_length=1)
    items: dict[str, ItemEntry] = Field(min_length=1)

    @model_validator(mode="after")
    def _adds_up(self) -> RubricEntry:
        if not is_key(self.total) and not any(is_key(item.points) for item in self.items.values()):
            found = sum((Decimal(item.points or 0) for item in self.items.values()), Decimal(0))
            if found != Decimal(self.total):
                raise Slip(f"the items make {found} points, the total says {self.total}", "total")
        return self


class RubricsBook(Entry):
    categories: dict[str, Titled]
    methods: dict[str, Method]
    groups: dict[str, Group]
    independent: list[str]
    bands: dict[str, Grade]
    money: dict[str, Money]
    team: Team
    rubrics: dict[str, RubricEntry]

    @model_validator(mode="after")
    def _agrees(self) -> RubricsBook:
        for key, method in self.methods.items():
            if method.group not in self.groups:
                raise Slip(f"no such group {method.group!r}", "methods", key, "group")
        for name, rubric in self.rubrics.items():
            for key, item in rubric.items.items():
                if item.category not in self.categories:
                    raise Slip(f"no such category {item.category!r}", "rubrics", name, "items", key, "category")
        if list(self.bands) != ["fail", "good", "excellent"]:
            raise Slip("the bands are fail, good, excellent", "bands")
        return self


def span(band: str) -> tuple[Decimal, Decimal]:
    """`0.5-2` as two numbers. ValueError for anything else."""
    try:
        low, high = (Decimal(part) for part in re.split(r"\s*[-–—]\s*", band))
    except InvalidOperation as slip:
        raise ValueError(band) from slip
    return low, high


@cache
def rubrics_book() -> RubricsBook:
    """RulebookError names file and line."""
    return read("rubrics.yaml", RubricsBook)
