"""A person of a household."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.tenancy.crypto import SealedField
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey

from .household import Household
from .mergeable import Mergeable
from .occupancy import Occupancy
from .reachable import Reachable

if TYPE_CHECKING:
    from datetime import date, datetime

    from guanjia.people.models import Person


class MemberQuerySet(EstateQuerySet):
    def join(
        self,
        household: Household,
        name: str,
        kind: str,
        *,
        by: Any,
        phone: str = "",
        at: datetime | None = None,
        **known: Any,
    ) -> Member:
        """Somebody belongs to the household from now on."""
        made = Member(estate_id=household.estate_id, household=household, name=name.strip(), kind=kind, **known)
        return made.enter(phone, by=by, at=at)

    def homes_of(self, person: Person, estate: Any) -> list[tuple[int, int | None]]:
        """(household, unit) pairs a signed-in resident belongs to at an estate."""
        rows = self.at_estate(estate).filter(login=person, left_on__isnull=True)
        households = set(rows.values_list("household_id", flat=True))
        units = Occupancy.objects.at_estate(estate).filter(
            household_id__in=households, during__contains=clock.today(estate)
        )
        pairs: list[tuple[int, int | None]] = list(units.values_list("household_id", "unit_id"))
        return pairs + [(household, None) for household in sorted(households - {pair[0] for pair in pairs})]


class Member(Reachable, Mergeable, EstateOwned):
    """A person of a household. `login` is the resident's sign-in, held by value."""

    class Kind(models.TextChoices):
        OWNER = "owner", _("业主")
        FAMILY = "family", _("家庭成员")
        TENANT = "tenant", _("租户")
        TEMPORARY = "temporary", _("临时人员")

    noun = "member"
    household = EstateForeignKey(Household, models.CASCADE, related_name="members")
    number = models.CharField(max_length=40)  # 编号 of the workbook
    name = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OWNER)
    sex = models.CharField(max_length=1, choices=[("M", _("男")), ("F", _("女"))], blank=True)
    born_year = models.PositiveSmallIntegerField(null=True, blank=True)
    born_on = models.DateField(null=True, blank=True)  # for birthdays; the year alone stands in born_year
    phone = models.CharField(max_length=20, blank=True)  # empty means unknown
    identity = SealedField(blank=True, default="")
    identity_print = models.CharField(max_length=32, blank=True)
    login = PersonKey("people.Person", null=True, blank=True, db_index=True)
    left_on = models.DateField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)  # the person was forgotten; the row stays for the books

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "number"], name="member_number")]
        indexes = [
            models.Index(fields=["estate", "household"], name="member_household"),
            models.Index(fields=["estate", "phone"], name="member_phone"),
        ]

    def __str__(self) -> str:
        return self.name

    def age(self, day: date) -> int | None:
        """Years on a business date; by the year alone when no birthday is known."""
        if self.born_on:
            return day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))
        return day.year - self.born_year if self.born_year else None
