"""The shape of `rulebooks/forms.yaml`: what a record of a duty asks, and what a bad answer opens."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from pydantic import Field, model_validator

from .book import Amount, Entry, RulebookError, read

KINDS = ("check", "choice", "number", "text", "photo", "signature", "score", "members", "mark", "amount")
CHECK = ("ok", "bad", "na")


class Opens(Entry):
    """The ticket that a bad answer opens. With a class it is classified at once, so that its clock runs."""

    kind: Literal["repair", "enquiry", "complaint", "suggestion"]
    klass: Literal["urgent", "routine", "suggestion", ""] = Field("", alias="class")
    category: str
    words: str
    urgent: bool = False  # whoever leads the work is told at once (VAC-04)


class Members(Entry):
    choices: dict[str, str] = Field(min_length=1)


class Item(Entry):
    """One question. See the head of forms.yaml."""

    title: str
    hint: str = ""
    kind: Literal["check", "choice", "number", "text", "photo", "signature", "score", "members", "mark", "amount"]
    required: bool = True
    choices: dict[str, str] = {}
    bad: list[str] = []
    least: int | None = None
    most: int | None = None
    low: int | None = None
    high: int | None = None
    unit: str = ""
    members: Members | None = None
    members_of: Literal["buildings", ""] = ""
    asks: list[Literal["words", "photo"]] = []
    opens: Opens | None = None
    recheck: bool = True

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Item:
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("a choice has choices, nothing else has")
        if set(self.bad) - set(self.choices):
            raise ValueError(f"bad: {sorted(set(self.bad) - set(self.choices))} is none of its choices")
        if (self.kind == "members") != (bool(self.members) ^ bool(self.members_of)):
            raise ValueError("members has either `members` or `members_of`")
        if self.kind == "score" and not self.most:
            raise ValueError("a score says its full mark (most)")
        if (self.opens or self.asks) and not self.can_be_bad:
            raise ValueError("nothing can be bad here: `opens` and `asks` do not belong")
        return self

    @property
    def can_be_bad(self) -> bool:
        return self.kind == "check" or bool(self.bad) or self.low is not None or self.high is not None

    def is_bad(self, value: Any) -> bool:
        """Whether a checked answer is a finding."""
        if value in (None, ""):
            return False
        if self.kind == "check":
            return bool(value == "bad")
        if self.low is not None and float(value) < self.low:
            return True
        return (self.high is not None and float(value) > self.high) or value in self.bad


class FormEntry(Entry):
    title: str
    rows: list[str] = []
    source: list[str] = []
    photos: Literal["none", "optional", "required"] = "none"
    dwell: Amount | None = None
    covers: bool = False
    tells: Literal["household", ""] = ""
    items: dict[str, Item] = Field(min_length=1)


class FormsBook(Entry):
    forms: dict[str, FormEntry]


@cache
def forms_book() -> FormsBook:
    """Every form by its key. RulebookError names file and line."""
    return read("forms.yaml", FormsBook)


def form(key: str) -> FormEntry:
    """The form of a duty. RulebookError for one that the file does not have."""
    try:
        return forms_book().forms[key]
    except KeyError:
        raise RulebookError(f"forms.yaml has no form {key!r}") from None


def covering() -> list[str]:
    """Forms whose records count as a patrol."""
    return [key for key, entry in forms_book().forms.items() if entry.covers]


def form_phrases() -> list[str]:
    """What people read of the forms, for the catalogues."""
    said: list[str] = []
    for entry in forms_book().forms.values():
        said.append(entry.title)
        for item in entry.items.values():
            said += [item.title, item.hint, item.unit, *item.choices.values()]
            said += item.members.choices.values() if item.members else ()
            said += [item.opens.words] if item.opens else []
    return list(dict.fromkeys(filter(None, said)))
