"""The shape of `rulebooks/notices.yaml`: who is told of what."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import cache
from string import Formatter
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, model_validator

from guanjia.events.actions import Action
from guanjia.rulebooks.book import Amount, Entry, read

# Audience → what it means for an event. Worked out in guanjia/notices/crowd.py.
RESIDENTS = {
    "reporter": "who reported it",
    "household": "everybody who signs in for its household",
    "told_household": "everybody who signs in for the household that the event names",
    "bulletin_readers": "everybody whom a bulletin is for and who signs in (guanjia/bulletins/audience.py)",
    "poll_homes": "everybody who signs in for a household that a poll waits for (guanjia/surveys/audience.py)",
    "officers_invited": "everybody who signs in for a household invited to be an experience officer",
    "living_here": "everybody who signs in for a household of the estate",
    "assembly_owners": "every owner on the roll of an owners' assembly who signs in (guanjia/assembly/tiles.py)",
    "activity_homes": "everybody whom an activity is for and who signs in (guanjia/activities/audience.py)",
    "activity_guests": "everybody who signs in for a household that signed up",
    "emergency_homes": "everybody who signs in where an emergency's notice goes (guanjia/emergencies/audience.py)",
}
STAFF = {
    "steward": "who answers for it; the dispatchers when nobody does",
    "given_steward": "to whom it was handed over",
    "taker": "who took the report in",
    "worker": "who works on it now",
    "given_worker": "whom the event names",
    "given_workers": "all those whom the event names",
    "poll_staff": "the staff that a poll waits for",
    "giver": "who gave the order",
    "asked": "whose help was asked: the steward for a neighbour, or the supervisors",
    "told": "whom a step of the ladder names",
    "all_stewards": "every steward of the estate",
    "engineering": "who leads the engineers; the supervisors where nobody does",
    "dispatcher": "", "front_desk": "", "supervisor": "", "manager": "", "company": "posts at the company",
}  # fmt: skip
Audience = Literal[
    "reporter", "household", "steward", "given_steward", "taker", "worker", "given_worker", "given_workers", "giver", "asked", "told",
    "all_stewards", "told_household", "bulletin_readers", "emergency_homes", "poll_homes", "poll_staff", "mailing_stewards", "officers_invited", "living_here", "activity_homes", "activity_guests", "assembly_owners", "engineering", "dispatcher", "front_desk", "supervisor", "manager", "company",
]  # fmt: skip


def plain_names(template: str) -> str:
    """Names only: no attributes, no indices, nothing that could reach into an object."""
    for _text, name, spec, conversion in Formatter().parse(template):
        if name is not None and (not name.isidentifier() or spec or conversion):
            raise ValueError(f"{{{name}}} is not a plain name")
    return template


Template = Annotated[str, BeforeValidator(plain_names), Field(max_length=120)]


class Note(Entry):
    """What one kind of reader is told."""

    to: list[Audience] = Field(min_length=1)
    face: Literal["staff", "resident"] = "staff"
    channels: list[Literal["inbox", "email", "push"]] = ["inbox"]
    title: Template
    body: Template = ""
    urgent: bool = False
    link: Literal["subject", "nothing"] = "subject"

    @model_validator(mode="after")
    def _one_face(self) -> Note:
        wrong = [name for name in self.to if (name in RESIDENTS) != (self.face == "resident")]
        if wrong:
            raise ValueError(f"{', '.join(wrong)}: not {self.face}")
        if "inbox" not in self.channels:
            raise ValueError("whatever is told stands in the inbox as well")
        return self


class ActionEntry(Entry):
    webhook: bool = False
    tell: list[Note] = []


class Quiet(Entry):
    """Hours of rest, by the estate's clock."""

    since: time = Field(alias="from")
    until: time

    def wake(self, now: datetime, zone: str) -> datetime:
        """`now`, or when the rest that `now` falls into is over."""
        here = now.astimezone(ZoneInfo(zone))
        at = here.time()
        overnight = self.since > self.until
        resting = (at >= self.since or at < self.until) if overnight else self.since <= at < self.until
        if not resting:
            return now
        day = here.date() + timedelta(days=overnight and at >= self.since)
        return datetime.combine(day, self.until, ZoneInfo(zone)).astimezone(now.tzinfo)


class NoticesBook(Entry):
    quiet: Quiet
    stale_after: Amount
    pushed_with: list[Literal["email"]] = []  # whatever goes out by these also goes to the devices that want it
    notices: dict[str, ActionEntry]

    @model_validator(mode="after")
    def _every_action(self) -> NoticesBook:
        if wrong := set(self.notices) ^ set(Action.values):
            raise ValueError(f"actions differ from Action: {', '.join(sorted(wrong))}")
        failed = self.notices[Action.NOTICE_FAILED]
        if failed.webhook or any(note.channels != ["inbox"] for note in failed.tell):
            raise ValueError("a failure is told in the inbox only, or it would fail again and again")
        return self

    def ways(self, note: Note) -> list[str]:
        """The channels of a note, with those that go along."""
        along = "push" not in note.channels and (note.urgent or set(note.channels) & set(self.pushed_with))
        return [*note.channels, *(["push"] if along else [])]

    def entry(self, action: str) -> ActionEntry:
        """Events outlive actions: one that is gone tells nobody."""
        return self.notices.get(action, ActionEntry())


@cache
def notices_book() -> NoticesBook:
    return read("notices.yaml", NoticesBook)


def subscribable() -> list[Action]:
    """What other systems may hear of."""
    return [action for action in Action if notices_book().notices[action].webhook]


def sentences() -> list[str]:
    """Every template, for the catalogues of translations."""
    notes = [note for entry in notices_book().notices.values() for note in entry.tell]
    return sorted({words for note in notes for words in (note.title, note.body) if words})
