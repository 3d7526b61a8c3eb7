"""The shape of `rulebooks/training.yaml`: what posts have to learn, pass and hold."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from guanjia.people.roles import Role, roles, works_as
from guanjia.rulebooks.book import Entry, read

if TYPE_CHECKING:
    from collections.abc import Iterable


class Group(Entry):
    title: str
    posts: list[Role]
    courses: list[str] = []
    papers: list[str] = []
    cleared: bool = False


class Course(Entry):
    title: str
    groups: list[str] = []
    duties: list[str] = []
    rows: list[str]


class Part(Entry):
    topic: str
    count: int = Field(ge=1, le=50)
    points: Decimal = Field(gt=0, le=100)
    kind: str = ""


class PaperRule(Entry):
    title: str
    groups: list[str] = []
    minutes: int = Field(ge=1, le=600)
    pass_mark: int = Field(ge=1, le=100)
    attempts: int = Field(ge=1, le=20)
    parts: list[Part] = Field(min_length=1)
    rows: list[str]


class Kind(Entry):
    """Of a certificate."""

    title: str
    posts: list[str] = []
    groups: list[str] = []
    months: int | None = None
    blocks: bool = False
    rows: list[str]


class TrainingBook(Entry):
    warn_days: list[int]
    within: int
    groups: dict[str, Group]
    courses: dict[str, Course]
    topics: dict[str, str]
    papers: dict[str, PaperRule]
    certificates: dict[str, Kind]

    @model_validator(mode="after")
    def _known(self) -> TrainingBook:
        held = [post for group in self.groups.values() for post in group.posts]
        if sorted(held) != sorted(Role):
            raise ValueError("every post the code names is in one group")
        entries: list[Course | PaperRule | Kind] = [*self.courses.values(), *self.papers.values(), *self.certificates.values()]
        named = [name for entry in entries for name in entry.groups]
        wrong = {
            "groups": set(named) - set(self.groups),
            "courses": {name for group in self.groups.values() for name in group.courses} - set(self.courses),
            "papers": {name for group in self.groups.values() for name in group.papers} - set(self.papers),
            "topics": {part.topic for paper in self.papers.values() for part in paper.parts} - set(self.topics),
            "posts": {post for kind in self.certificates.values() for post in kind.posts} - set(roles()),
        }
        for what, names in wrong.items():
            if names:
                raise ValueError(f"no such {what}: {', '.join(sorted(names))}")
        if self.warn_days != sorted(set(self.warn_days), reverse=True):
            raise ValueError("warn_days go down")
        return self


@cache
def training_book() -> TrainingBook:
    return read("training.yaml", TrainingBook)


@cache
def group_of(role: str) -> str:
    """The post group of a role: where the post that does its work stands."""
    does = works_as(role)
    return next(key for key, group in training_book().groups.items() if does in group.posts)


@cache
def roles_in(groups: tuple[str, ...]) -> frozenset[str]:
    """Every role of these groups; of all when none is named."""
    return frozenset(role for role in roles() if not groups or group_of(role) in groups)


def certificates_for(role: str) -> list[str]:
    """The kinds of certificate that a post needs."""
    return [key for key, kind in training_book().certificates.items() if role in kind.posts or group_of(role) in kind.groups]


def course_of(duty: str) -> str:
    """The course whose record a duty's session is."""
    return next((key for key, course in training_book().courses.items() if duty in course.duties), "other")


def group_titles(keys: Iterable[str]) -> str:
    """“客服管家、秩序安保”; everybody when none is named."""
    known = training_book().groups
    return "、".join(_(known[key].title) for key in keys if key in known) or _("全体员工")


def choices(part: str) -> list[tuple[str, str]]:
    """(key, title) of groups, courses, papers, certificates or topics, in the reader's language."""
    return [(key, _(entry if isinstance(entry, str) else entry.title)) for key, entry in getattr(training_book(), part).items()]


def title(part: str, key: str) -> str:
    return dict(choices(part)).get(key, key)
