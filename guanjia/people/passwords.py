"""Signing in by username and password; guessing gets slower and slower, whichever process it meets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import authenticate
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.tenancy.errors import Refused

from .models import Person, Throttle

if TYPE_CHECKING:
    from datetime import datetime

# Failures before waiting begins: of one username from one address, of one username, from one address.
PAIR, NAME, ADDRESS = 5, 30, 60


def check(username: str, password: str, address: str, at: datetime | None = None) -> Person | None:
    """The member of staff, or None. Refused while the username or the address has to wait."""
    at = at or clock.now()
    name = username.strip().casefold()
    keys = {f"pair {name} {address}": PAIR, f"name {name}": NAME, f"address {address}": ADDRESS}
    for key, allowed in keys.items():
        if not Throttle.objects.attempt(key, at, allowed):
            raise Refused(_("尝试次数太多，请稍后再试。忘记密码请联系项目经理。"), code="too_often")
    person = authenticate(None, username=username.strip(), password=password)
    if not isinstance(person, Person) or person.kind != Person.Kind.STAFF:
        return None
    Throttle.objects.forgive(f"pair {name} {address}")
    for key in (f"name {name}", f"address {address}"):
        Throttle.objects.take_back(key)
    return person
