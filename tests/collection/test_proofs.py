"""What the chasing, the papers and the cash prove of the clauses: each can be kept and broken (FEE-07 … FEE-16, COM-17, FIN-01, FIN-02)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from guanjia import clock
from guanjia.billing.models import Bill, BillRun, Draft, Fee
from guanjia.collection.chasing import make_calls
from guanjia.collection.models import (
    Call,
    Chase,
    Handing,
    Letter,
    Payer,
    ReceiptBook,
    Reconciliation,
    Shift,
)
from guanjia.households.models import HouseholdDocument, Member, Occupancy
from guanjia.reports.context import values
from guanjia.reports.counting import run
from guanjia.reports.proofs import breaking, counting, known_proof
from guanjia.rulebooks.models import Parameter
from guanjia.services.models import Supplier
from guanjia.tenancy.errors import Refused
from tests.billing.conftest import APRIL

from .test_counting import count
from .test_dunning import on

pytestmark = pytest.mark.django_db


def ask(cast, name, day=None):
    """(due, kept), and as many broken rows as the difference."""
    at = day or on(1, 5)
    statement, named = counting([(known_proof(name), at - timedelta(days=90), at)])
    rows = run(statement, values(cast.sunny, at, statement) | named)
    due, kept = sum(row[4] for row in rows), sum(row[5] for row in rows)
    statement, named = breaking(known_proof(name), at - timedelta(days=90), at)
    assert len(run(statement, values(cast.sunny, at, statement) | named)) == due - kept
    return due, kept


def chase(cast, counter, day, **said):
    with clock.at(on(day)):
        words = {"contact": "phone", "reason": "forgot", "words": "谈过"} | said
        return Chase.objects.record(counter.payer, by=cast.as_("ming"), **words)


def test_contacts_and_their_reasons(cast, counter):
    """FEE-07, FEE-08, FEE-12, FEE-16: 梅 was spoken to, 陆 was not."""
    with clock.at(on(16)):
        make_calls(cast.sunny)
    chase(cast, counter, 17)
    assert ask(cast, "contacts_written") == (2, 1) and ask(cast, "busy_offered_debit") == (1, 0)
    chase(cast, counter, 18, offered_debit=True)
    made = chase(cast, counter, 19, reason="service", words="电梯坏了")
    assert ask(cast, "busy_offered_debit") == (2, 1) and ask(cast, "service_reason_has_ticket") == (1, 1)
    Chase.objects.filter(pk=made.pk).update(ticket=None)
    assert ask(cast, "service_reason_has_ticket") == (1, 0)
    type(cast.meis).objects.filter(pk__in=[cast.meis.pk, cast.lus.pk]).update(in_arrears=True)
    assert ask(cast, "arrears_have_reason") == (2, 1)
    assert ask(cast, "dunning_ledger_kept") == (1, 1) and ask(cast, "finance_chases") == (1, 0)
    with clock.at(on(20)):
        Chase.objects.record(counter.payer, contact="phone", reason="other", words="会计催", by=counter.by)
    assert ask(cast, "finance_chases") == (1, 1)


def test_who_objects_strongly_is_visited(cast, counter):
    """FEE-15: a telephone call is no visit."""
    chase(cast, counter, 10, reason="other", strongly=True)
    assert ask(cast, "objector_visited") == (1, 0)
    visit = chase(cast, counter, 12, reason="other", contact="visit")
    assert ask(cast, "objector_visited") == (1, 1)
    Chase.objects.filter(pk=visit.pk).update(contact="phone")
    assert ask(cast, "objector_visited") == (1, 0)


def test_failed_debits_and_uncollected_papers_are_told(cast, counter):
    """FEE-14, COM-19: a call of its kind, kept by a contact within its days."""
    lus = Payer.of(cast.sunny, cast.lus.pk)
    for payer in (counter.payer, lus):
        for kind in ("debit_failed", "uncollected"):
            Call.objects.make(payer, kind, "x 1", date(2026, 3, 13), at=on(10))
    chase(cast, counter, 11, reason="debit")
    assert ask(cast, "calls_debit_failed") == (2, 1) and ask(cast, "calls_uncollected") == (2, 1)


def test_papers_reach_each_by_their_status(cast, counter):
    """COM-17, COM-18, COM-20."""
    with clock.at(on(10)):
        BillRun.objects.get().issue(by=cast.as_("qian"))
        Handing.objects.plan(cast.sunny)
    for way in ("guards", "personal", "post"):
        Handing.objects.update(way=way, outcome="")
        Handing.objects.filter(household=cast.meis).update(outcome="handed")
        assert ask(cast, f"papers_{way}") == (2, 1)
        assert ask(cast, f"papers_{way}", on(12)) == (0, 0)  # two weeks are not over


def test_papers_go_in_the_envelope_and_guards_are_told_first(client, cast, counter):
    """COM-16, COM-17: as ticked when they were handed over."""
    with clock.at(on(10)):
        BillRun.objects.get().issue(by=cast.as_("qian"))
        Handing.objects.plan(cast.sunny)
        Handing.objects.update(way="guards")
        client.force_login(cast.qian)
        for home, ticks in ((cast.meis, {"enveloped": "1", "briefed": "1"}), (cast.lus, {})):
            row = Handing.objects.get(household=home).pk
            assert client.post("/e/sunny/money/handings/", {"row": row, "outcome": "handed", **ticks}).status_code == 302
    assert ask(cast, "papers_enveloped") == (2, 1) and ask(cast, "papers_guards") == (2, 1)


def test_much_cash_goes_with_an_escort(cast, counter):
    """FIN-16: refused without a name from the company's figure on."""
    Parameter.objects.set("cash.escort_from", "200", by=cast.as_("qian"), reason="集团规定", estate=cast.sunny)
    shift = counter.open("200")
    with pytest.raises(Refused, match="护送"):
        shift.close(Decimal("200"), Decimal("200"), by=counter.by)
    shift.close(Decimal("200"), Decimal("200"), escort="便衣岗 钱峰", by=counter.by)
    assert ask(cast, "cash_escorted") == (1, 1)
    Shift.objects.update(escort="")
    assert ask(cast, "cash_escorted") == (1, 0)


def test_finance_rules_come_from_above(cast, counter):
    """FIN-05: kept when finance drafted it and the manager approved it; set past the draft, or by finance itself, it is not."""
    with clock.at(on(10)):
        draft = Draft.objects.write(cast.sunny, "rule", "违约金上限", "最多两成", settings=[("late.cap", "20")], by=cast.as_("finance"))
        draft.ask(by=cast.as_("finance"))
        draft.judge_it(True, by=cast.as_("qian"))
    assert ask(cast, "finance_rules_by_superior") == (1, 1)
    Parameter.objects.filter(key="late.cap").update(author=cast.cash)
    assert ask(cast, "finance_rules_by_superior") == (1, 0)
    Parameter.objects.set("late.cap", 10, by=cast.as_("qian"), reason="合同", estate=cast.sunny, at=on(11), valid_from=on(11))
    assert ask(cast, "finance_rules_by_superior") == (2, 0)


def test_contracts_are_drafted_with_finance(cast, counter):
    """FIN-11: due once sent up or a week old; a supplier's contract wants an approved draft that finance joined."""
    supplier = Supplier.objects.create(estate=cast.sunny, name="安达电梯", phone="1", items=[], contract_starts=date(2026, 1, 1), contract_ends=date(2026, 12, 31), made_at=on(1))
    with clock.at(on(10)):
        draft = Draft.objects.write(cast.sunny, "contract", "电梯维保", "每月两次", supplier=supplier, by=cast.as_("zhao"))
        assert ask(cast, "drafts_with_finance", on(11)) == (0, 0) and ask(cast, "drafts_with_finance") == (1, 0)
        draft.join(True, by=cast.as_("finance"))
        assert ask(cast, "drafts_with_finance") == (1, 1) and ask(cast, "contracts_with_finance") == (1, 0)
        draft.ask(by=cast.as_("zhao"))
        draft.judge_it(True, by=cast.as_("qian"))
    assert ask(cast, "contracts_with_finance") == (1, 1)


def test_charges_by_themselves_and_parking(cast, counter):
    """FEE-25, FEE-26: parking comes from runs at a price on file; a single charge says what for and is no management fee."""
    parking = counter.books.fee("8", "车位管理费", category="车位费", formula="2002", fixed=Decimal("80"))
    counter.books.post(APRIL)
    assert ask(cast, "parking_by_procedure") == (3, 3) and ask(cast, "paid_services_priced") == (0, 0)
    Bill.objects.charge(cast.home, cast.meis, parking, Decimal("10.00"), words="临停", period=date(2026, 2, 1))
    assert ask(cast, "paid_services_priced", on(1, 6)) == (0, 0)  # February is long ago
    Bill.objects.charge(cast.home, cast.meis, Fee.objects.get(number="1"), Decimal("5.00"), words="物业费补收", period=date(2026, 5, 1))
    assert ask(cast, "parking_by_procedure") == (4, 3) and ask(cast, "paid_services_priced") == (2, 1)


def test_agreements_lets_and_letters(cast, counter):
    """FEE-24, FEE-29, FIN-11."""
    HouseholdDocument.objects.create(estate=cast.sunny, household=cast.meis, kind="agreement", title="装饰协议", file="x", digest="1", kept_at=on(1))
    assert ask(cast, "agreements_followed") == (1, 1)
    type(cast.meis).objects.filter(pk=cast.meis.pk).update(in_arrears=True)
    assert ask(cast, "agreements_followed") == (1, 0)
    chase(cast, counter, 20)
    assert ask(cast, "agreements_followed") == (1, 1) and ask(cast, "let_homes_linked") == (0, 0)
    Occupancy.objects.create(estate=cast.sunny, household=cast.lus, unit=cast.home, kind="tenant", during=DateRange(date(2026, 1, 1), None))
    Member.objects.filter(household__in=[cast.meis, cast.lus]).update(phone="13800000000")
    assert ask(cast, "let_homes_linked") == (1, 1)
    Member.objects.filter(household=cast.lus).update(phone="")
    assert ask(cast, "let_homes_linked") == (1, 0)
    said = {"unit": cast.home, "why": "x", "owed": 1, "late": 0, "state": "approved", "asker": cast.ming, "asked_at": on(20), "sent_at": on(21), "on": on(20).date()}
    letter = Letter.objects.create(estate=cast.sunny, household=cast.meis, judge=cast.qian, **said)
    assert ask(cast, "letters_with_finance") == (1, 0)
    Letter.objects.filter(pk=letter.pk).update(judge=cast.finance)
    assert ask(cast, "letters_with_finance") == (1, 1)


def test_a_letter_that_skipped_a_step(cast, counter):
    """FEE-11: after the last check, by two persons, with the late charge once a rate is set."""
    with clock.at(on(23)):
        make_calls(cast.sunny)
    chase(cast, counter, 23, reason="refuses")
    with clock.at(on(20, 4)):
        letter = Letter.objects.ask(counter.payer, "拒不缴费", by=cast.as_("ming"))
        letter.judge_it(True, by=cast.as_("qian"))
        letter.send("EMS1", by=cast.as_("ming"))
        assert ask(cast, "letter_after_check") == (1, 1)
        Parameter.objects.set("fee.late_fee_rate", "0.05", by=cast.as_("qian"), reason="合同", estate=cast.sunny)
        assert ask(cast, "letter_after_check") == (1, 0)


def test_cash_goes_to_the_bank_by_evening(cast, counter):
    """FIN-01, CF-16: kept when it was closed the same day with nothing left; otherwise by the company's choice."""
    shift = counter.open("200")
    day = shift.opened_at
    assert ask(cast, "cash_banked", day + timedelta(hours=1)) == (0, 0)
    assert ask(cast, "cash_banked", day + timedelta(days=2)) == (1, 0)
    with clock.at(day + timedelta(hours=1)):
        Parameter.objects.set("cash.overnight", "float", by=cast.as_("qian"), reason="试", estate=cast.sunny)
        shift.close(Decimal("200"), Decimal("100"), by=counter.by)
    assert ask(cast, "cash_banked", day + timedelta(days=2)) == (1, 1)
    with clock.at(day + timedelta(hours=2)):
        Parameter.objects.set("cash.overnight", "no_overnight", by=cast.as_("qian"), reason="试", estate=cast.sunny)
    assert ask(cast, "cash_banked", day + timedelta(days=2)) == (1, 0)


def test_the_months_count_and_the_banks_balance(cast, counter):
    """FIN-02, FIN-07: due when the month is over; kept by a count that was answered, a sheet that was checked."""
    with clock.at(on(16)):
        counter.take("10", way="transfer")
        made = count(cast, {})
    assert ask(cast, "cash_count_monthly", on(20)) == (0, 0)
    may = on(15, 4)
    assert ask(cast, "cash_count_monthly", may) == (1, 0) and ask(cast, "bank_reconciled", may) == (1, 0)
    with clock.at(on(17)):
        made.answer("", by=counter.by)
    Reconciliation.objects.create(
        estate=cast.sunny, month=date(2026, 3, 1), held=0, waiting=0, missing=0, bank=0, maker=cast.cash, made_at=on(2, 4), checker=cast.qian, checked_at=on(3, 4),
    )  # fmt: skip
    assert ask(cast, "cash_count_monthly", may) == (1, 1) and ask(cast, "bank_reconciled", may) == (1, 1)
    assert ask(cast, "receipts_numbered") == (1, 1)
    ReceiptBook.objects.update(last=9)
    assert ask(cast, "receipts_numbered") == (1, 0)
