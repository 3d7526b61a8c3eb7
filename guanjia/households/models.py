"""Who lives where: households, their members, vehicles and parking (HSE rows)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.crypto import SealedField
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.people.models import Person


class Household(EstateOwned):
    """户: the people who own or use units together; one file per household (HSE-02)."""

    noun = "household"
    number = models.CharField(max_length=40)  # 业主编号
    name = models.CharField(max_length=60)  # of whom one speaks: the owner
    pinyin = models.CharField(max_length=120, blank=True)  # sort key
    preferences = models.CharField(max_length=300, blank=True)  # times, channel (HSE-02)
    hints = models.CharField(max_length=300, blank=True)  # what staff must know before knocking
    in_arrears = models.BooleanField(default=False)  # from the ledger or an import

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "number"], name="household_number")]
        indexes = [models.Index(fields=["estate", "pinyin"], name="household_pinyin")]

    def __str__(self) -> str:
        return self.name

    @verb
    def keep_preferences(self, preferences: str, hints: str, *, by: Any, at: datetime | None = None) -> None:
        """What the household likes, and what to know before knocking (HSE-02)."""
        by.must("household.edit")
        self.preferences, self.hints = preferences.strip(), hints.strip()
        self.save(update_fields=["preferences", "hints"])
        Event.objects.record(
            Action.PREFERENCE_KEPT,
            self,
            by=by,
            at=at or clock.now(),
            told=False,
            words=" · ".join(filter(None, [self.preferences, self.hints])),
        )


class Occupancy(EstateOwned):
    """Which household has which unit, from when to when."""

    class Kind(models.TextChoices):
        OWNER = "owner", _("业主")
        TENANT = "tenant", _("租户")

    household = EstateForeignKey(Household, models.CASCADE, related_name="occupancies")
    unit = EstateForeignKey("estates.Unit", models.CASCADE, related_name="occupancies")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OWNER)
    during = DateRangeField()

    class Meta:
        indexes = [models.Index(fields=["estate", "household"], name="occupancy_household")]
        constraints = [
            ExclusionConstraint(
                name="occupancy_one_household",
                expressions=[
                    ("estate", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.unit_id}"


class MemberQuerySet(EstateQuerySet):
    def homes_of(self, person: Person, estate: Any) -> list[tuple[int, int | None]]:
        """(household, unit) pairs a signed-in resident belongs to at an estate."""
        rows = self.at_estate(estate).filter(login=person, left_on__isnull=True)
        households = set(rows.values_list("household_id", flat=True))
        units = Occupancy.objects.at_estate(estate).filter(
            household_id__in=households, during__contains=clock.today(estate)
        )
        pairs: list[tuple[int, int | None]] = list(units.values_list("household_id", "unit_id"))
        return pairs + [(household, None) for household in sorted(households - {pair[0] for pair in pairs})]


class Member(EstateOwned):
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
    phone = models.CharField(max_length=20, blank=True)  # empty means unknown
    identity = SealedField(blank=True, default="")
    identity_print = models.CharField(max_length=32, blank=True)
    login = PersonKey("people.Person", null=True, blank=True, db_index=True)
    left_on = models.DateField(null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "number"], name="member_number")]
        indexes = [
            models.Index(fields=["estate", "household"], name="member_household"),
            models.Index(fields=["estate", "phone"], name="member_phone"),
        ]

    def __str__(self) -> str:
        return self.name


class Vehicle(EstateOwned):
    noun = "vehicle"
    household = EstateForeignKey(Household, models.CASCADE, related_name="vehicles")
    plate = models.CharField(max_length=20)
    brand = models.CharField(max_length=40, blank=True)
    colour = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=10, blank=True)  # 9901 car, 9902 coach, 9903 lorry

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "plate"], name="vehicle_plate")]
        indexes = [models.Index(fields=["estate", "household"], name="vehicle_household")]

    def __str__(self) -> str:
        return self.plate


class Parking(EstateOwned):
    """车位, with whom it is let or sold to."""

    noun = "parking"
    lot = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=40, blank=True)
    area = models.DecimalField(max_digits=10, decimal_places=2, default=0)  # m²
    household = EstateForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="parkings")
    vehicle = EstateForeignKey(Vehicle, models.PROTECT, null=True, blank=True, related_name="parkings")
    tenure = models.CharField(max_length=1, choices=[("H", _("出租")), ("S", _("出售"))], blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "lot", "code"], name="parking_code")]

    def __str__(self) -> str:
        return self.code


class SearchKey(EstateOwned):
    """A key under which the one search box finds a household or a unit.

    Searched by prefix on a plain ordered index: row security lets only leak-proof operators use an index, which
    trigram and LIKE operators are not. A phone is stored backwards, so that any tail of it is a prefix.
    """

    class Kind(models.TextChoices):
        ROOM = "room"
        NAME = "name"
        PINYIN = "pinyin"
        INITIALS = "initials"
        PHONE = "phone"
        PLATE = "plate"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=80, db_collation="C")
    household = EstateForeignKey(Household, models.CASCADE, null=True, related_name="keys")
    unit = EstateForeignKey("estates.Unit", models.CASCADE, null=True, related_name="keys")
    member = EstateForeignKey(Member, models.CASCADE, null=True, related_name="keys")

    class Meta:
        indexes = [
            models.Index(fields=["estate", "kind", "key"], name="search_key"),
            models.Index(fields=["estate", "household"], name="search_household"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "kind", "key", "household", "unit", "member"],
                nulls_distinct=False,
                name="search_key_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"
