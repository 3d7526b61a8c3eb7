"""Attendance, the handover book and the work ledger (HND-01..16, HND-18, STF-18, STF-36)."""

import random
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from guanjia import clock
from guanjia.demo.replies import drawn
from guanjia.duties.models import Roster
from guanjia.estates.marks import mark_of
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.staffing import leaving
from guanjia.staffing.models import Attendance, Drawing, LedgerItem, ShiftBook
from guanjia.staffing.models.book import CHECKS
from guanjia.staffing.turns import turn_of
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.cast import TUESDAY

TODAY = date(2026, 3, 10)
HOUR = timedelta(hours=1)


def shanghai(hour, minute=0, day=10):
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - 8 * HOUR


def roster(cast, who, shift, day=TODAY):
    return Roster.objects.create(estate=cast.sunny, person=getattr(cast, who), day=day, shift=shift)


@pytest.fixture
def book(cast):
    """李明's day shift, with everything gone through."""
    roster(cast, "ming", "day")
    made = ShiftBook.objects.begin(by=cast.as_("ming"))
    made.write(by=cast.as_("ming"), matters="3 栋水箱清洗，明早停水", guests="无", checks=list(CHECKS))
    return made


# -- attendance -------------------------------------------------------------------------------------------------------


def test_the_shift_is_the_rosters_and_nights_reach_into_the_morning(cast):
    """HND-18: a night shift of yesterday still runs at six; a day of rest has no shift."""
    roster(cast, "zheng", "night", date(2026, 3, 9))
    roster(cast, "zheng", "rest")
    assert turn_of(cast.sunny, cast.zheng.pk, shanghai(6)).day == date(2026, 3, 9)
    assert turn_of(cast.sunny, cast.zheng.pk, shanghai(14)) is None
    assert turn_of(cast.sunny, cast.ming.pk, shanghai(8, 20)).shift == "office"
    assert turn_of(cast.sunny, cast.mei.pk, shanghai(9)) is None


def test_a_quarter_of_an_hour_before_the_shift(cast):
    """STF-36: in time until fifteen minutes before, then short of it, late once the shift has begun; once a shift."""
    for who, minute, late, is_late in (("ming", 45, 0, False), ("fang", 50, 5, False)):
        roster(cast, who, "day")
        here = Attendance.objects.clock_in(by=cast.as_(who), at=shanghai(7, minute))
        assert (here.minutes_late, here.is_late) == (late, is_late)
    roster(cast, "zhou", "day")
    assert Attendance.objects.clock_in(by=cast.as_("zhou"), at=shanghai(8, 1)).is_late
    with pytest.raises(Refused):
        Attendance.objects.clock_in(by=cast.as_("zhou"), at=shanghai(8, 2))
    with pytest.raises(Refused):
        Attendance.objects.clock_in(by=cast.as_("wu"), at=shanghai(3))  # nobody's shift at three in the morning


@given(st.integers(-120, 600))
def test_lateness_is_what_the_times_say(minutes):
    """STF-36: minutes short of the quarter of an hour, never below nought, late only after the beginning."""
    starts = TUESDAY
    here = Attendance(starts_at=starts, ends_at=starts + 12 * HOUR, in_at=starts + timedelta(minutes=minutes))
    assert here.minutes_late == max(0, minutes + 15)
    assert here.is_late == (minutes > 0)


def test_keys_come_back_before_anybody_leaves(cast, book, monkeypatch):
    """HND-09: a register of keys is asked before a book is given and before clocking out."""
    here = Attendance.objects.clock_in(by=cast.as_("ming"))
    monkeypatch.setattr(
        leaving, "REGISTERS", [lambda estate, person: ["3-1-501 钥匙"] if person == cast.ming.pk else []]
    )
    with pytest.raises(Refused, match="3-1-501 钥匙"):
        here.clock_out(by=cast.as_("ming"))
    with pytest.raises(Refused, match="钥匙"):
        book.give(by=cast.as_("ming"))
    monkeypatch.setattr(leaving, "REGISTERS", [])
    with pytest.raises(Refused):
        here.clock_out(by=cast.as_("fang"))
    here.clock_out(by=cast.as_("ming"), at=shanghai(19))
    assert here.left_early


# -- the book ---------------------------------------------------------------------------------------------------------


def test_a_book_is_signed_by_two_and_reviewed_by_a_third(cast, book):
    """HND-01, HND-09, HND-11: giver, successor, supervisor: three people, each once; nothing changes after the first."""
    with pytest.raises(Refused):
        book.take(by=cast.as_("fang"))  # not given yet
    book.give(by=cast.as_("ming"))
    with pytest.raises(Refused):
        book.write(by=cast.as_("ming"), matters="改一改")
    with pytest.raises(Refused):
        book.take(by=cast.as_("ming"))
    book.take(by=cast.as_("zhao"))
    with pytest.raises(Refused):
        book.look_over("", by=cast.as_("zhao"))  # took it
    with pytest.raises(NotAllowed):
        book.look_over("", by=cast.as_("fang"))
    book.look_over("清楚", by=cast.as_("qian"))
    assert (book.taken_by, book.reviewed_by, book.state) == (cast.zhao, cast.qian, "reviewed")
    assert Event.objects.get(action=Action.BOOK_REVIEWED).sentence == "钱经理审核李明的交接班本：清楚"


def test_who_reviewed_a_book_does_not_take_it_as_well(cast, book):
    """HND-11, HND-15: three people sign, in whichever order the last two come."""
    book.give(by=cast.as_("ming"))
    book.look_over("", by=cast.as_("zhao"))
    with pytest.raises(Refused):
        book.take(by=cast.as_("zhao"))
    book.take(by=cast.as_("fang"))
    assert (book.taken_by, book.reviewed_by) == (cast.fang, cast.zhao)


def test_nothing_is_signed_unchecked(cast, book):
    """HND-06, HND-10: every check, and what guests need and prefer; “none” is an answer, empty is not."""
    book.write(by=cast.as_("ming"), guests="无", checks=["keys"])
    with pytest.raises(Refused):
        book.give(by=cast.as_("ming"))
    book.write(by=cast.as_("ming"), guests=" ", checks=list(CHECKS))
    with pytest.raises(Refused):
        book.give(by=cast.as_("ming"))
    with pytest.raises(Refused):
        book.write(by=cast.as_("fang"), guests="无")


def test_one_book_a_shift(cast, book):
    """HND-06."""
    assert ShiftBook.objects.begin(by=cast.as_("ming")) == book
    assert ShiftBook.objects.count() == 1


def test_open_items_are_carried_until_done(cast, book):
    """HND-08, HND-13, HND-14: a reason when carried; later a result with handler and date; then no more."""
    item = LedgerItem.objects.enter(book, "送快递到 501", by=cast.as_("ming"), unit=cast.home, who="梅女士")
    done = LedgerItem.objects.enter(book, "换楼道灯", by=cast.as_("ming"))
    done.finish("已换", by=cast.as_("ming"))
    with pytest.raises(Refused):
        book.give(by=cast.as_("ming"))
    item.follow("住户不在家，明早再送", by=cast.as_("ming"))
    book.give(by=cast.as_("ming"))
    item.refresh_from_db()
    done.refresh_from_db()
    assert item.carried_at and not done.carried_at
    assert list(LedgerItem.objects.open()) == [item]
    with pytest.raises(Refused):
        item.finish(" ", by=cast.as_("fang"))
    item.finish("已送到", by=cast.as_("fang"), at=TUESDAY + 24 * HOUR)
    assert (item.handler, item.result, item.done_at) == (cast.fang, "已送到", TUESDAY + 24 * HOUR)
    with pytest.raises(Refused):
        item.follow("又想起来", by=cast.as_("fang"))
    with pytest.raises(Refused):
        LedgerItem.objects.enter(book, "补一条", by=cast.as_("ming"))


def test_only_reviewed_books_are_filed(cast, book):
    """HND-16: at the month's end; the rest is counted."""
    roster(cast, "fang", "day")
    other = ShiftBook.objects.begin(by=cast.as_("fang"))
    book.give(by=cast.as_("ming"))
    book.look_over("", by=cast.as_("zhao"))
    with pytest.raises(NotAllowed):
        ShiftBook.objects.file_month(TODAY.replace(day=1), by=cast.as_("ming"))
    assert ShiftBook.objects.file_month(TODAY.replace(day=1), by=cast.as_("qian")) == (1, 1)
    assert ShiftBook.objects.file_month(TODAY.replace(day=1), by=cast.as_("qian")) == (0, 1)
    book.refresh_from_db()
    other.refresh_from_db()
    assert (book.state, other.state) == ("filed", "open")


# -- pages ------------------------------------------------------------------------------------------------------------


def test_a_whole_shift_on_the_pages(client, cast, settings, tmp_path):
    """HND-01..16 on the phone: in, an item, the book, two signatures, review, filing, the workbook."""
    settings.MEDIA_ROOT = tmp_path

    def say(name, *args, **data):
        return client.post(reverse(f"staffing:{name}", args=["sunny", *args]), data)

    page = reverse("staffing:shift", args=["sunny"])
    roster(cast, "ming", "day")
    client.force_login(cast.ming)
    assert "上班打卡" in client.get(page).content.decode()
    say("attendance", mark=mark_of(cast.lift))
    assert Attendance.objects.get().proof == "code"
    say("items", room="3-1-501", who="=梅女士", words="代收快递")
    item = LedgerItem.objects.get()
    assert item.unit == cast.home
    say("item", item.pk, words="明早送")
    said = {"matters": "停水", "guests": "无", "checks": list(CHECKS)}
    pad = drawn(random.Random(1))
    say("writing", **said, give="1", signature=pad)
    book = ShiftBook.objects.get()
    assert book.given_at
    client.force_login(cast.fang)
    assert "停水" in client.get(page).content.decode()
    say("taking", book.pk, signature=pad)
    say("item", item.pk, words="送到了", done="1")
    assert say("book_review", book.pk).status_code == 404
    client.force_login(cast.zhao)
    say("book_review", book.pk, words="好", signature=pad)
    say("filing", month="2026-03")
    book.refresh_from_db()
    item.refresh_from_db()
    assert (book.state, item.handler) == ("filed", cast.fang)
    for name, args in (("book", [book.pk]), ("archive", [])):
        assert client.get(reverse(f"staffing:{name}", args=["sunny", *args])).status_code == 200
    answer = client.get(reverse("staffing:archive", args=["sunny"]), {"month": "2026-03", "xlsx": "1"})
    sheets = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    assert sheets.sheet_names == ["交接班本", "工作台账", "考勤"]
    assert sheets.get_sheet_by_name("工作台账").to_python()[1][2] == "=梅女士"  # words, never a formula


def test_attendance_of_others_is_the_rosters_business(client, cast):
    """STF-18: everybody sees their own; who keeps the roster sees all."""
    for who in ("ming", "fang"):
        roster(cast, who, "day")
        Attendance.objects.clock_in(by=cast.as_(who))
    address = reverse("staffing:archive", args=["sunny"])
    with clock.at(TUESDAY):
        client.force_login(cast.ming)
        assert (
            client.get(address).context["present"][0].person == cast.ming
            and len(client.get(address).context["present"]) == 1
        )
        client.force_login(cast.zhao)
        assert len(client.get(address).context["present"]) == 2


def test_signatures_are_drawn_and_stand_on_the_print(cast, book, client, settings, tmp_path):
    """HND-01, HND-09, HND-11, HND-15: the page takes no signature that was not drawn; each is kept once, for colleagues only."""
    settings.MEDIA_ROOT = tmp_path
    pad = drawn(random.Random(1))
    client.force_login(cast.ming)
    said = {"guests": "无", "checks": list(CHECKS), "give": "1"}
    client.post("/e/sunny/staff/shift/book/", said)
    book.refresh_from_db()
    assert book.given_at is None and book.guests == "无"  # what was written stays
    client.post("/e/sunny/staff/shift/book/", {**said, "signature": pad})
    client.force_login(cast.fang)
    for signature in ("", "data:image/png;base64,AAAA", pad):
        client.post(f"/e/sunny/staff/shift/books/{book.pk}/taking/", {"signature": signature})
        book.refresh_from_db()
        assert bool(book.taken_at) == (signature == pad)
    client.force_login(cast.zhao)
    client.post(f"/e/sunny/staff/shift/books/{book.pk}/review/", {"words": "清楚", "signature": pad})
    assert {(row.part, row.person) for row in Drawing.objects.all()} == {
        ("given", cast.ming), ("taken", cast.fang), ("reviewed", cast.zhao),
    }  # fmt: skip
    page = client.get(f"/e/sunny/staff/shift/books/{book.pk}/").content.decode()
    for part in ("given", "taken", "reviewed"):
        there = f"/e/sunny/staff/shift/books/{book.pk}/signatures/{part}/"
        assert there in page and client.get(there)["Content-Type"] == "image/png"
    client.force_login(cast.mei)
    assert client.get(there).status_code == 404
