"""The end: acceptance (defects go back), the deposit's return by two persons, the archive (MOV-09, MOV-10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.estates.models import Unit, UnitState
from guanjia.events.actions import Action
from guanjia.households.models import HouseholdDocument
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.verbs import verb

from ..book import decoration_book
from ..charging import deposited

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal


class Closable(models.Model):
    class Meta:
        abstract = True

    @verb
    def accept(self: Any, points: Mapping[str, str], words: str = "", *, by: Any, at: datetime | None = None) -> Any:
        """Look at every point. Defects need words and send it back to the works; without any it is accepted."""
        from .site import Acceptance

        at = at or clock.now()
        self._hold("finished")
        if not by.roles & set(self.accepters()):
            raise NotAllowed("decoration.accept")
        wanted = decoration_book().acceptance
        if any(points.get(key) not in ("ok", "bad") for key in wanted):
            raise Refused(_("请逐项验收。"), code="points_missing")
        bad = [key for key in wanted if points[key] == "bad"]
        if bad and len(words.strip()) < 2:
            raise Refused(_("不合格的请写明整改要求。"), code="words_missing")
        row = Acceptance.objects.create(
            estate_id=self.estate_id, permit=self, points={key: points[key] for key in wanted}, words=words.strip()[:500], passed=not bad,
            by_id=by.person_id, at=at,
        )  # fmt: skip
        if bad:
            self._set(stage="working", finished_at=None)
            self.tell(Action.DECORATION_DEFECTS, by=by, at=at, words=row.words[:120])
        else:
            self._set(stage="accepted", accepted_at=at)
            self.workers.filter(revoked_at__isnull=True).update(revoked_at=at)
            Unit.objects.at_estate(self.estate_id).filter(pk=self.unit_id, state=UnitState.RENOVATING).update(state=self._after())
            self.tell(Action.DECORATION_ACCEPTED, by=by, at=at)
        return row

    def _after(self: Any) -> str:
        """The unit's state before the works; a home that was marked as being decorated without a permit is lived in now."""
        return self.was if self.was and self.was != UnitState.RENOVATING else UnitState.OCCUPIED

    @verb
    def ask_deposit(self: Any, amount: Decimal, withheld: Decimal, why: str, *, by: Any, at: datetime | None = None) -> Any:
        """Ask for the deposit's return, less what is withheld for damage; somebody else gives it."""
        from .deposit import DepositReturn

        return DepositReturn.objects.ask(self, amount, withheld, why, by=by, at=at or clock.now())

    @verb
    def archive(self: Any, *, by: Any, at: datetime | None = None) -> None:
        """Everything on paper into the household's file: done once the deposit is back (MOV-10)."""
        from ..paper import file_pdf

        at = at or clock.now()
        by.must("decoration.take")
        self._hold("accepted")
        if deposited(self) > 0:
            raise Refused(_("押金还没有退清。"), code="deposit_held")
        self._set(stage="archived", archived_at=at)
        HouseholdDocument.objects.file_away(self.household, "acceptance", f"{self.number} 装修档案", file_pdf(self), by=by, at=at)
        self.tell(Action.DECORATION_ARCHIVED, by=by, at=at)
