"""任职资格: what the posts somebody holds ask for, against what they have (TRN-04, STF-29, STF-30). Five statements for an estate."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.people.models import Post
from guanjia.people.roles import title_of

from .book import certificates_for, group_of, title, training_book
from .models import Attempt, Attendee, Certificate, Clearance

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

GOOD, SOON, LACKS = "good", "soon", "bad"


@dataclass
class Need:
    """One thing a post asks for: held (good), about to end (soon) or lacking (bad)."""

    kind: str  # certificate, course, paper, clearance
    key: str
    title: str
    state: str
    until: date | None = None


@dataclass
class Profile:
    person: Any
    roles: list[str] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)

    @property
    def titles(self) -> list[str]:
        return [title_of(role) for role in self.roles]

    @property
    def certificates(self) -> list[Need]:
        return [need for need in self.needs if need.kind == "certificate"]

    @property
    def certified(self) -> bool | None:
        """Whether all certificates of their posts are valid; None when the posts ask for none."""
        return all(need.state != LACKS for need in self.certificates) if self.certificates else None

    @property
    def lacking(self) -> list[Need]:
        return [need for need in self.needs if need.state == LACKS]

    @property
    def state(self) -> str:
        states = {need.state for need in self.needs}
        return LACKS if LACKS in states else SOON if SOON in states else GOOD


@dataclass(frozen=True)
class Figure:
    """Certified people of those whose posts need a certificate; 100 % is asked for (TRN-04)."""

    part: int
    whole: int

    @property
    def percent(self) -> int:
        return self.part * 100 // self.whole if self.whole else 100

    @property
    def reached(self) -> bool:
        return self.part == self.whole


def figure(rows: Iterable[Profile]) -> Figure:
    asked = [row.certified for row in rows if row.certified is not None]
    return Figure(sum(asked), len(asked))


def profiles(estate: Any, now: datetime, *, people: Iterable[int] | None = None, role: str = "") -> list[Profile]:
    """Everybody in post today by name, or these people."""
    day = clock.today(estate, now)
    posts = Post.objects.at_estate(estate).held_on(day).select_related("person").filter(person__is_active=True)
    posts = posts if people is None else posts.filter(person__in=list(people))
    found: dict[int, Profile] = {}
    for post in posts.order_by("person__name", "person_id", "role"):
        row = found.setdefault(post.person_id, Profile(post.person))
        if post.role not in row.roles:
            row.roles.append(post.role)
    rows = [row for row in found.values() if not role or any(group_of(each) == role for each in row.roles)]
    held = _Held(estate, [row.person.pk for row in rows], day, now)
    for row in rows:
        row.needs = _needs(row, held)
    return rows


class _Held:
    """What people have: certificates, trainings and exams of the months that count, reviews."""

    def __init__(self, estate: Any, people: list[int], day: date, now: datetime) -> None:
        self.day = day
        since = now - timedelta(days=training_book().within * 365 // 12)
        certificates = Certificate.objects.at_estate(estate).filter(person__in=people, ended_at__isnull=True)
        self.certificates = {(row.person_id, row.kind): row for row in certificates.defer("number")}
        came = Attendee.objects.at_estate(estate).filter(person__in=people, signed_at__gte=since, session__held_at__isnull=False)
        self.courses = set(came.values_list("person_id", "session__course"))
        passed = Attempt.objects.at_estate(estate).filter(person__in=people, passed=True, ended_at__gte=since)
        self.papers = set(passed.values_list("person_id", "exam__paper"))
        self.cleared = set(Clearance.objects.at_estate(estate).filter(person__in=people).values_list("person_id", "group"))

    def certificate(self, person: int, key: str) -> Need:
        row = self.certificates.get((person, key))
        left = row.days_left(self.day) if row else -1
        state = GOOD if left is None or left > training_book().warn_days[0] else SOON if left >= 0 else LACKS
        return Need("certificate", key, title("certificates", key), state, row.valid_until if row else None)


def _needs(row: Profile, held: _Held) -> list[Need]:
    person, book, needs = row.person.pk, training_book(), {}
    for role in row.roles:
        for key in certificates_for(role):
            needs["certificate", key] = held.certificate(person, key)
        group = group_of(role)
        entry = book.groups[group]
        for key in entry.courses:
            needs["course", key] = Need("course", key, title("courses", key), GOOD if (person, key) in held.courses else LACKS)
        for key in entry.papers:
            needs["paper", key] = Need("paper", key, title("papers", key), GOOD if (person, key) in held.papers else LACKS)
        if entry.cleared:
            needs["clearance", group] = Need("clearance", group, _("上岗审核"), GOOD if (person, group) in held.cleared else LACKS)
    return list(needs.values())


def by_group(rows: Iterable[Profile]) -> dict[str, Figure]:
    """The figure of each post group."""
    groups: dict[str, list[Profile]] = defaultdict(list)
    for row in rows:
        for group in dict.fromkeys(map(group_of, row.roles)):
            groups[group].append(row)
    return {group: figure(found) for group, found in groups.items()}
