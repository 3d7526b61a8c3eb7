"""What passes from hand to hand: meter readings into billing's meters, keys through the key register (MOV-01)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.models import Meter
from guanjia.events.actions import Action
from guanjia.keys.models import Autograph, Key
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from decimal import Decimal


class Handed(models.Model):
    class Meta:
        abstract = True

    def meters(self: Any) -> Any:
        return Meter.objects.at_estate(self.estate_id).filter(unit=self.unit_id, removed_on__isnull=True).order_by("kind", "number")

    def meters_done(self: Any) -> bool:
        """Every meter of the home was read; a home without any has nothing to read."""
        return not self.meters().exclude(pk__in=self.readings.values("meter_id")).exists()

    def ring(self: Any) -> Any:
        """Keys of this home on the house's list, which go to who moves in."""
        return Key.objects.at_estate(self.estate_id).live().filter(unit=self.unit_id).exclude(kind=Key.Kind.ENTRUSTED).order_by("code")

    @verb
    def read_meter(self: Any, meter: Any, value: Decimal, *, by: Any, photo: Any = None, at: datetime | None = None) -> Any:
        """The value goes to billing as this month's reading, and stands on the handover's paper."""
        from .rows import HandoverReading

        at = at or clock.now()
        by.must_in(self.unit.zone_id, "move.take")
        self._hold("booked")
        if meter.unit_id != self.unit_id:
            raise Refused(_("这只表不是这套房的。"), code="not_its_meter")
        reader = by if by.may("meter.read") else None  # the handover's own event says who read it
        reading = meter.read(value, period=clock.today(self.estate, at).replace(day=1), by=reader, photo=photo, at=at)
        row, _new = HandoverReading.objects.update_or_create(
            estate_id=self.estate_id, handover=self, meter=meter, defaults={"value": reading.value, "by_id": by.person_id, "at": at}
        )
        self.tell(Action.HANDOVER_METERED, by=by, at=at, meter=meter.number, value=f"{reading.value.normalize():f}")
        return row

    @verb
    def hand_keys(self: Any, keys: Collection[Key], signature: str, *, by: Any, words: str = "", name: str = "", at: datetime | None = None) -> None:
        """Keys from the house's list into the owner's hand, for good; who takes them signs for every label."""
        at = at or clock.now()
        by.must_in(self.unit.zone_id, "move.take")
        self._hold("booked")
        chosen = list(self.ring().filter(pk__in=[key.pk for key in keys]))
        if self.direction != "in" or self.keys_at:
            raise Refused(_("钥匙已经移交，或不是入伙。"), code="already_done")
        if not chosen and len(words.strip()) < 2:
            raise Refused(_("请选要移交的钥匙，或写明交了什么。"), code="keys_missing")
        said = [f"{key.code} {key.opens} ×{key.copies}" for key in chosen]
        for key in chosen:
            key.retire(_("移交业主 %(number)s") % {"number": self.number}, by=by, at=at)
        self._keys("；".join(filter(None, [*said, words.strip()])), signature, name, by, at)

    @verb
    def take_keys(
        self: Any, signature: str, *, by: Any, code: str = "", opens: str = "", custody: str = "", copies: int = 1, words: str = "", name: str = "", at: datetime | None = None
    ) -> None:  # fmt: skip
        """Keys come back from who moves out: onto the house's list again, where they hang."""
        at = at or clock.now()
        by.must_in(self.unit.zone_id, "move.take")
        self._hold("booked")
        if self.direction != "out" or self.keys_at:
            raise Refused(_("钥匙已经收回，或不是迁出。"), code="already_done")
        said = ""
        if code.strip():
            key = Key.objects.register(code, Key.Kind.SPARE, opens, custody, unit=self.unit, copies=copies, by=by, at=at)
            said = f"{key.code} {key.opens} ×{key.copies}"
        elif len(words.strip()) < 2:
            raise Refused(_("请登记收回的钥匙，或写明情况。"), code="keys_missing")
        self._keys("；".join(filter(None, [said, words.strip()])), signature, name, by, at)

    def _keys(self: Any, words: str, signature: str, name: str, by: Any, at: datetime) -> None:
        self._set(keys_at=at, keys_words=words[:300])
        said = {"unit": self.unit.code, "keys": self.keys_words}
        Autograph.objects.keep(self, "keys", signature, name=name.strip() or self.household.name, at=at, document=said)
        self.tell(Action.HANDOVER_KEYS, by=by, at=at, words=self.keys_words[:120])
