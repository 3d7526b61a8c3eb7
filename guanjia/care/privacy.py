"""Forgetting a person without tearing the books: the name goes, money and events stay (design §7, HSE-14, CF-64)."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.households.keys import rebuild_households
from guanjia.households.models import Consent, ContactChange, Household, Member, Need
from guanjia.jobs.models import Job
from guanjia.notices.models import Device
from guanjia.people.models import Person
from guanjia.people.phones import spellings
from guanjia.people.privacy import mask_name
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import ALL, estate_scope
from guanjia.tickets.models import Ticket

from . import exporting
from .models import Answer, FamilyAsk, Visit

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from guanjia.estates.models import Estate

GONE = "已清除"
MOST = 500  # persons in one round

# Later nouns forget their own: (household, name, alias) → the name where it stands; (estate, at) → what is past its time.
NAMED: list[Callable[[Household, str, str], object]] = []
TIMED: list[Callable[[Estate, datetime], object]] = []


def forgets(named: Callable[[Household, str, str], object], timed: Callable[[Estate, datetime], object]) -> None:
    """Once per noun, however often its app is made ready."""
    if named not in NAMED:
        NAMED.append(named)
        TIMED.append(timed)


def must_erase(member: Member, why: str, *, by: Any) -> None:
    """Refused unless the person moved out, is still on file, and a reason is given."""
    by.must("household.erase")
    if len(why.strip()) < 2:
        raise Refused(_("请写明为什么清除。"), code="why_missing")
    if member.erased_at:
        raise Refused(_("这位成员的信息已经清除。"), code="erased")
    if not member.left_on:
        raise Refused(_("请先登记搬离，再清除个人信息。"), code="lives_here")


def erase(member: Member, why: str, *, by: Any, at: datetime | None = None) -> None:
    """Forget a person who moved out. Raises Refused while they live here: their file is needed then."""
    must_erase(member, why, by=by)
    at = at or clock.now()
    who = mask_name(member.name)
    forget(member, at)
    Event.objects.record(
        Action.PERSON_ERASED,
        member.household,
        by=by,
        at=at,
        told=False,
        what=who,
        why=why.strip()[:300],
        member=member.pk,
    )


def forget(member: Member, at: datetime) -> None:
    """The rows stay, with a number instead of a name; what the person alone gave is removed."""
    estate, name, phone, logins = member.estate, member.name, member.phone, _logins(member)
    alias = f"{GONE}{member.pk}"
    Member.objects.filter(estate=estate, pk=member.pk).update(
        name=alias,
        pinyin="",
        sex="",
        born_year=None,
        born_on=None,
        phone="",
        identity="",
        identity_print="",
        login=None,
        erased_at=at,
    )
    Need.objects.filter(estate=estate, member=member).update(words="", ended_at=at)
    ContactChange.objects.filter(estate=estate, member=member).update(old="", new="", why="")
    Consent.objects.filter(estate=estate, member=member, withdrawn_at__isnull=True).update(withdrawn_at=at)
    FamilyAsk.objects.filter(estate=estate, member=member).update(name="", phone="", words="")
    household = member.household
    others = Member.objects.at_estate(estate).filter(household=household, erased_at__isnull=True)
    if not others.filter(name=name).exists():  # a namesake is who the row was merged into: what bears the name is theirs
        _forget_name(household, name, alias)
    if not others.exists():
        Household.objects.filter(estate=estate, pk=household.pk).update(preferences="", hints="")
        Answer.objects.filter(estate=estate, household=household).update(said={})
    if phone:
        Ticket.objects.filter(estate=estate, household_id=household.pk, reporter_phone=phone).update(reporter_phone="")
    rebuild_households(estate, [household.pk])
    _forget_exports(member)
    for login in logins:
        _forget_login(login)


def _forget_name(household: Household, name: str, alias: str) -> None:
    """In the rows of the household that bear it."""
    estate = household.estate_id
    Household.objects.filter(estate=estate, pk=household.pk, name=name).update(name=alias, pinyin="")
    Visit.objects.filter(estate=estate, household=household, met_whom=name).update(met_whom=alias)
    Ticket.objects.filter(estate=estate, household_id=household.pk, reporter_name=name).update(reporter_name=alias)
    FamilyAsk.objects.filter(estate=estate, household=household, name=name).update(name=alias, phone="", words="")
    for replace in NAMED:
        replace(household, name, alias)


def _logins(member: Member) -> list[Person]:
    """The sign-ins of this person. Moving out and a new number let go of the login, so each number they had is asked too."""
    changes = ContactChange.objects.filter(estate=member.estate_id, member=member)
    numbers = {
        spelt for change in [member.phone, *(row.old for row in changes)] if change for spelt in spellings(change)
    }
    known = Q(pk=member.login_id) | Q(phone__in=numbers) | Q(username__in=numbers)
    return list(Person.objects.filter(known, kind=Person.Kind.RESIDENT).order_by("pk"))


def _forget_login(login: Person) -> None:
    """The sign-in closes when nobody of any estate holds it, by value or by its number."""
    numbers = {spelt for number in (login.phone, login.username) if number for spelt in spellings(number)}
    with estate_scope(ALL):
        held = Member.objects.filter(Q(login_id=login.pk) | Q(phone__in=numbers, left_on__isnull=True)).exists()
    if not held:
        Device.objects.filter(person_id=login.pk).delete()
        Person.objects.filter(pk=login.pk).update(
            name=f"{GONE}{login.pk}", username=f"erased{login.pk}", phone=None, email="", is_active=False
        )


def _forget_exports(member: Member) -> None:
    """The files made of everything held on them would say it still; the jobs stay as a trace."""
    made = Job.objects.at_estate(member.estate_id).filter(kind=exporting.KIND, arguments__member=member.pk)
    for job in made.exclude(result_file=""):
        job.result_file.delete(save=False)
        job.save(update_fields=["result_file"])


def sweep(estate: Estate, at: datetime) -> int:
    """Those who left longer ago than the estate keeps personal data, and what else has a time of its own; how many had left."""
    for outdated in TIMED:
        outdated(estate, at)
    limit = clock.today(estate, at) - timedelta(days=int(parameter(estate, "privacy.left_days", at)))
    rows = (
        Member.objects.at_estate(estate)
        .filter(left_on__lt=limit, erased_at__isnull=True)
        .select_related("household", "estate")
    )
    members = list(rows.order_by("pk")[:MOST])
    for member in members:
        forget(member, at)
    if members:
        about = SimpleNamespace(noun="estate", pk=estate.pk, estate_id=estate.pk)
        Event.objects.record(Action.PERSONS_ERASED, about, at=at, told=False, count=len(members))
    return len(members)
