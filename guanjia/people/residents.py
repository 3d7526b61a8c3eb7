"""Which resident a phone belongs to: the household register says so, at whatever estate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import IntegrityError, transaction

from guanjia.tenancy.scope import ALL, estate_scope

from .models import Person
from .phones import spellings

if TYPE_CHECKING:
    from datetime import datetime


def _members(phone: str) -> Any:
    """The register's rows with that phone, at every estate; those who moved out left it."""
    from guanjia.estates.models import Estate

    rows = apps.get_model("households", "Member").objects
    return rows.filter(estate__in=Estate.objects.all(), phone__in=spellings(phone), left_on__isnull=True)


def is_known(phone: str) -> bool:
    """Whether a code for this phone could let anybody in."""
    with estate_scope(ALL):
        known = _members(phone).exists()
    return (
        known
        and not Person.objects.filter(kind=Person.Kind.RESIDENT, username=_username(phone), is_active=False).exists()
    )


def resident_of(phone: str, at: datetime) -> Person | None:
    """The sign-in of a phone, made at its first use; the register's rows with that phone then hold it by value.

    Rows whose number has changed since let go of it: whoever holds an old number sees nobody's home.
    """
    with estate_scope(ALL):
        members = list(_members(phone).order_by("kind", "pk"))
        if not members:
            return None
        person = _person(phone, _name(members), at)
        if not person.is_active:
            return None
        for member in members:
            if member.login_id is None:
                member.login = person
                member.save(update_fields=["login"])
        _let_go(person, phone)
    return person


def _person(phone: str, name: str, at: datetime) -> Person:
    known = Person.objects.filter(kind=Person.Kind.RESIDENT)
    person = known.filter(phone=phone).first() or known.filter(username=_username(phone)).first()
    if person:
        return person
    taken = Person.objects.filter(phone=phone).exists()  # by a member of staff, who may live here as well
    try:
        with transaction.atomic():
            made = Person(
                username=_username(phone), name=name, kind=Person.Kind.RESIDENT, phone=None if taken else phone,
                phone_verified=True, joined_at=at,
            )  # fmt: skip
            made.set_unusable_password()
            made.save(force_insert=True)
            return made
    except IntegrityError:  # the same phone signed in twice at the same moment
        return known.get(username=_username(phone))


def _let_go(person: Person, phone: str) -> None:
    rows = apps.get_model("households", "Member").objects.filter(login=person).exclude(phone="")
    for member in rows.exclude(phone__in=spellings(phone)):
        member.login = None
        member.save(update_fields=["login"])


def _username(phone: str) -> str:
    return phone


def _name(members: list[Any]) -> str:
    owners = [member for member in members if member.kind == "owner"]
    return str((owners or members)[0].name)
