"""The shape of `rulebooks/decoration.yaml`: papers, chains of approval, house rules, what acceptance looks at."""

from __future__ import annotations

from functools import cache

from pydantic import Field, model_validator

from guanjia.people.roles import roles
from guanjia.rulebooks.book import Amount, Entry, read


class PaperEntry(Entry):
    title: str
    required: bool = True
    let: bool = False


class Titled(Entry):
    title: str


class Step(Entry):
    key: str
    title: str
    roles: list[str] = Field(min_length=1)
    within: Amount


class Chain(Entry):
    steps: list[Step] = Field(min_length=1)
    accepts: list[str] = Field(min_length=1)

    @model_validator(mode="after")
    def _known(self) -> Chain:
        named = {role for step in self.steps for role in step.roles} | set(self.accepts)
        if unknown := named - set(roles()):
            raise ValueError(f"no such role: {', '.join(sorted(unknown))}")
        return self


class DecorationBook(Entry):
    papers: dict[str, PaperEntry]
    chains: dict[str, Chain]
    lasts: Amount
    told: Amount
    rules: list[Titled]
    acceptance: dict[str, Titled]


@cache
def decoration_book() -> DecorationBook:
    return read("decoration.yaml", DecorationBook)


def wanted(owner: bool) -> dict[str, str]:
    """Papers that an application must bring: key → title."""
    return {key: entry.title for key, entry in decoration_book().papers.items() if entry.required and (not entry.let or not owner)}
