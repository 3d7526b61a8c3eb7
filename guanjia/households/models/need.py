"""Special needs, sealed where they touch health, and pets (HSE-02, HSE-22, CF-64)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.crypto import SealedField
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.verbs import verb

from .consent import Consent, Purpose
from .household import Household
from .member import Member

if TYPE_CHECKING:
    from datetime import datetime


class NeedQuerySet(EstateQuerySet):
    def live(self) -> NeedQuerySet:
        return self.filter(ended_at__isnull=True)

    def add(
        self,
        household: Household,
        kind: str,
        words: str,
        *,
        by: Any,
        member: Member | None = None,
        at: datetime | None = None,
    ) -> Need:
        """Note a need. One that touches health names its person, whose consent for it must stand (CF-64)."""
        return Need(
            estate_id=household.estate_id, household=household, member=member, kind=kind, words=words.strip()
        ).note(by=by, at=at)

    def forget(self, member: Member, at: datetime) -> int:
        """Health notes of a person are ended and their words removed."""
        rows = self.at_estate(member.estate_id).filter(member=member, kind__in=Need.SENSITIVE)
        return rows.exclude(words="", ended_at__isnull=False).update(words="", ended_at=at)


class Need(EstateOwned):
    """What staff should know in order to help. `words` are encrypted; sensitive ones are read with a reason."""

    class Kind(models.TextChoices):
        MOBILITY = "mobility", _("行动不便")
        MEDICATION = "medication", _("用药提醒")
        CHRONIC = "chronic", _("慢性病")
        DISABILITY = "disability", _("残障")
        SENSES = "senses", _("视力或听力")
        HARDSHIP = "hardship", _("生活困难")
        HABIT = "habit", _("生活习惯")
        OTHER = "other", _("其他需要")

    SENSITIVE = ("mobility", "medication", "chronic", "disability", "senses")

    noun = "need"
    household = EstateForeignKey(Household, models.CASCADE, related_name="needs")
    member = EstateForeignKey(Member, models.CASCADE, null=True, blank=True, related_name="needs")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    words = SealedField(blank=True, default="")
    noted_by = PersonKey(null=True)
    noted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "household"], name="need_household")]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def is_sensitive(self) -> bool:
        return self.kind in self.SENSITIVE

    @verb
    def note(self, *, by: Any, at: datetime | None = None) -> Need:
        by.must("household.edit")
        if self.is_sensitive:
            by.must("household.needs")
            self._must_be_consented()
        self.noted_by_id, self.noted_at = by.person_id, at or clock.now()
        self.save(force_insert=True)
        self._tell(Action.NEED_NOTED, by, self.noted_at)
        return self

    @verb
    def end(self, *, by: Any, at: datetime | None = None) -> None:
        by.must("household.edit")
        if self.ended_at:
            raise Refused(_now("这项需要已经结束。"), code="ended")
        self.ended_at = at or clock.now()
        self.save(update_fields=["ended_at"])
        self._tell(Action.NEED_ENDED, by, self.ended_at)

    def _must_be_consented(self) -> None:
        if self.member is None:
            raise Refused(_now("健康类需要请选择是哪位成员。"), code="member_missing")
        if self.member.household_id != self.household_id:
            raise Refused(_now("这位成员不在本户。"), code="not_of_household")
        if (
            not Consent.objects.standing()
            .filter(estate=self.estate_id, member=self.member, purpose=Purpose.HEALTH)
            .exists()
        ):
            raise Refused(_now("登记健康信息前，请先登记本人的同意。"), code="consent_missing")

    def _tell(self, action: Action, by: Any, at: datetime) -> None:
        """The event never says what: health stays sealed."""
        Event.objects.record(action, self.household, by=by, at=at, told=False, need=self.pk)


class PetQuerySet(EstateQuerySet):
    def live(self) -> PetQuerySet:
        return self.filter(gone_on__isnull=True)


class Pet(EstateOwned):
    class Kind(models.TextChoices):
        DOG = "dog", _("犬")
        CAT = "cat", _("猫")
        OTHER = "other", _("其他")

    noun = "pet"
    household = EstateForeignKey(Household, models.CASCADE, related_name="pets")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=40, blank=True)
    breed = models.CharField(max_length=40, blank=True)
    licence = models.CharField(max_length=40, blank=True)  # 养犬登记证号
    vaccinated_on = models.DateField(null=True, blank=True)
    gone_on = models.DateField(null=True, blank=True)

    objects = PetQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "household"], name="pet_household")]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.get_kind_display(), self.name, self.breed]))

    @verb
    def keep(self, *, by: Any, at: datetime | None = None) -> Pet:
        """Write it down, or what changed of it."""
        by.must("household.edit")
        self.save()
        Event.objects.record(Action.PET_KEPT, self.household, by=by, at=at or clock.now(), told=False, pet=self.pk)
        return self

    @verb
    def leave(self, *, by: Any, at: datetime | None = None) -> None:
        by.must("household.edit")
        at = at or clock.now()
        self.gone_on = clock.today(self.household.estate, at)
        self.save(update_fields=["gone_on"])
        Event.objects.record(Action.PET_GONE, self.household, by=by, at=at, told=False, pet=self.pk)
