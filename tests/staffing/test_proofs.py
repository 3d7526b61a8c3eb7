"""Proofs by name over shifts, attendance and facts (HND-08, HND-11, HND-16, STF-05, STF-07, STF-36)."""

from datetime import date, timedelta
from decimal import Decimal

from guanjia.reports.proofs import proofs
from guanjia.staffing.models import Attendance, Award, FactRecord, LedgerItem, ShiftBook
from guanjia.staffing.models.book import CHECKS
from tests.cast import TUESDAY
from tests.reports.test_proofs import ask
from tests.staffing.test_shift import roster, shanghai

THEN = TUESDAY - timedelta(days=9)  # a Sunday in the window that ask() looks at
DAY = date(2026, 3, 1)


def test_what_shifts_leave_is_counted(cast):
    roster(cast, "ming", "day", DAY)
    by, at = cast.as_("ming"), shanghai(10, day=1)
    Attendance.objects.clock_in(by=by, at=shanghai(7, 50, day=1))
    book = ShiftBook.objects.begin(by=by, at=at)
    item = LedgerItem.objects.enter(book, "代收快递", by=by, at=at)
    assert ask(cast, "clocked_in_time") == (1, 0)  # ten minutes are not fifteen
    assert ask(cast, "open_items_closed") == (1, 0)
    item.follow("明早送", by=by)
    book.write(by=by, guests="无", checks=list(CHECKS))
    book.give(by=by, at=at)
    assert ask(cast, "open_items_closed") == (1, 1)
    assert ask(cast, "book_taken") == ask(cast, "book_reviewed") == (1, 0)
    book.take(by=cast.as_("fang"), at=at)
    book.look_over("", by=cast.as_("zhao"), at=at + timedelta(hours=30))
    assert ask(cast, "book_taken") == (1, 1)
    assert ask(cast, "book_reviewed") == (1, 0)  # a day and six hours later


def test_facts_and_awards_are_answered(cast):
    record = FactRecord.objects.note(cast.zhao, DAY, "不派人", by=cast.as_("ming"), at=THEN)
    award = Award.objects.propose(cast.zhou, "reward", Decimal("50"), "抢修", by=cast.as_("ming"), at=THEN)
    assert ask(cast, "facts_assessed_by_manager") == (1, 0)
    assert ask(cast, "facts_assessed_by_company") == (0, 0)
    assert ask(cast, "awards_decided") == (1, 0)
    record.judge("stands", "约谈", by=cast.as_("qian"), at=THEN)
    award.decide(True, "", by=cast.as_("qian"), at=THEN + timedelta(days=1))
    assert ask(cast, "facts_assessed_by_manager") == ask(cast, "awards_decided") == (1, 1)


def test_they_are_declared(cast):
    assert {"open_items_closed", "books_filed", "clocked_in_time"} <= set(proofs())
