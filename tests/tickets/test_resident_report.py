"""Reporting from the phone (REQ-02, REQ-08): what is kept, what is refused, and that nothing is filed twice."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from guanjia import clock
from guanjia.estates.models import Place
from guanjia.tenancy.scope import estate_scope
from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY

REPORT = "/e/sunny/report/"


@pytest.fixture
def mei(cast, client, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(cast.mei)
    return client


def form(cast, **more):
    return {"kind": "repair", "words": "厨房漏水", "spot": str(cast.home.pk), "client_key": str(uuid.uuid4())} | more


def photo(name="a.jpg", exif=None):
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(buffer, "JPEG", **({"exif": exif} if exif else {}))
    buffer.name = name
    buffer.seek(0)
    return buffer


def test_the_form_knows_the_homes_and_keeps_a_key(cast, mei):
    page = mei.get(REPORT + "?kind=complaint").content.decode()
    assert "3栋1单元 501" in page and 'name="client_key"' in page and "孩子上网课时请不要有噪音" in page
    assert 'value="complaint" checked' in page and "5栋" not in page


def test_a_report_keeps_all_that_was_said(cast, mei):
    """REQ-08: wished time as instants of the estate's zone, and the special wishes."""
    exif = Image.Exif()
    exif[0x010F] = "SpyCam"
    sent = form(cast, wished_on="2026-03-11", slot="afternoon", wishes="孩子上网课时请不要有噪音", photos=[photo(exif=exif), photo("b.jpg")])
    answer = mei.post(REPORT, sent)
    ticket = Ticket.objects.get()
    assert answer.url == f"/e/sunny/mine/{ticket.number}/"
    assert (ticket.unit, ticket.household, ticket.reporter, ticket.channel) == (cast.home, cast.meis, cast.mei, "online")
    assert ticket.wished_from == datetime(2026, 3, 11, 6, 0, tzinfo=UTC) and ticket.wished_until == datetime(2026, 3, 11, 10, 0, tzinfo=UTC)
    assert ticket.wishes == "孩子上网课时请不要有噪音" and ticket.steward == cast.ming
    assert [Image.open(row.image).getexif().get(0x010F) for row in ticket.photos.all()] == [None, None]


def test_a_public_place_or_words_for_it(cast, mei):
    assert mei.post(REPORT, form(cast, spot="public")).status_code == 422
    mei.post(REPORT, form(cast, words="停运", spot="public", place=cast.lift.pk))
    mei.post(REPORT, form(cast, words="滑梯坏了", spot="public", where="3栋东侧滑梯"))
    assert {(row.place, row.where, row.unit) for row in Ticket.objects.all()} == {(cast.lift, "", None), (None, "3栋东侧滑梯", None)}
    assert "3栋1单元电梯" in mei.get(REPORT + "?places&where=电梯").content.decode()


def test_sent_twice_is_one_ticket(cast, mei):
    sent = form(cast)
    first = mei.post(REPORT, sent | {"photos": [photo()]})
    second = mei.post(REPORT, sent | {"photos": [photo()]})
    assert first.url == second.url
    assert Ticket.objects.get().photos.count() == 1


def test_the_key_of_another_household_opens_nothing(cast, mei):
    key = str(uuid.uuid4())
    theirs = Ticket.objects.report(by=cast.as_("lu"), estate=cast.sunny, kind="repair", words="我家的事", unit=cast.home_west, client_key=key)
    assert mei.post(REPORT, form(cast, client_key=key, photos=[photo()])).status_code == 404
    assert Ticket.objects.count() == 1 and not theirs.photos.exists()


def test_strange_answers_are_said_beside_the_field_and_words_stay(cast, mei):
    with estate_scope(cast.lake):
        foreign = Place.objects.create(estate=cast.lake, code="x", name="湖边")
    wrong = [
        {"spot": str(cast.home_west.pk)}, {"spot": "public", "place": str(foreign.pk)}, {"spot": "public", "place": "9" * 30},
        {"kind": "gossip"}, {"wished_on": "2025-01-01"}, {"wished_on": "2026-03-10", "slot": "morning", "wishes": "x" * 301},
        {"slot": "evening"}, {"client_key": "1"}, {"words": "长" * 2001}, {"kind": "repair", "anonymous": "on"},
    ]  # fmt: skip
    for more in wrong:
        answer = mei.post(REPORT, form(cast, **({"words": "别丢了这些字"} | more)))
        assert answer.status_code == 422, more
        assert "words" in more or "别丢了这些字" in answer.content.decode()
    assert not Ticket.objects.exists()


def test_two_thousand_characters_with_lines_are_taken(cast, mei):
    """A browser counts a line's end once and sends two characters."""
    assert mei.post(REPORT, form(cast, words="字" * 1000 + "\r\n" + "字" * 999)).status_code == 302
    assert mei.post(REPORT, form(cast, words="\x00")).status_code == 400


def test_past_slots_of_today_are_refused(cast, mei):
    """At ten the morning still goes on; at two in the afternoon it is over."""
    sent = form(cast, wished_on="2026-03-10", slot="morning")
    with clock.at(TUESDAY + timedelta(hours=4)):
        answer = mei.post(REPORT, sent)
    assert answer.status_code == 422 and "这个时段已经过去" in answer.content.decode()
    assert mei.post(REPORT, sent).status_code == 302


def test_spam_is_refused_kindly(cast, mei):
    """Twice the same words, then no more; nothing typed is lost."""
    for _ in range(2):
        mei.post(REPORT, form(cast))
    answer = mei.post(REPORT, form(cast))
    page = answer.content.decode()
    assert answer.status_code == 409 and "这件事已经在处理" in page and "厨房漏水" in page and "028-8000 0000" in page
    for n in range(18):
        mei.post(REPORT, form(cast, words=f"另一件事 {n}"))
    answer = mei.post(REPORT, form(cast, words="第二十一件"))
    assert answer.status_code == 409 and "今天报得不少了" in answer.content.decode()
    assert Ticket.objects.count() == 20


def test_a_bad_photo_files_nothing(cast, mei):
    fake = io.BytesIO(b"%PDF-1.7")
    fake.name = "bill.pdf"
    answer = mei.post(REPORT, form(cast, photos=[photo(), fake]))
    assert answer.status_code == 422 and "bill.pdf" in answer.content.decode()
    assert mei.post(REPORT, form(cast, photos=[photo(f"{n}.jpg") for n in range(10)])).status_code == 422
    assert not Ticket.objects.exists()


def test_urgent_words_show_the_hotline(cast, mei):
    """REQ-05: a leak or a power failure is better called in."""
    for words, shown in [("厨房水管爆管了", True), ("楼道停电", True), ("想问物业费", False), ("", False)]:
        page = mei.post(REPORT + "?hint", {"words": words}).content.decode()
        assert ("tel:028-8000 0000" in page) is shown
