"""The shape of `rulebooks/campaigns.yaml`: five phases and what has to be delivered in them (QLT-02..19, QLT-26)."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from guanjia.people.roles import roles
from guanjia.rulebooks.book import Entry, Slip, read

from .rubric_book import is_key
from .rubrics import value

if TYPE_CHECKING:
    from datetime import datetime


class Phase(Entry):
    title: str
    title_en: str
    days: str
    rows: list[str] = Field(min_length=1)


class StepEntry(Entry):
    phase: str
    title: str
    title_en: str
    due: str
    role: str
    shows: Literal["document", "session", "exam", "minutes", "report", "inspection", "issues"]
    rows: list[str] = Field(min_length=1)


class CampaignBook(Entry):
    title: str
    title_en: str
    phases: dict[str, Phase] = Field(min_length=1)
    steps: dict[str, StepEntry] = Field(min_length=1)

    @model_validator(mode="after")
    def _agrees(self) -> CampaignBook:
        for key, step in self.steps.items():
            if step.phase not in self.phases:
                raise Slip(f"no such phase {step.phase!r}", "steps", key, "phase")
            if step.role not in roles():
                raise Slip(f"no such role {step.role!r}", "steps", key, "role")
            if not is_key(step.due):
                raise Slip("due is $key of a figure", "steps", key, "due")
        return self


@cache
def campaign_book() -> CampaignBook:
    """RulebookError names file and line."""
    return read("campaigns.yaml", CampaignBook)


def _on(year: int, day: str) -> date:
    """`09-30` in a year; 02-29 of another year is the 28th."""
    try:
        return date.fromisoformat(f"{year}-{day}")
    except ValueError:
        return date(year, 2, 28)


def phases(estate: Any, year: int, at: datetime) -> list[dict[str, str]]:
    """Each with its first and last day in that year, ISO."""
    found = []
    for key, phase in campaign_book().phases.items():
        first, last = value(estate, phase.days, at).split("..")
        found.append({"key": key, "title": phase.title, "since": f"{_on(year, first)}", "until": f"{_on(year, last)}"})
    return found


def due(estate: Any, step: StepEntry, year: int, at: datetime) -> date:
    """The day a step is due in a year: of a phase its last day."""
    return _on(year, value(estate, step.due, at).split("..")[-1])
