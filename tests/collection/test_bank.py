"""The bank's statement, direct debit, statements on paper."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from guanjia import clock
from guanjia.billing.checks import findings
from guanjia.billing.models import BillRun
from guanjia.collection import banking
from guanjia.collection.chasing import make_calls
from guanjia.collection.models import BankRow, Call, DebitBatch, Handing, Mandate, Payment
from guanjia.tenancy.errors import Refused

from .test_dunning import on

pytestmark = pytest.mark.django_db
D = Decimal
HEAD = "交易日期,收入金额,支出金额,余额,对方户名,流水号,摘要\n"


def bring(cast, counter, *lines, name="三月.csv"):
    return BankRow.objects.bring_in(cast.sunny, name, (HEAD + "\n".join(lines)).encode("gb18030"), by=counter.by)


def test_a_statement_is_matched_by_reference_name_and_amount(cast, counter):
    """FIN-02: what is certain is matched; brought in again nothing is added; what is doubtful waits."""
    counter.take("100", way="transfer", reference="R1")
    counter.take("50", way="transfer", name="梅女士")
    counter.take("20", way="transfer")
    counter.take("20", way="transfer")
    lines = [
        "2026-03-10,100,,100,某人,R1,转账",
        "2026/03/11,50.00,,150,梅女士,,物业费",
        "20260310,20,,170,甲,,",
        "20260310,20,,190,乙,,",
        "2026-03-10,,5.00,185,,,手续费",
    ]
    assert bring(cast, counter, *lines) == {"rows": 5, "new": 5, "matched": 2}
    assert bring(cast, counter, *lines) == {"rows": 5, "new": 0, "matched": 0}
    waits = list(BankRow.objects.unmatched().order_by("pk"))
    assert [row.amount for row in waits] == [D(20), D(20), D(-5)]
    waits[0].match(waits[0].candidates()[0].entry_id, by=counter.by)
    with pytest.raises(Refused, match="金额不同"):
        waits[2].match(waits[1].candidates()[0].entry_id, by=counter.by)
    waits[2].book_costs(by=counter.by)
    waits[1].match(waits[1].candidates()[0].entry_id, by=counter.by)
    assert not BankRow.objects.unmatched().exists() and not banking.booked(
        cast.sunny, date(2026, 1, 1), date(2026, 12, 31)
    )
    waits[1].unmatch(by=counter.by)
    with pytest.raises(Refused, match="由流水入账"):
        waits[2].unmatch(by=counter.by)


def test_a_transfer_nobody_noted_becomes_a_payment(cast, counter):
    bring(cast, counter, "2026-03-10,237.18,,237.18,梅先生,X9,3-1-501 物业费")
    [row] = BankRow.objects.unmatched()
    paid = row.take(counter.payer, by=counter.by)
    assert counter.owes() == 0 and paid.reference == "X9" and not BankRow.objects.unmatched().exists()
    with pytest.raises(Refused, match="已经勾对"):
        row.take(counter.payer, by=counter.by)


def test_a_gateway_settles_less_its_fee(cast, counter):
    counter.take("100", way="qr")
    bring(cast, counter, "2026-03-11,99.40,,99.40,支付平台,S1,结算")
    [row] = BankRow.objects.unmatched()
    for gross, said in (("99.00", "2%"), ("102.00", "2%"), ("100.50", "在途")):
        with pytest.raises(Refused, match=said):
            row.settle(D(gross), by=counter.by)
    row.settle(D(100), by=counter.by)
    assert not list(findings(cast.sunny)) and BankRow.objects.get().how == "settled"


def test_excel_and_odd_files(cast, counter):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for place, row in enumerate(
        [
            ["某某银行对账单"],
            ["日期", "借贷标志", "发生额", "户名"],
            ["2026-03-10", "贷", 12.5, "甲"],
            ["2026-03-11", "借", "1,000.00", "乙"],
            ["合计"],
        ][:4]
    ):
        sheet.write_row(place, 0, row)
    book.close()
    assert [(line.on, line.amount) for line in banking.read("a.xlsx", out.getvalue())] == [
        (date(2026, 3, 10), D("12.50")),
        (date(2026, 3, 11), D("-1000.00")),
    ]
    for name, content, said in (
        ("a.csv", b"a,b\n1,2", "表头"),
        ("a.xlsx", b"nonsense", "读不出来"),
        ("a.csv", (HEAD + "2026-13-45,1,,,,,").encode(), "第 2 行"),
    ):
        with pytest.raises(Refused, match=said):
            banking.read(name, content)


# -- direct debit -----------------------------------------------------------------------------------------------------


def sign(cast, counter, payer=None, holder="梅女士"):
    return Mandate.objects.sign(
        payer or counter.payer, bank="交通银行", holder=holder, number="6222 6000 1234 5678", by=cast.as_("he")
    )


def answer(batch, results):
    lines = [
        "序号,户名,账号,金额,房号,结果,原因",
        *(f"{item.number},x,y,{item.amount},z,{results[item.number]}" for item in batch.items.order_by("number")),
    ]
    return "\n".join(lines).encode("gb18030")


def test_a_debit_goes_out_and_comes_back(cast, counter):
    """FEE-12..14: three hands; what succeeded is paid, what failed is called within a day; the file twice is refused."""
    from guanjia.collection.models import Payer

    sign(cast, counter)
    sign(cast, counter, Payer.of(cast.sunny, cast.lus.pk), "=吕先生")
    batch = DebitBatch.objects.list_up(cast.sunny, by=cast.as_("he"))
    with pytest.raises(Refused, match="还没有回盘"):
        DebitBatch.objects.list_up(cast.sunny, by=cast.as_("he"))
    assert batch.fill(by=counter.by) == 2 and batch.total() == D("474.36")
    batch.send(by=cast.as_("he"))
    assert "6222600012345678" in batch.file() and "'=吕先生" in batch.file()
    good = {1: "成功,", 2: "失败,余额不足"}
    with pytest.raises(Refused, match="缺第 2 号"):
        batch.take_back(b"\n".join(answer(batch, good).split(b"\n")[:2]), by=counter.by)
    assert batch.take_back(answer(batch, good), by=counter.by) == {"good": 1, "bad": 1}
    assert counter.owes() == 0 and Payment.objects.get().way == "debit"
    call = Call.objects.get(kind="debit_failed")
    assert call.household_id == cast.lus.pk and call.words == "余额不足" and call.steward_id == cast.fang.pk
    with pytest.raises(Refused, match="别的步骤"):
        batch.take_back(answer(batch, good), by=counter.by)
    assert not list(findings(cast.sunny))


def test_a_wrong_answer_of_the_bank_pays_nobody(cast, counter):
    sign(cast, counter)
    batch = DebitBatch.objects.list_up(cast.sunny, by=cast.as_("he"))
    batch.fill(by=counter.by)
    batch.send(by=cast.as_("he"))
    for content in (
        "序号,户名,账号,金额,房号,结果,原因\n1,a,b,1.00,c,成功,",
        "序号,户名,账号,金额,房号,结果,原因\n9,a,b,237.18,c,成功,",
        "nothing",
    ):
        with pytest.raises(Refused):
            batch.take_back(content.encode(), by=counter.by)
    assert not Payment.objects.exists() and DebitBatch.objects.get().state == "sent"


# -- statements on paper ----------------------------------------------------------------------------------------------


def test_statements_are_handed_by_status_and_called_after_two_weeks(cast, counter):
    """COM-17, COM-19, COM-20, CF-18."""
    type(cast.home_west).objects.filter(pk=cast.home_west.pk).update(state="vacant")
    with clock.at(on(28)):
        BillRun.objects.get().issue(by=cast.as_("qian"))
        assert Handing.objects.plan(cast.sunny) == 2 and Handing.objects.plan(cast.sunny) == 0
        assert {row.household_id: row.way for row in Handing.objects.all()} == {
            cast.meis.pk: "guards",
            cast.lus.pk: "post",
        }
        mine = Handing.objects.get(household=cast.meis)
        assert Handing.objects.hand(cast.as_("fang"), [mine.pk], "handed") == 0
        assert Handing.objects.hand(cast.as_("ming"), [mine.pk], "handed") == 1
    with clock.at(on(28) + timedelta(days=15)):
        make_calls(cast.sunny)
        make_calls(cast.sunny)
    assert Call.objects.get(kind="uncollected").household_id == cast.lus.pk


def test_the_pages(client, cast, counter):
    counter.take("100", way="transfer", reference="R1")
    client.force_login(cast.cash)
    base = "/e/sunny/money"
    content = (HEAD + "2026-03-10,100,,100,某人,R1,转账\n2026-03-10,9,,109,谁,,").encode()
    assert client.post(f"{base}/bank/", {"file": SimpleUploadedFile("a.csv", content)}).status_code == 302
    page = client.get(f"{base}/bank/?month=2026-03").content.decode()
    assert "两边相符" in page and "谁" in page
    [row] = BankRow.objects.unmatched()
    assert client.get(f"{base}/bank/{row.pk}/").status_code == 200
    assert client.post(f"{base}/bank/{row.pk}/payment/", {"household": cast.meis.pk}).status_code == 302
    assert not BankRow.objects.unmatched().exists()
    wrong = client.post(f"{base}/bank/", {"file": SimpleUploadedFile("a.csv", b"x")})
    assert wrong.status_code == 409 and "没有找到认识的表头" in wrong.content.decode()
    sign(cast, counter)
    assert client.post(f"{base}/debits/").status_code == 302
    batch = DebitBatch.objects.get()
    assert (
        client.get(f"{base}/debits/{batch.pk}/").status_code == 200
        and client.get(f"{base}/debits/{batch.pk}/file/").status_code == 404
    )
    client.post(f"{base}/debits/{batch.pk}/amounts/")
    assert client.get(f"{base}/debits/{batch.pk}/file/").status_code == 200
    for path in ("debits/", "handings/", "reasons/"):
        assert client.get(f"{base}/{path}").status_code == 200
