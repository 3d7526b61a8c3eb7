"""户: the file of the people who own or use units together (HSE-02)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

if TYPE_CHECKING:
    from datetime import datetime


class Tier(models.TextChoices):
    """Three tiers of HSE-04; empty until the rules have looked at the household."""

    CORE = "core", _("核心关注户")
    REGULAR = "regular", _("常规服务户")
    POTENTIAL = "potential", _("潜在提升户")


class Slot(models.TextChoices):
    """When the household likes to be visited or called (HSE-02)."""

    MORNING = "morning", _("上午")
    NOON = "noon", _("中午")
    AFTERNOON = "afternoon", _("下午")
    EVENING = "evening", _("晚上")
    WEEKEND = "weekend", _("周末")


class Way(models.TextChoices):
    """How the household likes to be reached."""

    PHONE = "phone", _("电话")
    WECHAT = "wechat", _("微信")
    TEXT = "text", _("短信")
    DOOR = "door", _("上门")


class HouseholdQuerySet(EstateQuerySet["Household"]):
    def open(self, name: str, phone: str, *, by: Any, let: bool = False, at: datetime | None = None) -> Household:
        """A file for people who are not known yet, with their first member; by the telephone they sign in (MOV-01)."""
        from ..pinyin import sort_key
        from .member import Member

        at = at or clock.now()
        by.must("household.edit")
        if not name.strip():
            raise Refused(_now("请填写姓名。"), code="name_missing")
        day = clock.today(by.estate, at)
        with refusing_clashes(), estate_scope(by.estate):
            taken = set(self.at_estate(by.estate).filter(number__startswith=f"R{day:%y%m%d}-").values_list("number", flat=True))
            number = next(free for n in range(1, 10_000) if (free := f"R{day:%y%m%d}-{n}") not in taken)
            made = self.create(estate=by.estate, number=number, name=name.strip()[:60], pinyin=sort_key(name.strip()[:60])[:120])
            Member.objects.join(made, name, Member.Kind.TENANT if let else Member.Kind.OWNER, by=by, phone=phone, at=at)
        return made


class Household(EstateOwned):
    """户: the people who own or use units together; one file per household (HSE-02)."""

    noun = "household"
    number = models.CharField(max_length=40)  # 业主编号
    name = models.CharField(max_length=60)  # of whom one speaks: the owner
    pinyin = models.CharField(max_length=120, blank=True)  # sort key
    preferences = models.CharField(max_length=300, blank=True)  # times, channel (HSE-02)
    hints = models.CharField(max_length=300, blank=True)  # what staff must know before knocking
    slot = models.CharField(max_length=10, choices=Slot.choices, blank=True, db_default="")
    way = models.CharField(max_length=10, choices=Way.choices, blank=True, db_default="")
    in_arrears = models.BooleanField(default=False)  # from the ledger or an import
    # Kept by the tiering (guanjia/care) for the scopes of duties: household:core, household:vulnerable …
    tier = models.CharField(max_length=10, choices=Tier.choices, blank=True, db_default="")
    is_vulnerable = models.BooleanField(default=False, db_default=False)  # HSE-19: lonely, elderly, weak, in hardship
    is_key = models.BooleanField(default=False, db_default=False)  # HSE-20: on the list of key customers

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "number"], name="household_number")]
        indexes = [
            models.Index(fields=["estate", "pinyin"], name="household_pinyin"),
            models.Index(fields=["estate", "tier", "id"], name="household_tier"),
        ]

    def __str__(self) -> str:
        return self.name

    @verb
    def keep_preferences(
        self, preferences: str, hints: str, *, by: Any, slot: str = "", way: str = "", at: datetime | None = None
    ) -> None:
        """What the household likes, and what to know before knocking (HSE-02). The events are its history."""
        by.must("household.edit")
        self.preferences, self.hints, self.slot, self.way = preferences.strip(), hints.strip(), slot, way
        self.save(update_fields=["preferences", "hints", "slot", "way"])
        said = [
            kept(Slot(slot).label) if slot else "",
            kept(Way(way).label) if way else "",
            self.preferences,
            self.hints,
        ]
        Event.objects.record(
            Action.PREFERENCE_KEPT, self, by=by, at=at or clock.now(), told=False, words=" · ".join(filter(None, said))
        )
