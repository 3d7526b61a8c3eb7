"""What is brought, read and signed at a handover; what does not apply; which steps are left (MOV-01)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.models import BillLine
from guanjia.events.actions import Action
from guanjia.events.sentences import kept
from guanjia.gate.models import Card
from guanjia.households.models import HouseholdDocument
from guanjia.keys.models import Autograph
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.papers import harmless
from guanjia.tenancy.verbs import verb

from ..book import moves_book, step_title, wanted

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal


def part_of(key: str) -> str:
    """Under which part of a handover the signature of an agreement stands."""
    return f"agree:{key}"[:20]


class Papered(models.Model):
    class Meta:
        abstract = True

    @property
    def steps(self: Any) -> list[str]:
        return moves_book().steps[self.direction]

    def done(self: Any) -> dict[str, bool]:
        """Step → whether it is done; a waived one is."""
        have = set(self.papers.values_list("key", flat=True))
        cards = Card.objects.at_estate(self.estate_id).live().filter(household=self.household_id, unit=self.unit_id).exists()
        found = {
            "papers": all(key in have for key, (_title, must) in wanted(self.direction, self.let).items() if must),
            "agreements": {part_of(key) for key in moves_book().agreements} <= set(Autograph.objects.under(self)),
            "acceptance": self.accepted_at is not None, "meters": self.meters_done(), "keys": self.keys_at is not None,
            "cards": cards if self.direction == "in" else not cards, "bills": self.bills_at is not None,
        }  # fmt: skip
        return {step: step in self.waived or found[step] for step in self.steps}

    def left(self: Any) -> list[str]:
        return [step for step, done in self.done().items() if not done]

    @verb
    def supply(self: Any, key: str, upload: Any = None, *, by: Any, at: datetime | None = None) -> Any:
        """A paper, made harmless and kept in the household's file; without an upload the desk says that it saw it."""
        from .rows import HandoverPaper

        at = at or clock.now()
        self._must_be_theirs(by)
        self._hold("booked")
        entry = wanted(self.direction, self.let).get(key)
        if entry is None:
            raise Refused(_("没有这种资料。"), code="no_such_paper")
        document = None
        if upload is not None:
            content, suffix = harmless(upload)
            document = HouseholdDocument(estate_id=self.estate_id, household_id=self.household_id, kind="certificate", title=f"{self.number} {entry[0]}"[:80])
            document._put(content, suffix, by, at)
        else:
            by.must("move.take")
        row, _new = HandoverPaper.objects.update_or_create(
            estate_id=self.estate_id, handover=self, key=key, defaults={"document": document, "by_id": by.person_id, "at": at}
        )
        return row

    def agreement(self: Any, key: str) -> dict[str, Any]:
        """What is signed; its digest stands beside the signature."""
        entry = moves_book().agreements[key]
        return {"title": _(entry.title), "rules": [_(rule.title) for rule in entry.rules], "unit": self.unit.code, "household": self.household.name}

    @verb
    def sign(self: Any, key: str, signature: str, *, by: Any, name: str = "", at: datetime | None = None) -> None:
        """An agreement, read and signed on the phone or at the desk."""
        at = at or clock.now()
        self._must_be_theirs(by)
        self._hold("booked")
        if key not in moves_book().agreements:
            raise Refused(_("没有这份协议。"), code="no_such_agreement")
        if part_of(key) in Autograph.objects.under(self):
            raise Refused(_("已经签过。"), code="already_signed")
        own = by.is_resident and not by.is_staff
        who = by.name if own else name.strip() or self.household.name
        said = self.agreement(key)
        Autograph.objects.keep(self, part_of(key), signature, name=who, person_id=by.person_id if own else None, at=at, document=said)
        self.tell(Action.HANDOVER_SIGNED, by=by, at=at, title=kept(said["title"]))

    @verb
    def waive(self: Any, step: str, why: str, *, by: Any, at: datetime | None = None) -> None:
        """A step that does not apply here, such as keys where the lock has none; in writing."""
        at = at or clock.now()
        by.must_in(self.unit.zone_id, "move.take")
        self._hold("booked")
        if step not in moves_book().waivable or step not in self.steps:
            raise Refused(_("这一步不能免办。"), code="not_waivable")
        if len(why.strip()) < 2:
            raise Refused(_("请写原因。"), code="why_missing")
        self._set(waived={**self.waived, step: why.strip()[:120]})
        self.tell(Action.HANDOVER_WAIVED, by=by, at=at, step=kept(step_title(step)), why=why.strip()[:120])

    def owing(self: Any) -> Decimal | int:
        """Yuan that the household owes for this home today."""
        lines: Any = BillLine.objects.owing(self.estate).filter(bill__household=self.household_id, unit=self.unit_id)
        return sum(line.owed for line in lines)

    @verb
    def show_bills(self: Any, *, by: Any, at: datetime | None = None) -> None:
        """What is owed was shown to who moves out, as it stands now. It is said, and never a reason to keep anybody's goods."""
        at = at or clock.now()
        by.must_in(self.unit.zone_id, "move.take")
        self._hold("booked")
        self._set(bills_at=at, owed=self.owing())
        self.tell(Action.HANDOVER_BILLS, by=by, at=at, amount=f"{self.owed:.2f}")
