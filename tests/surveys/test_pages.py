"""The pages of surveys, walked by those who use them (COM-27 … COM-31, QLT-55, QLT-56), and the API beside them."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from guanjia.events.models import Once
from guanjia.surveys.models import Envelope, Officer, OpenDay, Opinion, Poll, Response
from tests.api.conftest import Caller
from tests.surveys.making import GOOD, homes, mark, published


def at(name, *args):
    return reverse(f"surveys:{name}", args=["sunny", *args])


def test_a_survey_from_draft_to_file(client, cast):
    """Drafted, a question added, changed, moved, previewed, published, answered on the phone, closed, taken as Excel, copied."""
    client.force_login(cast.zhao)
    there = client.post(at("polls"), {"template": "quarter"})["Location"]
    poll = Poll.objects.get()
    assert "季度意见征询" in client.get(there).content.decode()
    wrong = client.post(at("poll_questions", poll.pk), {"title": "哪项", "kind": "single", "choices": "只有一个"})
    assert wrong.status_code == 422 and "哪项" in wrong.content.decode()
    client.post(at("poll_questions", poll.pk), {"title": "哪项", "kind": "multiple", "choices": "灯\n门\n灯", "required": "on"})
    assert dict(Poll.objects.get().asked["q1"].choices) == {"c1": "灯", "c2": "门"}
    client.post(at("poll_questions", poll.pk), {"name": "q1", "title": "哪些", "kind": "multiple", "choices": "窗\n门"})
    assert dict(Poll.objects.get().asked["q1"].choices) == {"c1": "窗", "c2": "门"}  # a choice that reads as before keeps its key
    client.post(at("poll_questions", poll.pk), {"name": "q1", "do": "up"})
    assert list(Poll.objects.get().asked) == ["overall", "about", "q1", "words"]
    client.post(at("poll_questions", poll.pk), {"name": "about", "do": "remove"})
    said = {"title": "三季度意见", "begins_on": "2026-03-10", "ends_on": "2026-03-20", "draw": "census", "zones": [cast.east.pk]}
    assert client.post(at("poll_settings", poll.pk), said).status_code == 302
    assert client.post(at("poll_settings", poll.pk), {**said, "ends_on": "xx"}).status_code == 422
    assert "哪些" in client.get(at("poll_preview", poll.pk)).content.decode()
    client.post(at("publication", poll.pk))
    poll.refresh_from_db()
    assert (poll.title, poll.population) == ("三季度意见", 1)
    client.force_login(cast.mei)
    assert "三季度意见" in client.get(reverse("tickets:home", args=["sunny"])).content.decode()
    page = at("questionnaire", poll.pk)
    lacking = client.post(page, {"words": "别忘了我写的"})
    assert lacking.status_code == 422 and "别忘了我写的" in lacking.content.decode() and "请回答这一题" in lacking.content.decode()
    assert client.post(page, {"overall": "4", "q1": ["c1", "c2"], "words": "好"}).status_code == 302
    assert client.post(page, {"overall": "1"}).status_code == 302  # told, not counted
    assert Response.objects.get().answers == {"overall": 4, "q1": ["c1", "c2"], "words": "好"}
    assert "已经答过" in client.get(page).content.decode()
    client.force_login(cast.lu)
    assert client.get(page).status_code == 404
    client.force_login(cast.zhao)
    client.post(at("poll_closing", poll.pk))
    assert "1 ÷ 1 = 100.0%" in client.get(at("poll", poll.pk)).content.decode()
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(client.get(at("poll_file", poll.pk)).streaming_content)))
    assert book.sheet_names == ["概况", "各题", "各片区"]
    client.post(at("poll_copy", poll.pk))
    assert Poll.objects.count() == 2
    client.post(at("poll_dropping", Poll.objects.latest("pk").pk))
    assert Poll.objects.count() == 1


def test_an_interviewer_works_through_the_list(client, cast):
    poll = published(cast, "half")
    client.force_login(cast.ming)
    page = client.get(at("invitations", poll.pk)).content.decode()
    assert "3-1-501" in page and "5-1-101" not in page  # another zone's
    mine = mark(poll, cast.meis)
    assert client.post(at("interview", mine.pk), {"overall": "4"}).status_code == 422
    said = {"overall": "4", "speed": "4", "solved": "3", "changed": "better", "way": "door"}
    assert client.post(at("interview", mine.pk), said).status_code == 302
    assert client.post(at("interview", mine.pk), said).status_code == 302
    assert client.get(at("interview", mark(poll, cast.lus).pk)).status_code == 404
    client.force_login(cast.fang)
    client.post(at("missing", mark(poll, cast.lus).pk), {"why": "away"})
    assert mark(poll, cast.lus).missed == "away"
    for show in ("answered", "missed", "odd"):
        assert client.get(at("invitations", poll.pk), {"show": show}).status_code == 200


def test_opinions_are_noted_answered_and_read_by_their_giver(client, cast):
    client.force_login(cast.ming)
    assert client.post(at("opinions"), {"words": "长椅", "topic": "facility", "room": "9-9-999"}).status_code == 422
    client.post(at("opinions"), {"words": "长椅", "topic": "facility", "room": "3栋1单元501", "giver": "梅女士"})
    one = Opinion.objects.get()
    assert (one.household, one.zone) == (cast.meis, cast.east)
    client.post(at("settlement", one.pk), {"outcome": "done"})
    client.post(at("sorting", one.pk), {"topic": "green"})
    client.post(at("settlement", one.pk), {"outcome": "done", "reply": "下周放"})
    assert "下周放" in client.get(at("opinions"), {"state": "settled", "topic": "green", "q": "长"}).content.decode()
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(client.get(at("opinions_file"), {"state": "all"}).streaming_content)))
    assert book.get_sheet_by_index(0).to_python()[1][3] == "长椅"
    client.force_login(cast.mei)
    assert "下周放" in client.get(at("mine")).content.decode()
    client.force_login(cast.lu)
    assert "长椅" not in client.get(at("mine")).content.decode()


def test_officers_and_open_days_by_page(client, cast):
    client.force_login(cast.zhao)
    client.post(at("officers"), {"rooms": "3-1-501，9-9-999\n5-1-101"})
    assert Officer.objects.count() == 2
    said = {"title": "开放日", "scenes": ["plant"], "begins_at": "2026-03-14T14:00", "ends_at": "2026-03-14T16:00", "places": "5"}
    assert client.post(at("open_days"), {**said, "scenes": ["cellar"]}).status_code == 422
    assert client.post(at("open_days"), {**said, "ends_at": "2026-03-14T13:00"}).status_code == 409
    assert client.post(at("open_days"), said).status_code == 302
    day, mine = OpenDay.objects.get(), Officer.objects.get(household=cast.meis)
    client.post(at("open_day", day.pk), {"room": "5-1-101"})
    client.force_login(cast.mei)
    client.post(at("my_officer", mine.pk), {"accepted": "yes"})
    client.post(at("my_officer", mine.pk), {"joined": "patrol", "on": "2026-03-10", "words": "很细", "stars": "5"})
    client.post(at("my_open_day", day.pk))
    assert "已报名" in client.get(at("mine")).content.decode()
    client.force_login(cast.lu)
    assert client.post(at("my_officer", mine.pk), {"accepted": "no"}).status_code == 404
    client.force_login(cast.zhao)
    assert "很细" in client.get(at("officers")).content.decode()
    assert day.visitors.count() == 2 and "3-1-501" in client.get(at("open_day", day.pk)).content.decode()


def test_the_board_and_its_rows(client, cast):
    client.force_login(cast.zhao)
    assert "78% 起" in client.get(at("satisfaction"), {"months": "12"}).content.decode()
    for kind, name in (("overall", "answers"), ("speed", "ratings"), ("solved", "calls"), ("overall", "ratings_all")):
        assert client.get(at("rows", kind, name)).status_code == 200
    assert client.get(at("rows", "speed", "calls")).status_code == 404
    client.force_login(cast.zhou)
    assert client.get(at("satisfaction")).status_code == 404


@pytest.mark.django_db
def test_the_api_answers_and_forgets_who(cast):
    """An anonymous answer leaves nothing under its idempotency key; the second one is refused."""
    poll = published(cast)
    mei, zhao = Caller(cast.mei), Caller(cast.zhao)
    listed = mei.get("/polls").json()["items"]
    assert [row["id"] for row in listed] == [poll.pk]
    assert mei.get(f"/polls/{poll.pk}").json()["questions"][0]["name"] == "overall"
    good = {name: int(value) for name, value in GOOD.items()}
    assert mei.post(f"/polls/{poll.pk}/answers", key="k1", answers=good).status_code == 200
    assert not Once.objects.exists() and Envelope.objects.count() == 1
    again = mei.post(f"/polls/{poll.pk}/answers", key="k2", answers=good)
    assert (again.status_code, again.json()["code"]) == (409, "answered")
    assert mei.post(f"/polls/{poll.pk}/answers", answers={"overall": "9"}).status_code == 409
    assert mei.get(f"/polls/{poll.pk}/results").status_code == 403
    told = zhao.get(f"/polls/{poll.pk}/results").json()
    assert (told["asked"], told["answered"], told["lines"][0]["value"]) == (2, 1, None)
    ming = Caller(cast.ming)
    one = ming.post("/opinions", words="充电桩", topic="facility", household=cast.meis.pk).json()
    assert Opinion.objects.get().zone == cast.east
    assert ming.post(f"/opinions/{one['id']}/settlement", outcome="noted", reply="在谈").json()["became"] == "已说明"
    assert [row["reply"] for row in mei.get("/opinions").json()["items"]] == ["在谈"]
    assert {row["key"] for row in zhao.get("/satisfaction").json()} == {"overall", "speed", "solved"}


def test_lists_cost_the_same_however_long(client, cast, django_assert_max_num_queries):
    """taste.md: no query a row."""
    homes(cast, east=12)
    poll = published(cast, "quarter")
    for row in poll.invitations.all():
        row.answer({"overall": "4", "words": "好"}, by=cast.as_("he"), way="phone")
    client.force_login(cast.zhao)
    client.get(at("opinions"))
    for name, args in (("opinions", ()), ("polls", ()), ("poll", (poll.pk,)), ("invitations", (poll.pk,)), ("satisfaction", ())):
        with django_assert_max_num_queries(32):
            assert client.get(at(name, *args)).status_code == 200
