"""The contact tree: level by level who is called, from posts and the roster of this moment; gaps are named (EMG-03, EMG-11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.people.models import CompanyPost, Person, Post
from guanjia.people.presence import stood_in_for
from guanjia.people.roles import title_of

from .book import COMPANY, emergency_book
from .watch import Watch

if TYPE_CHECKING:
    from datetime import datetime


class Contact(NamedTuple):
    name: str
    post: str
    zone: str
    phone: str  # as it is dialled
    on_duty: bool
    away: bool


class Branch(NamedTuple):
    key: str
    title: str
    people: list[Contact]
    gaps: list[str]


def tree(estate: Any, at: datetime | None = None) -> list[Branch]:
    """Every level of the book with its people, on duty first; who is away stands last."""
    at = at or clock.now()
    day = clock.today(estate, at)
    watch, gone = Watch(estate, at), stood_in_for(estate, day)
    posts = list(Post.objects.at_estate(estate).held_on(day).select_related("zone").order_by("deputy", "pk"))
    company = list(CompanyPost.objects.filter(company_id=estate.company_id, during__contains=day).order_by("pk"))
    people = Person.objects.filter(is_active=True).in_bulk({row.person_id for row in (*posts, *company)})
    found = []
    for level in emergency_book().contacts:
        rows: list[Any] = [row for row in posts if row.role in level.roles] + (company if COMPANY in level.roles else [])
        rows.sort(key=lambda row: level.roles.index(row.role) if row.role in level.roles else 0)
        working = set().union(*(watch.at_work(role) for role in level.roles if role != COMPANY))
        made = [_contact(row, people[row.person_id], working, gone) for row in rows if row.person_id in people]
        made = _merged(made)
        made.sort(key=lambda one: (one.away, not one.on_duty))
        found.append(Branch(level.key, _(level.title), made, _gaps(made)))
    return found


def _merged(people: list[Contact]) -> list[Contact]:
    """Somebody with one post in several zones stands there once, with all of them."""
    found: dict[tuple[str, str, str], Contact] = {}
    for one in people:
        key = (one.name, one.post, one.phone)
        zones = [zone for zone in ((found[key].zone if key in found else ""), one.zone) if zone]
        found[key] = one._replace(zone="、".join(dict.fromkeys(zones)))
    return list(found.values())


def _contact(row: Any, person: Person, working: set[int], gone: dict[int, int | None]) -> Contact:
    zone = getattr(row, "zone", None)
    return Contact(person.name, title_of(row.role), zone.name if zone else "", (person.phone or "").removeprefix("+86"), person.pk in working, person.pk in gone)


def _gaps(people: list[Contact]) -> list[str]:
    """What an emergency would find missing."""
    if not people:
        return [_("这一级没有人任职")]
    said = [] if any(one.on_duty and not one.away for one in people) else [_("此刻没有人当班")]
    if silent := [one.name for one in people if not one.phone]:
        said.append(_("没有登记电话：%(names)s") % {"names": "、".join(dict.fromkeys(silent))})
    return said
