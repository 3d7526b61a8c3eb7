"""The resident's phone: who sees what, what waits, and what can be done (REQ-09, REQ-11, REQ-12, REQ-21, REQ-42)."""

from __future__ import annotations

import base64
import io
from datetime import timedelta

import pytest
from PIL import Image

from guanjia import clock
from guanjia.tickets.models import Rating, Ticket
from tests.cast import TUESDAY

NOUNS = ["urge", "addition", "cancellation", "rating", "reopening", "signature"]


@pytest.fixture
def ticket(cast, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return filed(cast, "厨房漏水")


def filed(cast, words, who="mei", **more):
    more = {"kind": "repair", "unit": cast.home, "household_id": cast.meis.pk} | more
    return Ticket.objects.report(by=cast.as_(who), estate=cast.sunny, words=words, **more)


def done(cast, ticket):
    ticket.classify(by=cast.as_("ming"), klass="routine", category="leak")
    ticket.complete("换了软管", by=cast.as_("ming"))


def here(ticket, noun=""):
    return f"/e/sunny/mine/{ticket.number}/" + (f"{noun}/" if noun else "")


def test_a_stranger_is_asked_to_sign_in(client, ticket):
    for path in ["/e/sunny/home/", "/e/sunny/report/", "/e/sunny/mine/", here(ticket), here(ticket, "urge")]:
        answer = client.get(path)
        assert answer.status_code == 302 and "sign-in" in answer.url, path


@pytest.mark.parametrize("who", ["lu", "ming", "stranger"])
def test_others_find_nothing(cast, client, ticket, who):
    """Another household, staff, and another estate's person: 404 for page and verbs, nothing changed."""
    client.force_login(getattr(cast, who))
    assert client.get(here(ticket)).status_code == 404
    for noun in NOUNS:
        assert client.post(here(ticket, noun), {"why": "x", "reason": "solved"}).status_code == 404
    ticket.refresh_from_db()
    assert (ticket.stage, ticket.urged) == ("received", 0)


def test_another_estate_does_not_exist(cast, client, ticket):
    client.force_login(cast.mei)
    for path in ["home/", "report/", "mine/", f"mine/{ticket.number}/"]:
        assert client.get(f"/e/lake/{path}").status_code == 404


def test_home_says_who_answers_and_where_it_stands(cast, client, ticket):
    client.force_login(cast.mei)
    page = client.get("/e/sunny/home/").content.decode()
    for words in ["阳光花园 3栋1单元 501", "梅女士，早上好", "李明", "您的管家", "028-8000 0000", "厨房漏水", "等管家分类", "10 分钟内完成分类"]:
        assert words in page, words


def test_incidents_are_told_to_their_building_only(cast, client, ticket):
    ticket.open_incident("3栋停水", by=cast.as_("jing")).tell("下午六点恢复", by=cast.as_("jing"))
    for who, told in [("mei", True), ("lu", False)]:
        client.force_login(getattr(cast, who))
        assert ("下午六点恢复" in client.get("/e/sunny/home/").content.decode()) is told


def test_what_waits_stands_first(cast, client, ticket):
    """REQ-11: done and not rated, then a complaint that is not signed (REQ-21)."""
    done(cast, ticket)
    client.force_login(cast.mr_mei)
    assert "弄好了，满意吗" in client.get("/e/sunny/home/").content.decode()
    client.post(here(ticket, "rating"), {"speed": 5, "result": 4, "attitude": 5, "words": "谢谢"})
    assert "弄好了，满意吗" not in client.get("/e/sunny/home/").content.decode()


def test_three_ratings_once(cast, client, ticket):
    """REQ-42: speed, result, attitude; a second click changes nothing; a missing one is said beside it."""
    done(cast, ticket)
    client.force_login(cast.mei)
    assert client.get(here(ticket, "rating")).content.decode().count('type="radio"') == 15
    missing = client.post(here(ticket, "rating"), {"speed": 5, "words": "还行"})
    assert missing.status_code == 422 and "还行" in missing.content.decode()
    for speed in (5, 1):
        assert client.post(here(ticket, "rating"), {"speed": speed, "result": 4, "attitude": 5}).url == here(ticket)
    assert Rating.objects.get(ticket=ticket).speed == 5


def test_any_member_cancels_with_a_reason(cast, client, ticket):
    client.force_login(cast.mr_mei)
    assert client.post(here(ticket, "cancellation"), {"reason": "other", "words": " "}).status_code == 422
    client.post(here(ticket, "cancellation"), {"reason": "solved", "words": "自己拧紧了"})
    ticket.refresh_from_db()
    assert ticket.stage == "cancelled" and ticket.cancellations.get().why == "已经好了，自己拧紧了"
    assert client.get(here(ticket)).status_code == 200
    assert client.get(here(ticket, "cancellation")).status_code == 302  # no longer offered


def test_urging_twice_is_said_kindly(cast, client, ticket):
    client.force_login(cast.mei)
    client.post(here(ticket, "urge"))
    answer = client.post(here(ticket, "urge"), follow=True)
    assert "刚刚催过了" in answer.content.decode()
    ticket.refresh_from_db()
    assert ticket.urged == 1


def test_reopening_ends_after_seven_days(cast, client, ticket):
    """REQ-12: within seven days; afterwards it is neither offered nor done."""
    done(cast, ticket)
    client.force_login(cast.mei)
    with clock.at(TUESDAY + timedelta(days=8)):
        assert "reopening" not in client.get(here(ticket)).content.decode()
        client.post(here(ticket, "reopening"), {"why": "还漏"})
    ticket.refresh_from_db()
    assert ticket.reopened == 0
    with clock.at(TUESDAY + timedelta(days=6)):
        client.post(here(ticket, "reopening"), {"why": "还漏"})
    ticket.refresh_from_db()
    assert (ticket.reopened, ticket.stage) == (1, "classified")


def picture(format="JPEG", mode="RGB"):
    buffer = io.BytesIO()
    Image.new(mode, (300, 120)).save(buffer, format)
    buffer.name = f"a.{format.lower()}"
    buffer.seek(0)
    return buffer


def test_adding_words_and_photos(cast, client, ticket):
    client.force_login(cast.mei)
    assert client.post(here(ticket, "addition"), {"words": ""}).status_code == 422
    client.post(here(ticket, "addition"), {"words": "阀门在水槽左边", "photos": [picture()]})
    page = client.get(here(ticket)).content.decode()
    assert "您补充：阀门在水槽左边" in page and f"/photos/{ticket.photos.get().pk}/" in page
    client.force_login(cast.lu)
    assert client.get(f"/e/sunny/photos/{ticket.photos.get().pk}/").status_code == 404


def test_a_file_that_is_no_photo_is_named_and_nothing_is_kept(cast, client, ticket):
    client.force_login(cast.mei)
    fake = io.BytesIO(b"MZ not a picture")
    fake.name = "holiday.jpg"
    answer = client.post(here(ticket, "addition"), {"words": "见图", "photos": [fake]})
    assert answer.status_code == 422 and "holiday.jpg" in answer.content.decode()
    assert not ticket.timeline.filter(action="ticket.added").exists()


def test_a_complaint_is_signed_on_the_phone(cast, client, tmp_path, settings):
    """REQ-21: the customer signs; a second signature changes nothing."""
    settings.MEDIA_ROOT = tmp_path
    complaint = filed(cast, "报修没人理", kind="complaint")
    done(cast, complaint)
    client.force_login(cast.mei)
    drawn = "data:image/png;base64," + base64.b64encode(picture("PNG", "RGBA").read()).decode()
    assert client.post(here(complaint, "signature"), {"signer": "梅女士", "signature": ""}).status_code == 422
    for _ in range(2):
        client.post(here(complaint, "signature"), {"signer": "梅女士", "signature": drawn})
    assert complaint.signatures.get().signer == "梅女士"


def test_staff_notes_and_private_matters_are_not_told(cast, client, ticket):
    ticket.note("这户经常投诉", by=cast.as_("jing"))
    client.force_login(cast.mei)
    assert "经常投诉" not in client.get(here(ticket)).content.decode()


def test_what_people_write_stays_words(cast, client, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    nasty = filed(cast, "<script>alert()</script>𬎆𠮷㛃{{7|add:7}}", wishes='"><img src=x onerror=alert(1)>')
    client.force_login(cast.mei)
    for path in ["/e/sunny/home/", "/e/sunny/mine/", here(nasty)]:
        page = client.get(path).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page and "𬎆𠮷㛃" in page and "{{7|add:7}}" in page, path
