"""The shape of `rulebooks/emergencies.yaml`: plans by kind, the contact tree, the alarm, severities, what a drill is judged by."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from guanjia.people.roles import roles
from guanjia.rulebooks.book import Amount, Entry, read

COMPANY = "company"


class Number(Entry):
    number: str
    title: str


class Level(Entry):
    key: str
    title: str
    roles: list[str] = Field(min_length=1)


class Rung(Entry):
    after: Amount | None = None
    tell: list[Literal["people", "supervisor", "manager", "company"]] = Field(min_length=1)

    @property
    def late(self) -> timedelta:
        return self.after or timedelta(0)


class Aftermath(Entry):
    visit: Amount
    report: Amount


class Severity(Entry):
    title: str
    within: Amount


class Fires(Entry):
    """`cause`: known by then; `ask`: how long a report of these categories is asked about whether it was one."""

    cause: Amount
    ask: Amount
    categories: list[str]


class Titled(Entry):
    title: str


class PlanTask(Entry):
    key: str
    role: str
    title: str
    within: Amount

    @property
    def minutes(self) -> int:
        return int(self.within.total_seconds() // 60)


class Kind(Entry):
    title: str
    version: int
    icon: str
    calls: list[str]
    tasks: list[PlanTask] = Field(min_length=1)
    phrases: list[str]
    notice: str


class EmergencyBook(Entry):
    numbers: dict[str, Number]
    contacts: list[Level]
    alarm: list[Rung] = Field(min_length=1)
    aftermath: Aftermath
    severity: dict[str, Severity]
    fires: Fires
    causes: dict[str, Titled]
    points: dict[str, Titled]
    drills: list[str]
    kinds: dict[str, Kind]

    @model_validator(mode="after")
    def _known(self) -> EmergencyBook:
        named = {task.role for kind in self.kinds.values() for task in kind.tasks} | {role for level in self.contacts for role in level.roles}
        if unknown := named - set(roles()) - {COMPANY}:
            raise ValueError(f"no such role: {', '.join(sorted(unknown))}")
        if unknown := {call for kind in self.kinds.values() for call in kind.calls} - set(self.numbers):
            raise ValueError(f"no such number: {', '.join(sorted(unknown))}")
        for key, kind in self.kinds.items():
            if len({task.key for task in kind.tasks}) != len(kind.tasks):
                raise ValueError(f"{key}: a task stands there twice")
        return self


@cache
def emergency_book() -> EmergencyBook:
    return read("emergencies.yaml", EmergencyBook)


def kind_title(kind: str) -> str:
    """Its name in the reader's language; the key where the book no longer has it."""
    from django.utils.translation import gettext as _

    entry = emergency_book().kinds.get(kind)
    return _(entry.title) if entry else kind
