"""Afterwards: who was affected and visited, what was damaged, what the insurer was asked, who it was declared to (EMG-01, EMG-05, REQ-25)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.households.models import Occupancy
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import date, datetime


class Aftercare(models.Model):
    class Meta:
        abstract = True

    def _after(self: Any, by: Any, permission: str = "emergency.command") -> None:
        by.must(permission)
        if self.drill:
            raise Refused(_("演练没有善后。"), code="drill")
        self._hold("live", "down")

    @verb
    def affect(self: Any, unit: Any, words: str, *, by: Any, hurt: int = 0, at: datetime | None = None) -> Any:
        """A home that was hit: once, with what happened to it; its steward visits it."""
        from .aftermath import AffectedHome

        at = at or clock.now()
        self._after(by)
        if len(words.strip()) < 2 or not 0 <= hurt <= 100:
            raise Refused(_("请写受影响的情况。"), code="words_missing")
        lived = Occupancy.objects.at_estate(self.estate_id).filter(unit=unit, during__contains=clock.today(self.estate, at)).first()
        row = AffectedHome.objects.create(
            estate_id=self.estate_id, emergency=self, unit=unit, household_id=lived.household_id if lived else None, words=words.strip()[:300], hurt=hurt,
            by_id=by.person_id, at=at,
        )  # fmt: skip
        self.tell(Action.EMERGENCY_HOME_ADDED, by=by, at=at, unit=unit.code, words=row.words[:120], told=False)
        return row

    @verb
    def note_damage(self: Any, item: str, amount: Decimal | None, *, by: Any, home: Any = None, at: datetime | None = None) -> Any:
        """What was damaged, of a home or of the common parts, and what it is thought to be worth (yuan)."""
        from .aftermath import Damage

        at = at or clock.now()
        self._after(by)
        if len(item.strip()) < 2 or (amount is not None and amount < 0):
            raise Refused(_("请写受损物品。"), code="words_missing")
        if home is not None and home.emergency_id != self.pk:
            raise Refused(_("这一户不在本次事件里。"), code="other_emergency")
        row = Damage.objects.create(estate_id=self.estate_id, emergency=self, home=home, item=item.strip()[:120], amount=amount, by_id=by.person_id, at=at)
        self.tell(Action.EMERGENCY_DAMAGED, by=by, at=at, told=False, item=row.item)
        return row

    @verb
    def claim(self: Any, insurer: str, policy: str, amount: Decimal, *, by: Any, number: str = "", filed_on: date | None = None, at: datetime | None = None) -> Any:
        """The insurer was asked for money: by a supervisor (EMG-05)."""
        from .aftermath import Claim

        at = at or clock.now()
        self._after(by, "emergency.review")
        if len(insurer.strip()) < 2 or amount <= 0:
            raise Refused(_("请写保险公司和索赔金额。"), code="incomplete")
        row = Claim.objects.create(
            estate_id=self.estate_id, emergency=self, insurer=insurer.strip()[:80], policy=policy.strip()[:60], number=number.strip()[:60], amount=amount,
            filed_on=filed_on or clock.today(self.estate, at), by_id=by.person_id, at=at,
        )  # fmt: skip
        self.tell(Action.EMERGENCY_CLAIMED, by=by, at=at, told=False, insurer=row.insurer, amount=f"{amount:.2f}")
        return row

    @verb
    def declare(self: Any, to: str, words: str = "", *, by: Any, at: datetime | None = None) -> None:
        """申报: to the company or an authority, once (REQ-25, F-87)."""
        at = at or clock.now()
        by.must("emergency.review")
        if len(to.strip()) < 2:
            raise Refused(_("请写申报给谁。"), code="words_missing")
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, declared_at__isnull=True, drill=False)
        if not rows.update(declared_at=at, declared_by=by.person_id, declared_to=to.strip()[:80], declared_words=words.strip()[:300]):
            raise Refused(_("已经申报，或者是演练。"), code="already_done")
        self.refresh_from_db()
        self.tell(Action.EMERGENCY_DECLARED, by=by, at=at, to=self.declared_to)
