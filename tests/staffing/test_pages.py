"""The pages of responsibility: who answered, zones, posts, leave, service cards (issue 4, line 1)."""

from io import BytesIO

from django.urls import reverse
from python_calamine import CalamineWorkbook

from guanjia.estates.zoning import draw_zone
from guanjia.people.models import Post
from guanjia.staffing.models import Leave
from tests.cast import TUESDAY


def get(client, name, *args, **query):
    return client.get(reverse(f"staffing:{name}", args=["sunny", *args]), query)


def test_the_page_answers_in_any_spelling_for_every_role(client, cast):
    """Issue 4: “who answered for 3-1-501 on 12 March” on one page, for every role."""
    draw_zone(cast.sunny, "W", "西区", units=[cast.home], by=None, at=TUESDAY)
    client.force_login(cast.zhou)
    for words in ("3-1-501", "3栋1单元501", "3#1-501"):
        assert "王芳" in get(client, "whose", q=words, on="2026-03-12").content.decode()
    before = get(client, "whose", q="3-1-501", on="2026-03-09").content.decode()
    for name in ("李明", "周工", "赵主管", "钱经理", "郑保安"):
        assert name in before
    assert get(client, "whose", q="9-9-999").status_code == 404


def test_zones_are_drawn_and_posts_filled_on_pages(client, cast):
    client.force_login(cast.qian)
    answer = client.post(
        reverse("staffing:redraw", args=["sunny", cast.west.pk]),
        {"code": "W", "name": "西区", "buildings": [cast.b5.pk], "rooms": "3栋1单元501"},
    )
    assert answer.status_code == 302
    cast.home.refresh_from_db()
    assert cast.home.zone == cast.west
    wrong = client.post(reverse("staffing:draw", args=["sunny"]), {"code": "N", "name": "北区", "rooms": "9-9-999"})
    assert wrong.status_code == 422 and "9-9-999" in wrong.content.decode()
    said = {"person": cast.he.pk, "role": "assistant_steward", "zone": cast.east.pk, "since": "2026-03-10"}
    assert client.post(reverse("staffing:posts", args=["sunny"]), said).status_code == 302
    made = Post.objects.get(role="assistant_steward")
    assert (
        client.post(reverse("staffing:succession", args=["sunny", made.pk]), {"person": cast.jing.pk}).status_code
        == 302
    )
    for name, args in (("zones", ()), ("zone", (cast.east.pk,)), ("posts", ()), ("organisation", ()), ("leave", ())):
        assert get(client, name, *args).status_code == 200
    client.force_login(cast.ming)
    assert get(client, "posts").status_code == 404


def test_leave_by_page(client, cast):
    client.force_login(cast.ming)
    said = {"kind": "annual", "first": "2026-03-12", "last": "2026-03-13", "cover": cast.fang.pk, "why": "回家"}
    assert client.post(reverse("staffing:leave", args=["sunny"]), said).status_code == 302
    row = Leave.objects.get()
    verdict = reverse("staffing:leave_verdict", args=["sunny", row.pk])
    assert client.post(verdict, {"granted": "yes"}).status_code == 404
    client.force_login(cast.zhao)
    assert "李明" in get(client, "leave").content.decode()
    assert client.post(verdict, {"granted": "yes"}).status_code == 302
    row.refresh_from_db()
    assert row.granted and row.absence.cover == cast.fang


def test_a_service_card_a_home(client, cast):
    """Issue 4: each household's steward with a number, printable, with a code that reports from this home."""
    cast.ming.phone = "+8619900012345"
    cast.ming.save()
    client.force_login(cast.he)
    text = get(client, "cards", building=cast.b3.pk).content.decode()
    assert text.count("<svg") >= 2 and "199 0001 2345" in text and "3-1-502" in text


def test_the_list_of_responsibility_as_a_workbook(client, cast):
    """Issue 4, line 9: every home with its zone and steward."""
    client.force_login(cast.ming)
    answer = get(client, "zones", xlsx="1")
    sheet = (
        CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
        .get_sheet_by_name("责任清单")
        .to_python()
    )
    assert [row[:3] for row in sheet[1:]] == [
        ["3-1-501", "东区", "李明"],
        ["3-1-502", "东区", "李明"],
        ["5-1-101", "西区", "王芳"],
    ]


def test_a_new_zone_never_takes_over_an_old_ones_code(client, cast):
    """EST-01: a zone made under a code that is taken would strip the other of its homes."""
    client.force_login(cast.qian)
    answer = client.post(reverse("staffing:draw", args=["sunny"]), {"code": " W", "name": "新区", "buildings": [cast.b3.pk]})
    cast.west.refresh_from_db()
    cast.home_west.refresh_from_db()
    assert (answer.status_code, cast.west.name, cast.home_west.zone) == (422, "西区", cast.west)


def test_leave_to_the_end_of_time_is_refused(client, cast):
    """STF-17: the day after the last day has to be a day."""
    client.force_login(cast.ming)
    for first, last in (("2026-03-12", "9999-12-31"), ("0001-01-01", "2026-03-12")):
        said = {"kind": "annual", "first": first, "last": last}
        assert client.post(reverse("staffing:leave", args=["sunny"]), said).status_code == 422
