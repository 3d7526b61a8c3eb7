"""The month's count of cash by a second person, the bank's balance signed by two, the day's comparison (FIN-01, FIN-02, CF-16)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from guanjia import clock
from guanjia.collection.balancing import balance, days
from guanjia.collection.models import BankRow, CashCount, Reconciliation
from guanjia.duties.models import Task
from guanjia.events.models import Event
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.duties.doing import signature

from .test_dunning import on

pytestmark = pytest.mark.django_db
MONEY = "/e/sunny/money"
D = Decimal
SIGNATURE = signature()


def count(cast, pieces, who="qian", at=None):
    return CashCount.objects.count_up(cast.sunny, pieces, signature=SIGNATURE, by=cast.as_(who), at=at)


def test_a_second_person_counts_blind_and_the_cashier_answers(cast, counter):
    """FIN-02: the books' figure is of the moment; a difference is told, explained by who keeps the cash, never by the counter."""
    counter.open("200")
    counter.take("37.50")
    with pytest.raises(Refused, match="别人来盘点"):
        count(cast, {}, "cash")
    with pytest.raises(NotAllowed):
        count(cast, {}, "ming")
    with pytest.raises(Refused, match="签名"):
        CashCount.objects.count_up(cast.sunny, {}, signature="data:x", by=cast.as_("qian"))
    made = count(cast, {"100": 2, "20": 1, "10": 1, "5": 1, "0.5": 4})
    assert (made.counted, made.book, made.out) == (D("237.00"), D("237.50"), D("-0.50"))
    assert Event.objects.filter(action="cash.counted").count() == 1
    with pytest.raises(Refused, match="写明原因"):
        made.answer(" ", by=counter.by)
    with pytest.raises(Refused, match="不能替"):
        made.answer("找零", by=cast.as_("qian"))
    made.answer("找零少收五角", by=counter.by)
    with pytest.raises(Refused, match="已经确认"):
        CashCount.objects.get().answer("再来", by=counter.by)
    with pytest.raises(IntegrityError), transaction.atomic():
        CashCount.objects.filter(pk=made.pk).update(keeper=cast.qian)


def test_the_count_page_shows_no_book_before(client, cast, counter):
    """FIN-02: blind; what was typed stays; odd input is told, never broken."""
    counter.open("231")
    client.force_login(cast.qian)
    page = client.get(f"{MONEY}/counts/").content.decode()
    assert "231" not in page and "盲点" in page
    again = client.post(f"{MONEY}/counts/", {"face-100": "2", "face-20": "-1", "signature": SIGNATURE})
    assert again.status_code == 422 and 'value="2"' in again.content.decode() and not CashCount.objects.exists()
    assert client.post(f"{MONEY}/counts/", {"face-100": "2", "signature": "x"}).status_code == 409
    sent = client.post(f"{MONEY}/counts/", {"face-100": "2", "face-20": "1", "face-10": "1", "face-1": "1", "signature": SIGNATURE}, follow=True)
    assert "账实相符" in sent.content.decode()
    made = CashCount.objects.get()
    client.force_login(cast.cash)
    assert client.post(f"{MONEY}/counts/{made.pk}/answer/", {}).status_code == 302
    assert CashCount.objects.get().keeper_id == cast.cash.pk
    client.force_login(cast.ming)
    assert client.get(f"{MONEY}/counts/").status_code == 404


@pytest.fixture
def statement(cast, counter):
    """March: a transfer that the bank has, one that it has not."""
    with clock.at(on(16)):
        counter.take("100", way="transfer", reference="A1")
        counter.take("30", way="transfer", reference="A2")
    lines = "交易日期,交易金额,余额,对方户名,流水号,摘要\n2026-03-16,100.00,100.00,梅,A1,物业费\n2026-03-18,-15.00,85.00,,F1,账户费\n"
    with clock.at(on(20)):
        BankRow.objects.bring_in(cast.sunny, "a.csv", lines.encode(), by=counter.by)
    return cast


def test_the_two_sides_and_the_days(statement):
    """FIN-02: reconciled by the day and by the month."""
    with clock.at(on(2, 4)):
        found = balance(statement.sunny, date(2026, 3, 1))
        assert (found.held, found.waiting, found.missing, found.bank, found.out, found.is_over) == (D("130.00"), D("-15.00"), D("30.00"), D("85.00"), 0, True)
        assert [(day.on.day, day.ours, day.theirs, day.out) for day in days(statement.sunny, date(2026, 3, 1), found.last)] == [
            (18, 0, D("-15.00"), D("15.00")), (16, D("130.00"), D("100.00"), D("30.00")),
        ]  # fmt: skip


def test_the_month_is_signed_by_two(client, statement, counter):
    """FIN-02: not before it is over, not by one alone, not when the books have moved since; then it stands."""
    cast, march = statement, date(2026, 3, 1)
    draw = Reconciliation.objects.draw_up
    with clock.at(on(20)), pytest.raises(Refused, match="月份结束"):
        draw(cast.sunny, march, "", by=counter.by)
    with clock.at(on(2, 5)), pytest.raises(Refused, match="先导入"):
        draw(cast.sunny, date(2026, 4, 1), "", by=counter.by)
    with clock.at(on(2, 4)):
        made = draw(cast.sunny, march, "", by=counter.by)
        with pytest.raises(Refused, match="由别人复核"):
            made.check_it(by=counter.by)
        BankRow.objects.get(reference="F1").book_costs(by=counter.by)
        with pytest.raises(Refused, match="有变动"):
            made.check_it(by=cast.as_("qian"))
        client.force_login(cast.cash)
        assert client.post(f"{MONEY}/bank/sheet/?month=2026-03", {"why": ""}).status_code == 302
        client.force_login(cast.qian)
        assert "复核无误" in client.get(f"{MONEY}/bank/?month=2026-03").content.decode()
        assert client.post(f"{MONEY}/bank/sheet/?month=2026-03", {"noun": "check"}).status_code == 302
        row = Reconciliation.objects.get()
        assert (row.checker_id, row.waiting, row.out) == (cast.qian.pk, 0, 0)
        with pytest.raises(Refused, match="已经复核"):
            draw(cast.sunny, march, "", by=counter.by)


def test_who_drew_it_up_meanwhile_does_not_check_it(statement, counter):
    """FIN-02: judged by who drew it up last, not by what the page showed."""
    cast, march = statement, date(2026, 3, 1)
    with clock.at(on(2, 4)):
        shown = Reconciliation.objects.draw_up(cast.sunny, march, "", by=counter.by)
        Reconciliation.objects.draw_up(cast.sunny, march, "", by=cast.as_("qian"))
        with pytest.raises(Refused, match="由别人复核"):
            shown.check_it(by=cast.as_("qian"))
        shown.check_it(by=counter.by)
    assert (shown.maker_id, shown.checker_id) == (cast.qian.pk, cast.cash.pk)


def test_a_count_does_the_months_duty(cast, counter):
    """FIN-02: the open task of the cash count is done by it, with both figures and the counter's signature."""
    from guanjia.duties.generation import generate
    from tests.reports.conftest import adopt

    adopt(cast)
    now = datetime(2026, 3, 26, 2, tzinfo=UTC)
    with clock.at(now):
        generate(now, cast.sunny)
        task = Task.objects.get(key="fin_reconcile", slot__startswith="2026-03")
        made = count(cast, {"100": 1})
        made.answer("备用金未入账", by=counter.by)
        task.refresh_from_db()
        assert task.done_by_id == cast.cash.pk
        said = task.records.get().answers
        assert (D(said["counted"]["value"]), said["matches"]["value"], said["signature"]["value"]) == (D(100), "bad", "signed")
