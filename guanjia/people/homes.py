"""Which estates a signed-in person belongs to, and as what."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.apps import apps

from guanjia import clock
from guanjia.estates.models import Estate
from guanjia.tenancy.scope import ALL, estate_scope

from .models import CompanyPost, Person, Post

if TYPE_CHECKING:
    from datetime import datetime


class Home(NamedTuple):
    estate: Estate
    is_staff: bool

    @property
    def address(self) -> str:
        """Where the person's day begins there."""
        return f"/e/{self.estate.code}/{'today' if self.is_staff else 'home'}/"


def homes_of(person: Person, at: datetime | None = None) -> list[Home]:
    """Estates where the person holds a post today (staff) or has a home (residents), by name. Few statements."""
    staff = person.kind == Person.Kind.STAFF
    with estate_scope(ALL):
        ids = _posts(person, at) if staff else _households(person)
    return [Home(estate, staff) for estate in Estate.objects.filter(pk__in=ids).order_by("name")]


def _posts(person: Person, at: datetime | None) -> set[int]:
    """Each estate counts days in its own time zone."""
    estates = {estate.pk: clock.today(estate, at) for estate in Estate.objects.all()}
    held = Post.objects.filter(person=person).values_list("estate_id", "during")
    found = {estate_id for estate_id, during in held if _on(estates[estate_id], during)}
    companies = CompanyPost.objects.filter(person=person, company=person.company).values_list("company_id", "during")
    for company_id, during in companies:
        of_company = Estate.objects.filter(company_id=company_id).values_list("pk", flat=True)
        found |= {estate_id for estate_id in of_company if _on(estates[estate_id], during)}
    return found


def _on(day: object, during: object) -> bool:
    return day in during  # type: ignore[operator]


def _households(person: Person) -> set[int]:
    rows = apps.get_model("households", "Member").objects.filter(login=person, left_on__isnull=True)
    return set(rows.values_list("estate_id", flat=True))
