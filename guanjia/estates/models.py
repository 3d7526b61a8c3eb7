"""Where: companies, estates, zones, buildings, entrances, units, places, parking (EST rows)."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia.tenancy.models import CompanyWide, EstateForeignKey, EstateOwned


class Company(CompanyWide):
    """物业公司."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class SiteType(models.TextChoices):
    """EST-07: the kind of site decides which posts and duties apply."""

    RESIDENTIAL = "residential", _("住宅小区")
    TOWER = "tower", _("写字楼")
    SALES_OFFICE = "sales_office", _("售楼处")
    HOTEL = "hotel", _("酒店")
    COMPANY_TOWN = "company_town", _("厂矿社区")


class Estate(CompanyWide):
    """小区. The tenant: every operational row carries its id."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="estates")
    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    site_type = models.CharField(max_length=20, choices=SiteType.choices, default=SiteType.RESIDENTIAL)
    time_zone = models.CharField(max_length=40, default="Asia/Shanghai")
    hotline = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=200, blank=True)
    baseline = models.JSONField(default=dict, blank=True)  # EST-04: quantities the plan is dimensioned on

    def __str__(self) -> str:
        return self.name


class Zone(EstateOwned):
    """片区: buildings that one steward answers for (EST-01)."""

    noun = "zone"
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["estate", "code"], name="zone_code")]

    def __str__(self) -> str:
        return self.name


class Building(EstateOwned):
    """楼栋."""

    noun = "building"
    number = models.CharField(max_length=20)
    order = models.PositiveIntegerField(default=0)  # numeric part of the number, for sorting
    zone = EstateForeignKey(Zone, models.PROTECT, null=True, blank=True, related_name="buildings")
    floors = models.PositiveSmallIntegerField(default=0)
    plan_x = models.FloatField(null=True, blank=True)  # on the estate's plan, 0–100
    plan_y = models.FloatField(null=True, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)  # degrees; how far off a patrol was
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)

    class Meta:
        ordering = ["order", "number"]
        constraints = [models.UniqueConstraint(fields=["estate", "number"], name="building_number")]

    def __str__(self) -> str:
        return _("%(number)s栋") % {"number": self.number}


class Entrance(EstateOwned):
    """单元: a staircase of a building."""

    noun = "entrance"
    building = EstateForeignKey(Building, models.CASCADE, related_name="entrances")
    number = models.CharField(max_length=20)
    floors = models.PositiveSmallIntegerField(default=0)
    has_lift = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "building", "number"], name="entrance_number")]

    def __str__(self) -> str:
        return f"{self.building.number}-{self.number}"


class UnitKind(models.TextChoices):
    HOME = "home", _("住宅")
    SHOP = "shop", _("商铺")
    OFFICE = "office", _("办公")
    OTHER = "other", _("其他")


class UnitState(models.TextChoices):
    OCCUPIED = "occupied", _("已入住")
    VACANT = "vacant", _("空置")
    UNSOLD = "unsold", _("未售")
    RENOVATING = "renovating", _("装修中")
    LET = "let", _("已出租")


class Unit(EstateOwned):
    """户: the smallest thing that is owned, billed and served (EST-06)."""

    noun = "unit"
    building = EstateForeignKey(Building, models.CASCADE, related_name="units")
    entrance = EstateForeignKey(Entrance, models.CASCADE, null=True, blank=True, related_name="units")
    zone = EstateForeignKey(Zone, models.PROTECT, null=True, blank=True, related_name="units")
    room = models.CharField(max_length=20)
    code = models.CharField(max_length=60)  # 3-2-501; a shop is 3-0-101
    floor = models.SmallIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=UnitKind.choices, default=UnitKind.HOME)
    state = models.CharField(max_length=12, choices=UnitState.choices, default=UnitState.VACANT)
    layout = models.CharField(max_length=40, blank=True)
    area = models.DecimalField(max_digits=10, decimal_places=2, default=0)  # m²
    inner_area = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)  # m²
    rent = models.DecimalField(max_digits=14, decimal_places=2, default=0)  # yuan a month

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["estate", "code"], name="unit_code"),
            models.CheckConstraint(condition=models.Q(area__gte=0), name="unit_area_not_negative"),
        ]
        indexes = [
            models.Index(fields=["estate", "zone"], name="unit_zone"),
            models.Index(fields=["estate", "building", "entrance"], name="unit_building"),
        ]

    def __str__(self) -> str:
        return self.code


class FormerZone(EstateOwned):
    """A zone a unit belonged to before (none: to no zone), over business dates [from, to). Where it belongs now stands in the unit.

    Redrawing writes one row for a unit that moves, so that “whose was it on 12 March” has one answer (design decision 6).
    """

    unit = EstateForeignKey(Unit, models.CASCADE, related_name="former_zones")
    zone = EstateForeignKey(Zone, models.CASCADE, null=True, related_name="former_units")
    during = DateRangeField()  # without beginning: since it was first recorded

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="former_zone_one",
                expressions=[
                    ("estate", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.zone_id} {self.during}"


class PlaceKind(models.TextChoices):
    LIFT = "lift", _("电梯")
    LOBBY = "lobby", _("大堂")
    STAIRS = "stairs", _("楼道")
    GARAGE = "garage", _("车库")
    GARDEN = "garden", _("园区绿化")
    ROAD = "road", _("道路")
    PLAYGROUND = "playground", _("活动场地")
    PLANT = "plant", _("设备房")
    GATE = "gate", _("出入口")
    WASTE = "waste", _("垃圾投放点")
    BOARD = "board", _("公告栏")
    OTHER = "other", _("其他")


class Place(EstateOwned):
    """公共部位: where something can happen that is nobody's home."""

    noun = "place"
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=PlaceKind.choices, default=PlaceKind.OTHER)
    building = EstateForeignKey(Building, models.CASCADE, null=True, blank=True, related_name="places")
    zone = EstateForeignKey(Zone, models.PROTECT, null=True, blank=True, related_name="places")
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)  # degrees
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "code"], name="place_code")]

    def __str__(self) -> str:
        return self.name
