"""起始题库: the questions of `rulebooks/questions.yaml`, taken over into an estate's bank."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from django.db import transaction
from pydantic import model_validator

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.book import Entry, read
from guanjia.tenancy.scope import estate_scope

from .book import training_book
from .judging import checked_key
from .models import Question

if TYPE_CHECKING:
    from datetime import datetime


class Starter(Entry):
    code: str
    kind: Literal["single", "multiple", "true_false", "short"]
    topic: str
    groups: list[str] = []
    stem: str
    options: list[str] = []  # its choices: content, not words of the house
    key: list[int] = []
    answer: str
    source: str

    @model_validator(mode="after")
    def _answerable(self) -> Starter:
        book = training_book()
        checked_key(self.kind, self.options, self.key)
        if self.topic not in book.topics or set(self.groups) - set(book.groups):
            raise ValueError(f"{self.code}: no such topic or group")
        return self


class StarterBook(Entry):
    questions: list[Starter]

    @model_validator(mode="after")
    def _once(self) -> StarterBook:
        if len({row.code for row in self.questions}) < len(self.questions):
            raise ValueError("a code stands there twice")
        return self


@cache
def starter_book() -> StarterBook:
    return read("questions.yaml", StarterBook)


class BankSubject:
    """The bank of an estate as what an event is about."""

    noun = "estate"

    def __init__(self, estate: Any) -> None:
        self.estate_id = self.pk = estate.pk


def take_starter(*, by: Any, at: datetime | None = None) -> int:
    """Bring in the questions whose code the bank does not have; how many. What somebody changed or retired stays as it is."""
    by.must("training.manage")
    at = at or clock.now()
    with estate_scope(by.estate), transaction.atomic():
        known = set(Question.objects.at_estate(by.estate).values_list("code", flat=True))
        new = [row for row in starter_book().questions if row.code not in known]
        for row in new:
            Question.objects.keep(row.code, row.model_dump(exclude={"code", "options"}) | {"choices": row.options}, by=by, at=at)
        if new:
            Event.objects.record(Action.QUESTIONS_KEPT, BankSubject(by.estate), by=by, at=at, told=False, created=len(new), changed=0)
    return len(new)
