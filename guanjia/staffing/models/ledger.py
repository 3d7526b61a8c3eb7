"""工作台账: what a shift was asked for, open until its result is written (HND-08, HND-12..14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime

    from .book import ShiftBook


class LedgerQuerySet(EstateQuerySet["LedgerItem"]):
    def open(self) -> LedgerQuerySet:
        return self.filter(done_at__isnull=True)

    def enter(
        self, book: ShiftBook, words: str, *, by: Any, unit: Any = None, who: str = "", at: datetime | None = None
    ) -> LedgerItem:
        """What an owner asked for or what has to be done, in the shift's ledger (HND-13)."""
        at = at or clock.now()
        if not words.strip():
            raise Refused(_("请写内容。"), code="words_missing")
        with estate_scope(book.estate_id):
            book.must_be_mine(by)
            return self.create(
                estate_id=book.estate_id,
                book=book,
                unit=unit,
                who=who.strip()[:60],
                words=words.strip()[:500],
                by_id=by.person_id,
                at=at,
            )


class LedgerItem(EstateOwned):
    """台账事项: open until somebody writes its result; an open one is carried from book to book (HND-08, HND-13, HND-14)."""

    noun = "ledger_item"
    book = EstateForeignKey("staffing.ShiftBook", models.RESTRICT, related_name="items")
    unit = EstateForeignKey("estates.Unit", models.RESTRICT, null=True, related_name="+")
    who = models.CharField(max_length=60, blank=True)
    words = models.CharField(max_length=500)
    by = PersonKey()
    at = models.DateTimeField()
    follow_up = models.CharField(max_length=500, blank=True)
    carried_at = models.DateTimeField(null=True)  # moved to the handover book
    result = models.CharField(max_length=500, blank=True)
    handler = PersonKey(null=True)
    done_at = models.DateTimeField(null=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "done_at"], name="ledger_item_open")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | (models.Q(handler__isnull=False) & ~models.Q(result="")),
                name="ledger_item_result",
            ),
        ]

    def __str__(self) -> str:
        return self.words[:40]

    def _still(self) -> Any:
        rows = type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, done_at__isnull=True)
        if not rows.select_for_update().exists():
            raise Refused(_("这件事已经办结。"), code="already_done")
        return rows

    @verb
    def follow(self, words: str, *, by: Any) -> None:
        """How it stands and why it is not done yet."""
        if not words.strip():
            raise Refused(_("请写内容。"), code="words_missing")
        self._still().update(follow_up=words.strip()[:500])
        self.refresh_from_db()

    @verb
    def finish(self, result: str, *, by: Any, at: datetime | None = None) -> None:
        """Done: the result, who did it, and when stand after the item (HND-08)."""
        at = at or clock.now()
        if not result.strip():
            raise Refused(_("请写结果。"), code="result_missing")
        self._still().update(result=result.strip()[:500], handler=by.person_id, done_at=at)
        self.refresh_from_db()
        Event.objects.record(
            Action.LEDGER_DONE, self, by=by, at=at, told=False, words=self.words[:80], result=self.result[:120]
        )
