"""A new colleague: an account without a password, a first post, and a link with which they set the password themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes

from .models import CompanyPost, Person, Post
from .phones import e164
from .posting import appoint, may_give
from .roles import roles, title_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from guanjia.estates.models import Estate, Zone

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")


class Invitations(PasswordResetTokenGenerator):
    """Good until the password is set, `PASSWORD_RESET_TIMEOUT` seconds at most; nothing is kept, it is signed over the account."""

    key_salt = "guanjia.people.hiring"

    def _now(self) -> datetime:
        return clock.now().replace(tzinfo=None)


_invitations = Invitations()


def hire(
    name: str, username: str, estate: Estate, role: str, *, by: Any, phone: str = "", zone: Zone | None = None,
    since: date | None = None, despite: str = "", at: datetime | None = None,
) -> Person:  # fmt: skip
    """A member of staff with their first post; they set the password by the link of `invitation_of`.

    Refused for a name, a login or a telephone that cannot be, or that somebody has; for a post that is taken.
    """
    at = at or clock.now()
    if by is not None:
        by.must("post.manage")
    name, username = name.strip(), username.strip().lower()
    if not 0 < len(name) <= 60:
        raise Refused(_("请填写姓名。"), code="name_missing")
    if not USERNAME.fullmatch(username):
        raise Refused(_("登录名用小写字母、数字、点和横线，至少两位。"), code="bad_username")
    number = _number(phone)
    with refusing_clashes(), estate_scope(estate):
        if Person.objects.filter(username__iexact=username).exists():
            raise Refused(_("这个登录名已经有人用。"), code="username_taken")
        if number and Person.objects.filter(phone=number).exists():
            raise Refused(_("这个手机号已经登记在别的账号上。"), code="phone_taken")
        person = Person(username=username, name=name, phone=number, company=estate.company, joined_at=at)
        person.set_unusable_password()
        with transaction.atomic():
            person.save(force_insert=True)
            post = appoint(person, estate, role, by=by, zone=zone, since=since, despite=despite, at=at)
        Event.objects.record(
            Action.COLLEAGUE_HIRED, post, by=by, at=at, told=False, person=name, role=title_of(role), username=username
        )
    return person


def invitable(by: Any) -> Any:
    """Whose link somebody may see: accounts opened at their estate, of people without a post that is not theirs to give.

    Whoever has the link signs in as its person, so it is not for everybody who appoints somewhere in the company.
    """
    posts = Post.objects.at_estate(by.estate)
    opened = Event.objects.at_estate(by.estate).filter(action=Action.COLLEAGUE_HIRED, subject_type=Post.noun)
    people = Person.objects.filter(pk__in=posts.filter(pk__in=opened.values("subject_id")).values("person_id"), is_active=True)
    if by.may("post.company"):
        return people
    above = posts.filter(role__in=[role for role in roles() if not may_give(by, role)])
    return people.exclude(pk__in=above.values("person_id")).exclude(pk__in=CompanyPost.objects.values("person_id"))


def invitation_of(person: Person) -> str:
    """What stands in the link for somebody who has no password yet."""
    if person.has_usable_password():
        raise Refused(_("已经设过密码。"), code="has_password")
    return f"{person.pk}-{_invitations.make_token(person)}"


def invited(token: str) -> Person | None:
    """Whose link it is; None when it is forged, too old, or the password is set."""
    key, _dash, secret = token.partition("-")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    person = Person.objects.filter(pk=int(key), is_active=True, kind=Person.Kind.STAFF).first()
    if person is None or person.has_usable_password() or not _invitations.check_token(person, secret):
        return None
    return person


def set_first_password(person: Person, password: str) -> None:
    """Once: of two who open the link together, one is told."""
    with transaction.atomic():
        row = Person.objects.select_for_update().get(pk=person.pk)
        if row.has_usable_password():
            raise Refused(_("已经设过密码。"), code="has_password")
        row.set_password(password)
        row.save(update_fields=["password"])
    person.password = row.password


def _number(phone: str) -> str | None:
    if not phone.strip():
        return None
    try:
        return e164(phone)
    except ValueError:
        raise Refused(_("请填写 11 位手机号。"), code="bad_phone") from None
