"""Quote before work: lines, the sum, the household's yes or no by a tap or a signature (VAS-03, VAS-11)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.clocks.calendars import calendar
from guanjia.events.actions import Action
from guanjia.keys.models import Autograph
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.verbs import verb

from ..book import services_book
from ..moments import opening

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

CENT = Decimal("0.01")
TOP = Decimal(1_000_000)  # yuan
MOST_LINES = 10


class Quotable(models.Model):
    class Meta:
        abstract = True

    def may_work(self: Any, by: Any) -> bool:
        """The desk, or who was sent."""
        return by.may("service.order") or (by.may("service.work") and by.person_id == self.worker_id)

    def _must_work(self: Any, by: Any) -> None:
        if not self.may_work(by):
            raise NotAllowed("service.work")

    @verb
    def quote(self: Any, lines: Sequence[tuple[str, Decimal]], words: str = "", *, by: Any, at: datetime | None = None) -> Any:
        """Say what it will cost, before any work; a new one replaces one that was not answered. Whole cents."""
        from .quote import Quote

        at = at or clock.now()
        if self.kind != "quote":
            raise Refused(_("这项服务明码标价，不用报价。"), code="priced")
        self._hold("asked", "quoted", "agreed")
        self._must_work(by)
        if not 1 <= len(lines) <= MOST_LINES or any(len(said.strip()) < 1 for said, _amount in lines):
            raise Refused(_("请逐项写明名目和金额。"), code="no_lines")
        if any(not amount.is_finite() or not 0 <= amount < TOP or amount != amount.quantize(CENT) for _said, amount in lines):
            raise Refused(_("金额写到分，不能为负。"), code="bad_amount")
        total = sum((amount for _said, amount in lines), Decimal(0))
        self.quotes.filter(agreed__isnull=True).update(agreed=False, answered_at=at, answered_by="", way="replaced")
        last = self.quotes.order_by("-round").values_list("round", flat=True).first() or 0
        made = Quote.objects.create(
            estate_id=self.estate_id, order=self, round=last + 1, lines=[[said.strip()[:60], f"{amount:.2f}"] for said, amount in lines], amount=total,
            words=words.strip()[:300], by_id=by.person_id, at=at,
        )  # fmt: skip
        self._set(stage="quoted", due_at=None, told=0)
        self.tell(Action.SERVICE_QUOTED, by=by, at=at, amount=f"{total:.2f}")
        return made

    @verb
    def answer(self: Any, agreed: bool, *, by: Any, signature: Any = "", name: str = "", seen: int = 0, why: str = "", at: datetime | None = None) -> None:
        """Yes or no to the quote that stands: a tap in their own login, or their signature where staff hold the phone.

        `seen` is the number of the quote that was on the screen; another one in between is never agreed to unread.
        """
        at = at or clock.now()
        own = self.theirs(by)
        self._hold("quoted")
        if not own:
            self._must_work(by)
        row = self.quotes.filter(agreed__isnull=True).select_for_update().get()
        if seen and seen != row.round:
            raise Refused(_("报价刚刚改过，请看新的报价。"), code="another_quote")
        if agreed and not own:
            if not name.strip():
                raise Refused(_("请写签名人的姓名。"), code="name_missing")
            document = {"order": self.number, "item": self.item, "lines": row.lines, "amount": f"{row.amount:.2f}"}
            Autograph.objects.keep(row, "owner", signature, name=name.strip(), at=at, document=document)
        row.agreed, row.answered_at, row.answered_by, row.way = agreed, at, (by.name if own else name.strip())[:60], "tap" if own else "signature"
        row.save(update_fields=["agreed", "answered_at", "answered_by", "way"])
        due = calendar(self.estate, services_book().hours).add(opening(self.estate, at, self.day), self.promised)
        if not agreed:
            if self.agreed_at:  # more than was agreed to before is refused: that goes on
                self._set(stage="agreed", due_at=due, told=0, why=why.strip()[:300])
            else:
                self._end("declined", why, at)
            self.tell(Action.SERVICE_DECLINED, by=by, at=at, why=self.why)
            return
        self._set(stage="agreed", amount=row.amount, agreed_at=at, due_at=due, told=0)
        self.tell(Action.SERVICE_AGREED, by=by, at=at, amount=f"{row.amount:.2f}", worker_id=self.worker_id)

    def _end(self: Any, stage: str, why: str, at: datetime) -> None:
        self._set(stage=stage, why=why.strip()[:300], due_at=None, ended_at=at)
