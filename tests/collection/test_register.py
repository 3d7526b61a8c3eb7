"""《物管费催收记录表》: contact by contact, by household and quarter, on the page and as Excel; links that lead somewhere."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

import guanjia
from guanjia import clock
from guanjia.collection.chasing import make_calls
from guanjia.collection.models import Chase, Letter, Payer, Undoing
from guanjia.collection.register import RegisterQuery
from guanjia.collection.sheet import window_words
from guanjia.events.models import Event

from .test_dunning import on

pytestmark = pytest.mark.django_db
HERE = "/e/sunny/money/register/"


@pytest.fixture
def quarter(cast, counter):
    """March: 梅 promised in the third week and has a letter, 陆 paid after the fourth week's call."""
    lus = Payer.of(cast.sunny, cast.lus.pk)
    with clock.at(on(16)):
        make_calls(cast.sunny)
        Chase.objects.record(
            counter.payer, contact="phone", reason="forgot", words="下周缴", promised_on=date(2026, 3, 20), by=cast.as_("ming")
        )  # fmt: skip
    with clock.at(on(23)):
        make_calls(cast.sunny)
        Chase.objects.record(counter.payer, contact="visit", reason="refuses", words="=不缴", by=cast.as_("ming"))
        counter.take("237.18", way="transfer", payer=lus)
    with clock.at(on(24)):
        Chase.objects.record(counter.payer, contact="counter", reason="other", words="来问过", by=cast.as_("cash"))
    payer = counter.payer
    Letter.objects.create(
        estate=cast.sunny, household=cast.meis, unit_id=payer.unit_id, on=date(2026, 3, 28), why="拒不缴费", owed=237, late=0, asker=cast.ming, asked_at=on(28),
    )  # fmt: skip
    return cast


def homes(cast, who="fang", **get):
    return RegisterQuery(cast.as_(who), get, on(30)).homes()


def test_a_quarter_has_one_line_a_household(quarter):
    """FEE-07, FEE-09, FEE-10, FEE-11: the months owed, each window's contact and promise, the letter, what was paid when."""
    mei, lu = homes(quarter, "qian", quarter="2026-02-14")
    assert mei.household == quarter.meis and mei.months_words == "2026-03" and mei.owes == mei.owed == Decimal("237.18")
    third, fourth = mei.windows[3], mei.windows[4]
    assert (third.chase.reason, third.chase.promised_on) == ("forgot", date(2026, 3, 20)) and fourth.chase.contact == "visit"
    assert mei.windows[:3] == [None] * 3 and [one.words for one in mei.others] == ["来问过"] and mei.letter.total == 237
    assert (lu.paid_on, lu.owes, lu.windows[4].call.outcome, lu.windows[4].chase) == (date(2026, 3, 23), 0, "paid", None)
    assert [one.household for one in homes(quarter, "qian", state="paid")] == [quarter.lus]
    assert [one.household for one in homes(quarter, "qian", reason="refuses")] == [quarter.meis]
    assert homes(quarter, "qian", quarter="2025-10-01") == [] and homes(quarter, "qian", quarter="9999-13-99", zone="x")
    assert [one.household for one in homes(quarter, "ming")] == [quarter.meis]  # another's zone stays out


def test_the_register_as_excel(client, quarter):
    """FEE-07: what accountants take along: numbers as numbers, words that cannot run, a trace of who took it."""
    client.force_login(quarter.qian)
    with clock.at(on(30)):
        answer = client.get(f"{HERE}file/?quarter=2026-01-01")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    heads, *rows = book.get_sheet_by_index(0).to_python()
    mei = dict(zip(heads, rows[0], strict=True))
    assert len(rows) == 2 and (mei["房号"], mei["欠费账期"], mei["首次催收时欠缴"]) == ("3-1-501", "2026-03", 237.18)
    assert mei["3月第三周复核"] == "2026-03-16 电话 忘记或没空，承诺 2026-03-20" and mei["3月第四周复核"].startswith("2026-03-23 上门")
    assert "待审批" in mei["律师函"] and rows[1][heads.index("最近缴费日")] == date(2026, 3, 23)
    assert [row[5] for row in book.get_sheet_by_index(1).to_python()[1:]] == ["来问过", "=不缴", "下周缴"]
    assert Event.objects.filter(action="personal.exported", subject_type="chase", actor=quarter.qian).exists()


def test_a_day_is_the_estates_and_money_given_back_is_not_paid(cast, counter):
    """FEE-07: paid at half past six in the morning is paid that day; what was undone is no payment."""
    lus = Payer.of(cast.sunny, cast.lus.pk)
    with clock.at(on(16)):
        make_calls(cast.sunny)
    with clock.at(on(19).replace(hour=22)):  # the twentieth, six in the morning
        counter.take("237.18", way="transfer", payer=lus)
        taken = counter.take("237.18", way="transfer")
        Undoing.objects.create(
            estate=cast.sunny, payment=taken, amount=taken.amount, way="transfer", why="错户", state="approved", asker=cast.cash, asked_at=on(20)
        )  # fmt: skip
    mei, lu = homes(cast, "qian", quarter="2026-01-01")
    assert window_words(lu.windows[3]) == "2026-03-20 已缴清" and lu.paid_on == date(2026, 3, 20)
    assert mei.paid_on is None


def test_the_register_is_filtered_on_the_page(client, quarter):
    """FEE-07: by reason, way, quarter, room; pages by keyset; another zone's contacts stay out."""
    client.force_login(quarter.ming)
    with clock.at(on(30)):
        for query, words in {
            "": {"下周缴", "=不缴", "来问过"}, "reason=refuses": {"=不缴"}, "contact=phone": {"下周缴"}, "q=3-1": {"下周缴", "=不缴", "来问过"}, "q=5-1": set(),
            "quarter=2025-10-01": set(), f"before={Chase.objects.get(words='=不缴').pk}": {"下周缴"}, "before=x&zone=y&contact=z": {"下周缴", "=不缴", "来问过"},
        }.items():  # fmt: skip
            page = client.get(f"{HERE}?{query}").content.decode()
            assert {one for one in ("下周缴", "=不缴", "来问过") if one in page} == words, query
        page = client.get(f"{HERE}?view=homes").content.decode()
        assert "3-1-501" in page and "5-1-101" not in page and "3月第三周复核" in page


def test_the_side_bar_shows_where_one_is(client, quarter):
    """Tabs beside an entry's own address count as the entry."""
    client.force_login(quarter.qian)
    for page, key in (("register", "calls"), ("holds", "calls"), ("counts", "counter"), ("shifts", "counter")):
        nav = client.get(f"/e/sunny/money/{page}/").context["nav"]
        assert [entry["key"] for entry in nav if entry["current"]] == [key], page


def test_no_link_leads_to_a_query_without_its_mark():
    """A list's next page is `?before=…`: without the mark the address would be a folder that is not there."""
    folder = Path(guanjia.__file__).parent
    found = [path.name for path in folder.rglob("*.html") if re.search(r'href="\{% query', path.read_text(encoding="utf-8"))]
    assert not found
