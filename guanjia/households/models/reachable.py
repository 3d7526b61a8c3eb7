"""A member's own entries: who joins, what is known of them, how they are reached, and when they leave (HSE-02, HSE-13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.phones import e164
from guanjia.people.privacy import mask_name, mask_phone
from guanjia.tenancy.crypto import SealedField
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime


class ContactChange(EstateOwned):
    """客户联系方式变更记录: the old and the new number, sealed, with who noted it and when (HSE-13, F-80)."""

    noun = "contact_change"
    member = EstateForeignKey("households.Member", models.CASCADE, related_name="contact_changes")
    old = SealedField(blank=True, default="")
    new = SealedField(blank=True, default="")
    why = models.CharField(max_length=200, blank=True)
    by = PersonKey(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["estate", "member", "-at"], name="contact_change_member")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.at:%F}"


class Reachable(models.Model):
    left_on: Any
    name: str
    phone: str

    class Meta:
        abstract = True

    @verb
    def enter(self, phone: str = "", *, by: Any, at: datetime | None = None) -> Any:
        """A new row; its number follows the household's."""
        by.must("household.edit")
        if not self.name:
            raise Refused(_("请填写姓名。"), code="name_missing")
        self.phone = _number(phone)
        if self.born_on:
            self.born_year = self.born_on.year
        taken = set(
            type(self)
            .objects.at_estate(self.estate_id)
            .filter(household=self.household)
            .values_list("number", flat=True)
        )
        self.number = next(made for n in range(1, 10_000) if (made := f"{self.household.number}-{n}") not in taken)
        self.save(force_insert=True)
        self._told(Action.MEMBER_JOINED, by, at)
        return self

    @verb
    def keep(self, *, by: Any, at: datetime | None = None, **known: Any) -> None:
        """Name, kind, sex, year and day of birth; the search box finds the new name at once."""
        by.must("household.edit")
        _only(known, {"name", "kind", "sex", "born_year", "born_on"})
        if known.get("born_on"):
            known["born_year"] = known["born_on"].year
        for name, value in known.items():
            setattr(self, name, value)
        self.save(update_fields=list(known))
        self._told(Action.MEMBER_KEPT, by, at)

    @verb
    def change_phone(self, phone: str, *, by: Any, why: str = "", at: datetime | None = None) -> ContactChange:
        """A new number (HSE-13). Whoever holds the old one no longer signs in to this home; Refused unless it is a number."""
        by.must("household.edit")
        new = _number(phone)
        if new == self.phone:
            raise Refused(_("号码没有变化。"), code="unchanged")
        at = at or clock.now()
        change = ContactChange.objects.create(
            estate_id=self.estate_id, member=self, old=self.phone, new=new, why=why.strip(), by_id=by.person_id, at=at
        )
        old, self.phone, self.login_id = self.phone, new, None
        self.save(update_fields=["phone", "login"])
        words = {"who": mask_name(self.name), "old": mask_phone(old) or "—", "new": mask_phone(new) or "—"}
        self._told(Action.CONTACT_CHANGED, by, at, **words)
        return change

    @verb
    def leave(self, *, by: Any, at: datetime | None = None) -> None:
        """They moved out: no longer of the household, no longer signed in to it. The row stays."""
        by.must("household.edit")
        at = at or clock.now()
        if self.left_on:
            raise Refused(_("这位成员已经搬离。"), code="left")
        self.left_on, self.login_id = clock.today(self.estate, at), None
        self.save(update_fields=["left_on", "login"])
        self._told(Action.MEMBER_LEFT, by, at)

    def _told(self, action: Action, by: Any, at: datetime | None, **said: Any) -> None:
        from ..keys import rebuild_households

        rebuild_households(self.estate, [self.household_id])
        said.setdefault("who", mask_name(self.name))
        Event.objects.record(action, self.household, by=by, at=at or clock.now(), told=False, member=self.pk, **said)


def _number(phone: str) -> str:
    """As it is kept; empty means unknown."""
    try:
        return e164(phone) if phone.strip() else ""
    except ValueError as error:
        raise Refused(_("这不是一个手机号。"), code="not_a_phone") from error


def _only(given: dict[str, Any], known: set[str]) -> None:
    if strange := set(given) - known:
        raise TypeError(f"a member has no {sorted(strange)} to keep")
