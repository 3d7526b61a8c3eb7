"""住户卡: issued against the home, lost, replaced for a fee, given back or void (MOV-03, F-40)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from ..charging import charge_replacement
from ..homes import seen_by

if TYPE_CHECKING:
    from datetime import datetime

NUMBER = re.compile(r"[0-9A-Z-]{4,20}")


class CardQuerySet(EstateQuerySet["Card"]):
    def live(self) -> CardQuerySet:
        return self.filter(state=Card.State.LIVE)

    def visible_to(self, reach: Any) -> CardQuerySet:
        """A household its own; who keeps cards their zones', or the estate's."""
        rows: CardQuerySet = seen_by(self, reach, "card.keep")
        return rows

    def issue(self, unit: Any, household: Any, holder: str, number: str, *, by: Any, at: datetime | None = None) -> Card:
        """A new card into somebody's hand. A number is given once and never again."""
        at = at or clock.now()
        by.must_in(unit.zone_id, "card.keep")
        with refusing_clashes(), estate_scope(unit.estate_id):
            made = self.enter(unit, household, holder, number, by=by, at=at)
            made.tell(Action.CARD_ISSUED, by=by, at=at)
        return made

    def enter(self, unit: Any, household: Any, holder: str, number: str, *, by: Any, at: datetime, replaces: Card | None = None) -> Card:
        """The row itself. Inside a verb, which tells of it."""
        number, holder = number.strip().upper(), holder.strip()
        if not NUMBER.fullmatch(number):
            raise Refused(_("卡号是 4 到 20 位字母、数字或横线。"), code="bad_number")
        if not holder:
            raise Refused(_("请写持卡人。"), code="incomplete")
        if self.at_estate(unit.estate_id).filter(number=number).exists():
            raise Refused(_("卡号 %(number)s 已经登记过。") % {"number": number}, code="number_taken")
        return self.create(
            estate_id=unit.estate_id, unit=unit, household=household, holder=holder[:60], number=number, issued_at=at, issued_by_id=by.person_id, replaces=replaces
        )


class Card(EstateOwned):
    class State(models.TextChoices):
        LIVE = "live", gettext_lazy("使用中")
        LOST = "lost", gettext_lazy("已挂失")
        REPLACED = "replaced", gettext_lazy("已补办")
        RETURNED = "returned", gettext_lazy("已退回")
        VOID = "void", gettext_lazy("已注销")

    noun = "resident_card"
    unit = EstateForeignKey("estates.Unit", models.RESTRICT, related_name="resident_cards")
    household = EstateForeignKey("households.Household", models.RESTRICT, related_name="resident_cards")
    holder = models.CharField(max_length=60)
    number = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.LIVE)
    issued_at = models.DateTimeField()
    issued_by = PersonKey()
    ended_at = models.DateTimeField(null=True)
    ended_by = PersonKey(null=True)
    why = models.CharField(max_length=200, blank=True)
    replaces = EstateForeignKey("gate.Card", models.RESTRICT, null=True, related_name="replaced_by")
    charge = EstateForeignKey("billing.Bill", models.RESTRICT, null=True, related_name="card_of")

    objects = CardQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "household"], name="card_household")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "number"], name="card_number"),
            models.UniqueConstraint(fields=["estate", "replaces"], condition=Q(replaces__isnull=False), name="card_replaced_once"),
            models.CheckConstraint(condition=Q(state="live", ended_at__isnull=True) | Q(~Q(state="live"), ended_at__isnull=False), name="card_ended"),
        ]

    def __str__(self) -> str:
        return self.number

    @verb
    def report_lost(self, why: str = "", *, by: Any, at: datetime | None = None) -> None:
        """Blocked at once, by the household on its phone or by the desk."""
        at = at or clock.now()
        if not (by.is_resident and self.household_id in by.households):
            by.must_in(self.unit.zone_id, "card.keep")
        self._end(Card.State.LOST, why or _("挂失"), by, at)
        self.tell(Action.CARD_LOST, by=by, at=at)

    @verb
    def replace(self, number: str, *, by: Any, at: datetime | None = None) -> Card:
        """Another card for one that is lost or broken; its price comes through the one ledger."""
        at = at or clock.now()
        by.must_in(self.unit.zone_id, "card.keep")
        self._end(Card.State.REPLACED, _("补办"), by, at, also=(Card.State.LOST,))
        made = Card.objects.enter(self.unit, self.household, self.holder, number, by=by, at=at, replaces=self)
        made.charge = charge_replacement(made, at)
        made.save(update_fields=["charge"])
        made.tell(Action.CARD_REPLACED, by=by, at=at, old=self.number)
        return made

    @verb
    def end(self, why: str, *, by: Any, returned: bool = False, at: datetime | None = None) -> None:
        """Given back, or void: it opens nothing any more."""
        at = at or clock.now()
        by.must_in(self.unit.zone_id, "card.keep")
        if not returned and len(why.strip()) < 2:
            raise Refused(_("请写原因。"), code="why_missing")
        self._end(Card.State.RETURNED if returned else Card.State.VOID, why or _("退回"), by, at, also=(Card.State.LOST,))
        self.tell(Action.CARD_ENDED, by=by, at=at, why=self.why)

    def _end(self, state: str, why: str, by: Any, at: datetime, also: tuple[str, ...] = ()) -> None:
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, state__in=[Card.State.LIVE, *also])
        if not rows.update(state=state, ended_at=at, ended_by=by.person_id, why=why.strip()[:200]):
            raise Refused(_("这张卡已经停用。"), code="already_ended")
        self.refresh_from_db()

    def tell(self, action: Action, *, by: Any, at: datetime, **said: Any) -> None:
        Event.objects.record(action, self, by=by, at=at, number=self.number, where=self.unit.code, holder=self.holder, household_id=self.household_id, public=True, **said)
