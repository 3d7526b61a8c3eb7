"""Words and marks for templates."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from guanjia import clock
from guanjia.web import times
from guanjia.web.templatetags import house

SHANGHAI = ZoneInfo("Asia/Shanghai")
NAMED = re.compile(r"""\{% icon ["']([\w-]+)["']|\s(?:icon|after)="([\w-]+)\"""")
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)  # 09:00 at the estate


@pytest.mark.parametrize(
    ("minutes", "words", "tone"),
    [
        (-25, "已超时 25 分", "bad"), (-60 * 26, "已超时 1 天 2 小时", "bad"), (12, "剩 12 分", "soon"), (72, "剩 1 小时 12 分", "mute"),
        (300, "今天 14:00", "mute"), (60 * 24 + 30, "明天 09:30", "mute"), (60 * 24 * 2 + 300, "11-24 14:00", "mute"), (120, "剩 2 小时", "mute"),
    ],
)  # fmt: skip
def test_a_deadline_says_how_long(minutes, words, tone):
    at = NOW + timedelta(minutes=minutes)
    assert times.due_words(at, NOW, SHANGHAI) == words
    assert times.due_tone(at, NOW) == tone


def test_a_done_deadline_no_longer_counts():
    assert times.due_words(NOW, NOW, SHANGHAI, done=NOW - timedelta(minutes=1)) == "按时完成"
    assert times.due_words(NOW, NOW, SHANGHAI, done=NOW + timedelta(minutes=6)) == "超时 6 分 完成"


def test_a_deadline_tag_carries_the_exact_instant():
    with clock.at(NOW):
        html = Template("{% load house %}{% due_time at %}").render(Context({"at": NOW + timedelta(hours=5)}))
    assert 'title="2026-11-22 14:00:00"' in html
    assert "data-due" in html


def test_when_is_near_or_dated():
    assert times.when_words(NOW - timedelta(minutes=6), NOW, SHANGHAI) == "6 分钟前"
    assert times.when_words(NOW - timedelta(hours=11, minutes=20), NOW, SHANGHAI) == "昨天 21:40"
    assert times.when_words(date(2026, 11, 20), NOW, SHANGHAI) == "11-20"


@pytest.mark.parametrize(
    ("value", "said"), [("1286400", "1,286,400.00"), ("-862.4", "−862.40"), (None, "—"), ("", "—")]
)
def test_money_lines_up(value, said):
    assert house.money(value) == said


@pytest.mark.parametrize(
    ("phone", "said"),
    [
        ("13800138000", "138****8000"),
        ("+86 138 0013 8000", "138****8000"),
        ("02161234567", "021****4567"),
        ("61234567", "****4567"),
        ("", ""),
    ],
)
def test_phones_are_masked(phone, said):
    assert house.mask_phone(phone) == said


def test_a_surname_may_have_two_signs():
    assert [house.surname(name) for name in ("赵建华", "欧阳敏", "", None)] == ["赵", "欧阳", "", ""]


def test_query_changes_and_removes():
    context = Context({"request": RequestFactory().get("/", {"state": "open", "after": "9", "q": "漏 水"})})
    assert house.query(context, after=None, page=2) == "state=open&q=%E6%BC%8F+%E6%B0%B4&page=2"


def test_the_thumb_reaches_five():
    nav = [{"key": n} for n in range(7)]
    assert [len(part) for part in house.thumb_bar(nav).values()] == [4, 3]
    assert [len(part) for part in house.thumb_bar(nav[:5]).values()] == [5, 0]


@pytest.mark.django_db
def test_the_menu_names_each_group_though_its_first_lies_under_the_thumb(client, cast):
    client.force_login(cast.qian)
    page = client.get("/e/sunny/today/").content.decode()
    menu = page[page.index('class="bottom"') :]
    menu = menu[menu.index("<details") : menu.index("</details>")]
    said = re.findall(r'<p class="head">(.+?)</p>|<span>(.+?)</span>', menu)
    under, head = {}, ""
    for group, label in said:
        head = group or head
        under[label] = head
    assert (under["报告与会议"], under["交接班"], under["我的账号"]) == ("制度", "住户与人员", "我")


def test_preferences_are_kept_and_lead_home(client):
    answer = client.post(
        "/preferences/", {"theme": "dark", "type": "huge", "language": "en", "next": "https://evil.example/"}
    )
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert answer.cookies["theme"].value == "dark"
    assert answer.cookies["django_language"].value == "en"
    assert "type" not in answer.cookies


def test_looks_from_cookies_are_ours_only(client, settings):
    settings.DEMO = True
    client.cookies.load({"theme": '"><script>', "type": "large"})
    page = client.get("/styleguide/").content.decode()
    assert '<html lang="zh-hans" data-type="large">' in page


def test_the_styleguide_is_closed_to_strangers(client, settings):
    settings.DEMO = settings.DEBUG = False
    client.raise_request_exception = False
    assert client.get("/styleguide/").status_code == 404


def test_every_part_compiles_and_leaves_no_tag_behind(client, settings):
    settings.DEMO = True
    assert "<c-" not in client.get("/styleguide/").content.decode()


def test_every_icon_named_is_in_the_sprite():
    """A picture that is not in assets/icons.txt would be a hole in the page."""
    root = Path(house.__file__).parents[2]
    lines = (root / "web" / "assets" / "icons.txt").read_text().splitlines()
    known = {line.partition("#")[0].strip() for line in lines}
    named = set()
    for page in root.glob("**/templates/**/*.html"):
        text = page.read_text()
        named |= {name for match in NAMED.findall(text) for name in match if name}
    assert named - known == set()
