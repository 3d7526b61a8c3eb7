"""Nobody: the one who comes back with the secret of an anonymous complaint. Handed to verbs as `by=`; leaves no trace."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.crypto import salted_hmac

from guanjia.tenancy.errors import NotAllowed

if TYPE_CHECKING:
    from guanjia.estates.models import Estate

MAY = frozenset({"own.read", "own.rate"})


@dataclass(frozen=True)
class Nobody:
    """A `Reach` without a person, whoever is signed in on the device."""

    estate: Estate
    person: None = None
    person_id: None = None
    name: str = ""
    is_staff: bool = False
    is_resident: bool = False
    permissions: frozenset[str] = MAY

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def must(self, permission: str) -> None:
        if permission not in self.permissions:
            raise NotAllowed(permission)


def way_back(client_key: str) -> str:
    """The secret of a new anonymous complaint: 128 random bits.

    Drawn from the form's own key where it has one (a UUID the device made up), so that the answer to a second click
    shows the same secret as the lost answer to the first. Without the house's own key nothing leads back to it.
    """
    if not client_key:
        return secrets.token_urlsafe(16)
    drawn = salted_hmac("guanjia.tickets.way_back", client_key, algorithm="sha256").digest()
    return urlsafe_b64encode(drawn[:16]).decode().rstrip("=")


def sightings(person_id: Any, estate_id: int, day: Any) -> str:
    """The key under which a day's anonymous complaints of one person are counted, in memory alone."""
    return "anonymous:" + salted_hmac("guanjia.tickets.sightings", f"{person_id}:{estate_id}:{day}", algorithm="sha256").hexdigest()
