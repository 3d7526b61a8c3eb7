"""The shape of `rulebooks/*.yaml`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from .book import Amount, Entry, RulebookError, read
from .values import Sort, check, length
from .words import CHANNELS, CLASSES, KINDS, MOMENTS, TOLD, known

if TYPE_CHECKING:
    from datetime import timedelta

    from .books import FigureEntry

Moment = Annotated[str, BeforeValidator(lambda value: known(value, MOMENTS, "moment"))]
Tell = Annotated[str, BeforeValidator(lambda value: known(value, TOLD, "person to tell"))]


class Applies(Entry):
    """To which tickets; an empty list means any."""

    klass: list[Annotated[str, BeforeValidator(lambda value: known(value, CLASSES, "class"))]] = Field(
        [], alias="class"
    )
    kind: list[Annotated[str, BeforeValidator(lambda value: known(value, KINDS, "kind"))]] = []
    channel: list[Annotated[str, BeforeValidator(lambda value: known(value, CHANNELS, "channel"))]] = []
    anonymous: bool = True  # whether it also holds when nobody is known who could be called


class Rung(Entry):
    """One step of a ladder: a share of the limit, or a time past the breach."""

    at: str | None = Field(None, pattern=r"^(100|[1-9][0-9]?)%$")
    after: Amount | None = None
    tell: Tell

    @model_validator(mode="after")
    def _one_of_them(self) -> Rung:
        if (self.at is None) == (self.after is None):
            raise ValueError("a step has either `at` or `after`")
        return self

    @property
    def share(self) -> float | None:
        return int(self.at[:-1]) / 100 if self.at else None


class LimitEntry(Entry):
    title: str
    source: str
    rows: list[str]
    subject: Literal["ticket"] = "ticket"
    applies: Applies = Field(default_factory=lambda: Applies.model_validate({}))
    starts_on: list[Moment] = Field(min_length=1)
    stops_on: list[Moment] = Field(min_length=1)
    within: Annotated[str, Field(pattern=r"^\$[a-z][a-z0-9_.]*$")] | Amount  # `$key`: what that figure says
    by_class: dict[str, Amount] = {}
    calendar: str = "always"
    repeat: Moment | None = None
    pauses_on_hold: bool = False
    stated: bool = True
    when: dict[str, list[str]] = {}
    ladder: list[Rung] = []

    @model_validator(mode="after")
    def _repeats_without_after(self) -> LimitEntry:
        if self.repeat and self.repeat not in self.stops_on:
            raise ValueError("`repeat` is one of the moments in stops_on")
        if self.repeat and any(rung.after for rung in self.ladder):
            raise ValueError("a repeating limit starts anew at its breach; it has no step after it")
        return self

    @property
    def follows(self) -> str:
        """The figure that says how long it is, if one does."""
        return self.within[1:] if isinstance(self.within, str) else ""

    @property
    def usual(self) -> timedelta:
        """How long the books make it, before anybody sets anything."""
        if isinstance(self.within, str):
            figure = parameters_book().parameters[self.follows]
            return length(figure.type, figure.default, figure.unit)
        return self.within


class Profile(Entry):
    title: str
    source: str
    limits: list[str]
    presets: dict[str, Any] = {}


class LimitsBook(Entry):
    limits: dict[str, LimitEntry]
    profiles: dict[str, Profile]


class ParameterEntry(Entry):
    title: str
    rows: list[str]
    default: Any
    choices: dict[str, str] = {}
    type: Sort = "choice"
    unit: str = ""
    waits: bool = False  # nothing holds until the company says it
    register_only: str = ""  # with what it comes to be read; nothing follows it yet

    @model_validator(mode="after")
    def _default_is_allowed(self) -> ParameterEntry:
        if not (self.waits and self.default is None):
            self.check_value(self.default)
        return self

    def check_value(self, value: Any) -> None:
        """Raise ValueError unless a parameter of this sort may have the value."""
        if self.type == "choice" and value not in self.choices:
            raise ValueError(f"{value!r} is not one of {', '.join(self.choices)}")
        check(self.type, value)


class ParametersBook(Entry):
    parameters: dict[str, ParameterEntry]


class CalendarEntry(Entry):
    title: str
    everyday: list[str] = []
    workday: list[str] = []
    restday: list[str] = []


class CalendarsBook(Entry):
    calendars: dict[str, CalendarEntry]


@cache
def limits_book() -> LimitsBook:
    return read("limits.yaml", LimitsBook)


@cache
def switches_book() -> ParametersBook:
    """parameters.yaml alone: what the sources dispute."""
    return read("parameters.yaml", ParametersBook)


@cache
def parameters_book() -> ParametersBook:
    """The switches of parameters.yaml and the figures of every rulebook: both are settings with dates."""
    from .books import books

    switches = switches_book().parameters
    figures = {key: figure for book in books().values() for key, figure in book.figures.items()}
    if twice := set(switches) & set(figures):
        raise RulebookError(f"parameters.yaml: {sorted(twice)} stand in a book too")
    return ParametersBook(parameters=switches | {key: setting_of(figure) for key, figure in figures.items()})


def setting_of(figure: FigureEntry) -> ParameterEntry:
    """A figure of a book as a setting with dates."""
    shared: dict[str, Any] = {
        name: getattr(figure, name) for name in ("title", "rows", "default", "choices", "type", "unit", "waits", "register_only")
    }
    return ParameterEntry(**shared)


@cache
def calendars_book() -> CalendarsBook:
    return read("calendars.yaml", CalendarsBook)
