"""公告: written by one, checked by another, out and over by itself, down from every board the next morning (COM-12..15)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from guanjia import clock
from guanjia.bulletins import rounds
from guanjia.bulletins.models import Bulletin, Hanging, Opening
from guanjia.estates.models import Place, PlaceKind
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.households.models import Member
from guanjia.notices.deliver import fan_out
from guanjia.notices.models import Delivery
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.cast import TUESDAY

pytestmark = pytest.mark.django_db
HERE = "/e/sunny/bulletins"


@pytest.fixture
def boards(cast):
    make = Place.objects.create
    return [
        make(estate=cast.sunny, code="b3", name="3栋公告栏", kind=PlaceKind.BOARD, building=cast.b3),
        make(estate=cast.sunny, code="b5", name="5栋公告栏", kind=PlaceKind.BOARD, building=cast.b5),
        make(estate=cast.sunny, code="gate", name="南门公告栏", kind=PlaceKind.BOARD),
    ]


def outage(cast, **more):
    row = Bulletin.objects.write("outage", "3栋停水", "周三 9 点至 12 点检修。", by=cast.as_("ming"), **more)
    row.send_in(by=cast.as_("ming"))
    return row


def shown_to(cast, name):
    return list(Bulletin.objects.visible_to(cast.as_(name)).values_list("title", flat=True))


def test_it_goes_out_only_when_somebody_else_has_read_it(cast):
    """COM-14: the department supervisor checks notices; nobody checks their own."""
    row = outage(cast)
    assert (row.state, shown_to(cast, "mei")) == ("asked", [])
    for who, why in (("fang", NotAllowed), ("ming", NotAllowed)):
        with pytest.raises(why):
            row.check_it(True, by=cast.as_(who))
    with pytest.raises(Refused, match="原因"):
        row.check_it(False, by=cast.as_("zhao"))
    row.check_it(False, "时间写清楚", by=cast.as_("zhao"))
    row.revise("3栋停水", "3 月 11 日 9:00 至 12:00 检修。", by=cast.as_("ming"), starts_at=TUESDAY, audience={"buildings": [cast.b3.pk]})
    row.send_in(by=cast.as_("ming"))
    row.check_it(True, by=cast.as_("zhao"))
    assert (shown_to(cast, "mei"), shown_to(cast, "lu")) == (["3栋停水"], [])
    with pytest.raises(Refused, match="已发布"):
        row.check_it(True, by=cast.as_("qian"))


def test_a_manager_does_not_check_what_they_wrote_themselves(cast):
    row = Bulletin.objects.write("notice", "通知", "正文", by=cast.as_("qian"))
    row.send_in(by=cast.as_("qian"))
    with pytest.raises(Refused, match="别人"):
        row.check_it(True, by=cast.as_("qian"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Bulletin.objects.filter(estate=cast.sunny, pk=row.pk).update(checker_id=cast.qian.pk)


def test_who_wrote_over_another_s_bulletin_does_not_check_it_either(cast):
    """COM-14: whoever had a hand in the words is no second pair of eyes."""
    row = outage(cast)
    row.revise("3栋停水", "改成周四。", by=cast.as_("zhao"), starts_at=TUESDAY)
    row.send_in(by=cast.as_("zhao"))
    with pytest.raises(Refused, match="别人"):
        row.check_it(True, by=cast.as_("zhao"))
    page = Client(HTTP_HOST="localhost")
    page.force_login(cast.zhao)
    assert "请您审核" not in page.get(f"{HERE}/{row.pk}/").content.decode()
    row.check_it(True, by=cast.as_("qian"))
    assert row.state == "out"


@pytest.mark.parametrize("far", [{"zones": ["lake_zone"]}, {"buildings": [10**9]}, {"buildings": [2**70]}, {"zones": ["east", "lake_zone"]}])
def test_it_is_for_homes_of_its_own_estate_only(cast, far):
    """Another estate's zone is nobody here, and the page would say that it is for everybody."""
    audience = {name: [key if isinstance(key, int) else getattr(cast, key).pk for key in keys] for name, keys in far.items()}
    with pytest.raises(Refused, match="没有这"):
        Bulletin.objects.write("weather", "大风", "关窗。", by=cast.as_("ming"), audience=audience)


def test_a_weather_warning_waits_for_nobody(cast):
    """COM-09: the kind says who has to read it first, not the code."""
    row = Bulletin.objects.write("weather", "今晚大风", "请关好门窗。", by=cast.as_("ming"))
    row.send_in(by=cast.as_("ming"))
    assert row.state == "out"


@pytest.mark.parametrize(
    ("audience", "mei", "lu"),
    [
        ({}, True, True),
        ({"zones": ["east"]}, True, False),
        ({"buildings": ["b5"]}, False, True),
        ({"zones": ["east"], "buildings": ["b5"]}, True, True),
        ({"kinds": ["tenant"]}, False, False),
        ({"kinds": ["owner"], "zones": ["west"]}, False, True),
        ({"tiers": ["core"]}, True, False),
    ],
)
def test_it_is_read_by_whom_it_is_for(cast, audience, mei, lu):
    """COM-12: by zone, building, tier and kind of member; the list of readers and the readers' list agree."""
    cast.meis.tier = "core"
    cast.meis.save(update_fields=["tier"])
    audience = {name: [getattr(cast, key).pk if name in ("zones", "buildings") else key for key in keys] for name, keys in audience.items()}
    row = Bulletin.objects.write("weather", "大风", "关窗。", by=cast.as_("ming"), audience=audience)
    row.send_in(by=cast.as_("ming"))
    fan_out(TUESDAY)
    told = set(Delivery.objects.filter(estate=cast.sunny).values_list("person_id", flat=True))
    assert (bool(shown_to(cast, "mei")), bool(shown_to(cast, "lu"))) == (mei, lu)
    assert ((cast.mei.pk in told), (cast.lu.pk in told)) == (mei, lu)
    assert Bulletin.objects.get(pk=row.pk).reached == mei + lu


def test_who_moved_away_reads_nothing(cast):
    row = Bulletin.objects.write("weather", "大风", "关窗。", by=cast.as_("ming"))
    row.send_in(by=cast.as_("ming"))
    Member.objects.filter(estate=cast.sunny, login=cast.lu).update(left_on=clock.today(cast.sunny))
    assert cast.as_("lu") is None or not shown_to(cast, "lu")


def test_the_house_puts_it_out_and_takes_it_back(cast, boards):
    """COM-13: out at its time, over at its end; run twice, nothing happens twice."""
    row = outage(cast, starts_at=TUESDAY + timedelta(hours=5), ends_at=TUESDAY + timedelta(days=1), audience={"buildings": [cast.b3.pk]})
    row.check_it(True, by=cast.as_("zhao"))
    assert rounds.run_once(TUESDAY + timedelta(hours=4)) == 0 and not shown_to(cast, "mei")
    later = TUESDAY + timedelta(hours=6)
    assert (rounds.run_once(later), rounds.run_once(later)) == (1, 0)
    assert shown_to(cast, "mei") == ["3栋停水"]
    assert set(Hanging.objects.values_list("board__name", flat=True)) == {"3栋公告栏", "南门公告栏"}
    assert (rounds.run_once(TUESDAY + timedelta(days=2)), shown_to(cast, "mei")) == (1, [])
    assert Event.objects.filter(estate=cast.sunny, action__in=(Action.BULLETIN_OUT, Action.BULLETIN_OVER)).count() == 2


def test_a_board_is_cleared_once(cast, boards):
    row = outage(cast)
    row.check_it(True, by=cast.as_("zhao"))
    mine = Hanging.objects.visible_to(cast.as_("fang")).filter(board=boards[1]).get()
    mine.put_up(by=cast.as_("fang"))
    row.withdraw("改期", by=cast.as_("zhao"))
    assert Hanging.objects.at_estate(cast.sunny).due().count() == 3
    mine.take_down(by=cast.as_("fang"))
    with pytest.raises(Refused, match="已经取下"):
        Hanging.objects.get(pk=mine.pk).take_down(by=cast.as_("fang"))
    assert not Hanging.objects.visible_to(cast.as_("fang")).filter(board=boards[0]).exists()


@pytest.mark.parametrize(("title", "words", "hours"), [("", "x", 1), ("x", " ", 1), ("x", "x", 0), ("x", "x", -3), ("x", "x", 24 * 400)])
def test_odd_bulletins_are_refused(cast, title, words, hours):
    with pytest.raises(Refused):
        Bulletin.objects.write("notice", title, words, by=cast.as_("ming"), starts_at=TUESDAY, ends_at=TUESDAY + timedelta(hours=hours))
    assert not Bulletin.objects.exists()


def test_the_pages_from_draft_to_reader(cast, boards):
    """The form keeps what was typed; sent twice it is one; openings are counted once and name nobody."""
    ming, zhao, mei, lu = (Client(HTTP_HOST="localhost") for _ in range(4))
    for client, person in ((ming, cast.ming), (zhao, cast.zhao), (mei, cast.mei), (lu, cast.lu)):
        client.force_login(person)
    typed = {"title": "停水通知", "words": "明天停水。", "starts_on": "2026-03-10", "starts_time": "09:00", "buildings": [cast.b3.pk], "client_key": "k" * 20}
    bad = ming.post(f"{HERE}/new/outage/", typed | {"ends_on": "2026-03-01"})
    assert bad.status_code == 422 and "明天停水。" in bad.content.decode()
    assert ming.post(f"{HERE}/new/outage/", typed | {"starts_on": "0001-01-01"}).status_code == 422
    assert [ming.post(f"{HERE}/new/outage/", typed).status_code for _ in range(2)] == [302, 302]
    row = Bulletin.objects.get()
    assert ming.get(f"{HERE}/{row.pk}/edit/").status_code == 200
    ming.post(f"{HERE}/{row.pk}/sending/")
    assert ming.post(f"{HERE}/{row.pk}/verdict/", {"approved": "yes"}).status_code == 404
    assert "请您审核" in zhao.get(f"{HERE}/{row.pk}/").content.decode()
    zhao.post(f"{HERE}/{row.pk}/verdict/", {"approved": "yes"})
    assert "停水通知" in mei.get("/e/sunny/home/").content.decode() and "停水通知" not in lu.get("/e/sunny/home/").content.decode()
    assert lu.get(f"{HERE}/mine/{row.pk}/").status_code == 404
    for _ in range(2):
        assert "明天停水。" in mei.get(f"{HERE}/mine/{row.pk}/").content.decode()
    assert Opening.objects.count() == 1 and "看公告" not in mei.get("/e/sunny/home/").content.decode()
    page = zhao.get(f"{HERE}/{row.pk}/").content.decode()
    assert "发给" in page and "梅女士" not in page
    assert "停水通知" in ming.get(f"{HERE}/boards/").content.decode()
    hanging = Hanging.objects.get(board=boards[0])
    ming.post(f"{HERE}/boards/{hanging.pk}/hanging/")
    zhao.post(f"{HERE}/{row.pk}/withdrawal/", {"why": "改期"})
    assert "该取下了" in ming.get(f"{HERE}/boards/").content.decode()
    ming.post(f"{HERE}/boards/{hanging.pk}/removal/")
    hanging.refresh_from_db()
    assert hanging.removed_by_id == cast.ming.pk and mei.get(f"{HERE}/mine/{row.pk}/").status_code == 404
    assert "停水通知" in ming.get(f"{HERE}/?show=over").content.decode()


def test_nothing_goes_out_with_a_gap_left(cast, client):
    """COM-09, COM-15: templates of outages and weather have gaps; the form asks for each, the verb lets none through."""
    row = Bulletin.objects.write("outage", "停水通知：【范围】", "因【原因】停水。", by=cast.as_("ming"))
    with pytest.raises(Refused) as caught:
        row.send_in(by=cast.as_("ming"))
    assert caught.value.code == "gaps_left" and "范围、原因" in str(caught.value)
    client.force_login(cast.ming)
    typed = {"starts_on": "2026-03-10", "starts_time": "09:00", "ends_on": "2026-03-12", "send": "1", "client_key": "k1"}
    said = typed | {"gap_0": "橙色", "gap_1": "今晚 8 点到明早", "gap_2": "028-8000 0000"}
    there = f"{HERE}/new/weather/?template=rainstorm"
    assert client.post(there, typed | {"gap_0": "橙色"}).status_code == 422
    assert client.post(there, said | {"gap_0": "紫色"}).status_code == 422
    assert [client.post(there, said).status_code for _ in range(2)] == [302, 302]
    sent = Bulletin.objects.get(kind="weather")
    assert sent.state == "out" and sent.title == "暴雨橙色预警" and "【" not in sent.words
    assert "停水通知" in client.get(f"{HERE}/new/outage/").content.decode()
    assert client.get(f"{HERE}/new/outage/?template=rainstorm").status_code == 200


def test_brackets_that_are_no_gap_may_go_out(cast):
    """COM-15: 【重要】 is a heading; only what a template asks for is a gap."""
    row = Bulletin.objects.write("weather", "【重要】今晚大风", "请收好阳台的花盆。", by=cast.as_("ming"))
    row.send_in(by=cast.as_("ming"))
    assert row.state == "out"


def test_what_is_refused_on_its_way_out_is_mended_in_the_same_form(cast, client):
    """COM-15: sent at once with a gap left nothing is kept; with the gap filled it goes out as it was typed last."""
    client.force_login(cast.ming)
    typed = {"title": "暴雨", "words": "【时间】有暴雨。", "starts_on": "2026-03-10", "starts_time": "09:00", "ends_on": "2026-03-12", "send": "1", "client_key": "k9"}
    there = f"{HERE}/new/weather/"
    assert client.post(there, typed).status_code == 422 and not Bulletin.objects.exists()
    assert client.post(there, typed | {"words": "今晚有暴雨。"}).status_code == 302
    assert (Bulletin.objects.get().state, Bulletin.objects.get().words) == ("out", "今晚有暴雨。")


def test_every_template_has_its_gaps_filled_by_its_form():
    """COM-15: the words of a template without gaps are the words that go out."""
    from guanjia.bulletins.book import bulletins_book, filled, gaps_in

    for entry in bulletins_book().templates.values():
        said = dict.fromkeys(entry.gaps, "某")
        assert entry.gaps and not gaps_in(filled(entry.heading + entry.pattern, said))
