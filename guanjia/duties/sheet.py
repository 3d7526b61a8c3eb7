"""A form as a page shows it: each item with what was typed, what is wrong, whom it asks about."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.rulebooks.form_book import FormEntry, Item, form

from .findings import open_at
from .vacancy import figures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .models import Task

CHECKS = ("check",)


@dataclass
class Question:
    """One item of a form on a page."""

    name: str
    item: Item
    n: int
    value: Any = ""
    words: str = ""
    error: str = ""
    members: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return _(self.item.title)

    @property
    def hint(self) -> str:
        return _(self.item.hint) if self.item.hint else ""

    @property
    def unit(self) -> str:
        return _(self.item.unit) if self.item.unit else ""

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """(key, words, whether it opens something)."""
        return [(key, _(title), key in self.item.bad) for key, title in self.item.choices.items()]

    @property
    def scale(self) -> range:
        """A short score is picked, a long one typed."""
        return (
            range(1, self.item.most + 1)
            if self.item.kind == "score" and self.item.most and self.item.most <= 5
            else range(0)
        )


@dataclass
class Sheet:
    task: Task
    form: FormEntry
    checks: list[Question]
    others: list[Question]
    rechecks: list[Any]
    errors: dict[str, str]
    client_id: str

    @property
    def needs_photo(self) -> bool:
        return self.form.photos == "required" or "photo" in self.task.duty.proof

    @property
    def takes_photos(self) -> bool:
        return self.form.photos != "none" or self.needs_photo

    @property
    def signs(self) -> bool:
        return "signature" in self.task.duty.proof and not any(row.item.kind == "signature" for row in self.others)

    @property
    def asks_mark(self) -> bool:
        return "mark" in self.task.duty.proof or any(row.item.kind == "mark" for row in self.others)


def sheet(task: Task, raw: Mapping[str, Any] | None = None, errors: dict[str, str] | None = None) -> Sheet:
    """The page of a task's form; `raw` is what was sent and refused, so that nothing typed is lost."""
    entry, raw, errors = form(task.duty.form), raw or _known(task), errors or {}
    questions = []
    for name, item in entry.items.items():
        members = task.members_of(name) if item.kind == "members" else {}
        questions.append(
            Question(name, item, 0, raw.get(name, ""), str(raw.get(f"{name}-words", "")), errors.get(name, ""), members)
        )
    checks = [row for row in questions if row.item.kind in CHECKS]
    for n, row in enumerate(checks, 1):
        row.n = n
    rechecks: list[Any] = list(open_at(task))
    for found in rechecks:
        found.error, found.said = errors.get(f"recheck-{found.pk}", ""), raw.get(f"recheck-{found.pk}", "")
    return Sheet(
        task,
        entry,
        checks,
        [row for row in questions if row not in checks],
        rechecks,
        errors,
        str(raw.get("client_id") or uuid.uuid4()),
    )


def _known(task: Task) -> Mapping[str, Any]:
    """What the house knows already, to be looked over and not typed."""
    return figures(task) if task.duty.form == "vacant_count" else {}
