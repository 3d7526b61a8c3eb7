"""The shape of `rulebooks/moves.yaml`: slots, hours, steps, papers, agreements, what is looked at in a home."""

from __future__ import annotations

from datetime import time
from functools import cache

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from guanjia.rulebooks.book import Amount, Entry, read


class Titled(Entry):
    title: str


class PaperEntry(Entry):
    title: str
    required: bool = True
    let: bool | None = None  # true: of tenants only; false: of owners only


class Agreement(Entry):
    title: str
    rules: list[Titled] = Field(min_length=1)


class Room(Entry):
    title: str
    points: list[str] = Field(min_length=1)


class MovesBook(Entry):
    slots: dict[str, Titled] = Field(min_length=1)
    hours: list[time] = Field(min_length=1)
    ahead: Amount
    steps: dict[str, list[str]]
    waivable: list[str]
    titles: dict[str, Titled]
    papers: dict[str, dict[str, PaperEntry]]
    agreements: dict[str, Agreement]
    rooms: dict[str, Room]
    points: dict[str, Titled]

    @model_validator(mode="after")
    def _known(self) -> MovesBook:
        steps = {step for some in self.steps.values() for step in some} | set(self.waivable)
        if unknown := (steps - set(self.titles)) | ({point for room in self.rooms.values() for point in room.points} - set(self.points)):
            raise ValueError(f"no such step or point: {', '.join(sorted(unknown))}")
        return self


@cache
def moves_book() -> MovesBook:
    return read("moves.yaml", MovesBook)


def slot_title(key: str) -> str:
    slot = moves_book().slots.get(key)
    return _(slot.title) if slot else key


def step_title(key: str) -> str:
    return _(moves_book().titles[key].title)


def wanted(direction: str, let: bool) -> dict[str, tuple[str, bool]]:
    """Papers of a handover: key → (title, whether it must be there)."""
    return {key: (entry.title, entry.required) for key, entry in moves_book().papers[direction].items() if entry.let is None or entry.let == let}


def look_at() -> list[tuple[str, str]]:
    """Every (room, point) of a home."""
    return [(room, point) for room, entry in moves_book().rooms.items() for point in entry.points]
