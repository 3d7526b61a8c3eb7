"""Staff pages: 今日, list, export, board, desk, incidents (issue 2.4, 2.7; REQ-02, REQ-37..39; design §7)."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from guanjia import clock
from guanjia.events.models import Event
from guanjia.households.keys import rebuild
from guanjia.tenancy.scope import estate_scope
from guanjia.tickets.lists import ListQuery
from guanjia.tickets.models import HelpRequest, Ticket, WorkOrder
from tests.cast import TUESDAY

MINUTE = timedelta(minutes=1)
HTMX = {"headers": {"HX-Request": "true"}}
FORM = {"client_key": "k1", "channel": "phone", "kind": "repair", "words": "厨房水管漏水", "heard": "on", "asked": "on", "written": "on"}


def signed_in(cast, who):
    client = Client()
    client.force_login(getattr(cast, who), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def page(cast):
    """`page("ming", "today/")` → the answer."""

    def get(who, path, estate="sunny", **more):
        return signed_in(cast, who).get(f"/e/{estate}/{path}", **more)

    return get


def report(cast, words="厨房水管漏水", unit="home", by="he", at=TUESDAY, **more):
    with clock.at(at):
        return Ticket.objects.report(by=cast.as_(by), estate=cast.sunny, words=words, unit=getattr(cast, unit) if unit else None, channel="phone", **more)


def dispatched(cast, worker="zhou", **more):
    ticket = report(cast, **more)
    ticket.classify(by=cast.as_("zhao"), klass="urgent", category="leak")
    return ticket, ticket.dispatch(by=cast.as_("zhao"), worker=getattr(cast, worker), priority="high", wishes="无")


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("path", ["today/", "tickets/", "board/", "desk/", "incidents/"])
def test_pages_open_when_there_is_nothing(page, path):
    """Every list has an empty state."""
    assert page("jing", path).status_code == 200


def test_late_first_and_nobodys_highest(cast, page):
    """REQ-03: what nobody answers for stands above all, then late ones, then by deadline."""
    fresh = report(cast, "西区灯不亮", "home_west")
    late = report(cast, "东区漏水", "home", at=TUESDAY - 30 * MINUTE)
    nobodys = report(cast, "大门坏了", None, where="东门")
    body = text(page("zhao", "today/"))
    places = [body.index(f'id="ticket-{row.pk}-line"') for row in (nobodys, late, fresh)]
    assert places == sorted(places) and "无人负责" in body
    assert f'id="ticket-{late.pk}-line"' in text(page("zhao", "today/?show=late"))
    assert f'id="ticket-{fresh.pk}-line"' not in text(page("zhao", "today/?show=late"))
    assert f'id="ticket-{late.pk}-line"' not in text(page("zhao", "today/?show=unassigned"))


def test_stewards_see_their_zone_only(cast, page):
    """Design §7: others' things do not exist."""
    report(cast, "东区的事", "home", by="jing")
    for path in ("today/", "tickets/", "tickets/?show=all", "board/"):
        assert "东区的事" in text(page("ming", path)) and "东区的事" not in text(page("fang", path)), path


def test_a_repairer_sees_only_own_orders(cast, page):
    """Issue 2.6: one worker's screen shows only theirs, on cards with the next act."""
    _ticket, mine = dispatched(cast, words="给周工的活")
    dispatched(cast, "wu", words="给吴工的活", unit="home_west")
    body = text(page("zhou", "today/"))
    assert "给周工的活" in body and "给吴工的活" not in body and f"/work/{mine.pk}/taking/" in body
    for path in ("tickets/", "tickets/?show=all"):
        assert "给周工的活" in text(page("zhou", path)) and "给吴工的活" not in text(page("zhou", path))
    for path in ("board/", "desk/", "tickets/export/", "incidents/"):
        assert page("zhou", path).status_code == 404, path


def test_other_estates_people_find_nothing(cast, page):
    for path in ("today/", "tickets/", "tickets/export/", "board/", "desk/", "desk/search/?q=501", f"desk/household/{cast.meis.pk}/", "incidents/"):
        assert page("stranger", path).status_code == 404, path


def test_a_steward_looks_up_the_households_of_the_zone(cast, page):
    """The desk finds everybody, a steward the zone's households; telephones are masked."""
    rebuild(cast.sunny)
    assert "梅女士" in text(page("he", "desk/search/?q=501", **HTMX))
    found = text(page("ming", "desk/search/?q=0001", **HTMX))
    assert "梅女士" in found and "199****0001" in found and "19900000001" not in found
    assert "梅女士" not in text(page("fang", "desk/search/?q=501", **HTMX))
    assert page("fang", f"desk/household/{cast.meis.pk}/").status_code == 404


def _queries(client, path):
    client.get(path)
    with CaptureQueriesContext(connection, ) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


@pytest.mark.parametrize("who,path", [
    ("zhao", "today/"), ("ming", "today/"), ("zhou", "today/"), ("zhao", "tickets/"), ("ming", "tickets/?show=all"),
    ("zhao", "board/"), ("zhao", "tickets/?q=漏"), ("he", "desk/?household="), ("jing", "incidents/"),
])  # fmt: skip
def test_queries_do_not_grow(cast, who, path):
    """Bench: the same number of statements with 10 tickets and with 100."""
    if path.endswith("household="):
        path += str(cast.meis.pk)
    client = signed_in(cast, who)

    def fill(n):
        for number in range(n):
            ticket, order = dispatched(cast, words=f"漏水 {number}", household_id=cast.meis.pk)
            if number % 3 == 0:
                order.ask_help("neighbour", "两个人抬", by=cast.as_("zhou"))
            if number % 3 == 1:
                order.refuse("dangerous", "气味异常", by=cast.as_("zhou"))
            if number % 10 == 0:
                ticket.open_incident(f"事件 {number}", by=cast.as_("jing"))
            report(cast, f"漏 {number}", "home_west")

    fill(10)
    few = _queries(client, f"/e/sunny/{path}")
    fill(40)
    assert _queries(client, f"/e/sunny/{path}") == few
    assert few <= 34  # each noun that brings lines of its own to 今日 asks once or twice


def test_keyset_pages_show_every_ticket_once(cast):
    """Forward and back, by deadline (some have none) and by time of report."""
    made = [report(cast, f"第 {n} 件", at=TUESDAY - n * MINUTE).pk for n in range(7)]
    Ticket.objects.at_estate(cast.sunny).filter(pk__in=made[:2]).update(due_at=None)
    for sort, show in (("due", "open"), ("-due", "open"), ("-reported", "all"), ("reported", "all"), ("-reported", "open")):
        seen, get, pages = [], {"show": show, "sort": sort}, []
        while True:
            page = ListQuery(cast.as_("zhao"), get, clock.now()).page(3)
            seen += [row.pk for row in page.rows]
            pages.append([row.pk for row in page.rows])
            if not page.next:
                break
            get = {"show": show, "sort": sort, "after": page.next}
        assert sorted(seen) == sorted(made) and len(pages) == 3, sort
        back = ListQuery(cast.as_("zhao"), {"show": show, "sort": sort, "before": page.previous}, clock.now()).page(3)
        assert [row.pk for row in back.rows] == pages[1] and back.previous and back.next, sort


def test_a_rare_word_is_looked_for_in_a_window(cast, monkeypatch):
    """Bench: a search looks at so many tickets, then offers to go on."""
    monkeypatch.setattr("guanjia.tickets.lists.WINDOW", 3)
    for number in range(8):
        report(cast, "独角兽" if number == 7 else "灯", at=TUESDAY - number * MINUTE)
    get, found, steps = {"q": "独角兽"}, [], 0
    while not found:
        page = ListQuery(cast.as_("zhao"), get, clock.now()).page()
        found, get, steps = page.rows, {"q": "独角兽", "after": page.next}, steps + 1
        assert found or page.searched_to
    assert steps == 3 and found[0].words == "独角兽"


@pytest.mark.parametrize("query", ["after=x", "after=_", "before=2026_1", "zone=x", "zone=99999999999999999999", "period=5", "sort=--due", "show=x&stage=x", "q=%E2%80%8B", "q=260310-", "q=269999", "after=2026-03-10T02:00:00_1"])
def test_nonsense_in_the_address_is_ignored(page, query):
    assert page("zhao", f"tickets/?{query}").status_code == 200


def test_search_by_number_room_and_words(cast, page):
    rebuild(cast.sunny)
    ticket = report(cast, "水管漏", household_id=cast.meis.pk)
    report(cast, "灯不亮", "home_west")
    for words in (ticket.number, ticket.number[:10], ticket.number.replace("-", ""), "3-1-501", "0001", "梅女士", "水管"):
        body = text(page("zhao", f"tickets/?q={words}"))
        assert "水管漏" in body and "灯不亮" not in body, words


def test_export_is_harmless_masked_and_traced(cast, page):
    """Words never become formulas; telephones are masked; who exported is kept (design §7)."""
    report(cast, '=HYPERLINK("http://x","点我")', reporter_name="+1+1", reporter_phone="+8619900000001")
    report(cast, "坏字符\x0b\x1f好")
    answer = page("zhao", "tickets/export/?show=all")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 3 and any('=HYPERLINK("http://x","点我")' in row for row in rows)
    import zipfile

    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "199****0001" in sheet and "19900000001" not in sheet
    assert Event.objects.at_estate(cast.sunny).filter(action="personal.exported", actor_id=cast.zhao.pk).exists()


def test_too_many_rows_are_not_exported(cast, page, monkeypatch):
    monkeypatch.setattr("guanjia.tickets.exporting.LIMIT", 1)
    report(cast)
    report(cast)
    answer = page("zhao", "tickets/export/?show=all", follow=True)
    assert "没有导出" in text(answer)


def _file(cast, who="he", **more):
    data = {**FORM, "household": cast.meis.pk, "unit": cast.home.pk, "member": cast.meis.members.first().pk, **more}
    return signed_in(cast, who).post("/e/sunny/desk/", {key: value for key, value in data.items() if value is not None})


def test_the_desk_files_by_telephone(cast, page):
    """Issue 2.4, REQ-38: with the three checks; the member's name and number go in unseen; the answer is read back."""
    answer = _file(cast, klass="urgent", wishes="轻声", client_key="once")
    ticket = Ticket.objects.at_estate(cast.sunny).get()
    assert answer.status_code == 302 and answer.url.endswith(f"?filed={ticket.number}")
    assert (ticket.reporter_name, ticket.reporter_phone, ticket.household) == ("梅女士", "+8619900000001", cast.meis)
    assert ticket.stage == "classified" and ticket.category == "leak" and ticket.taken_by_id == cast.he.pk
    assert ticket.checklist == {"heard": True, "asked": True, "written": True}
    body = text(page("he", f"desk/?filed={ticket.number}"))
    assert ticket.number in body and "dispatch/" in body and "李明" in body
    assert _file(cast, client_key="once").url == answer.url and Ticket.objects.at_estate(cast.sunny).count() == 1


def test_the_three_checks_are_asked_of_telephone_reports_only(cast):
    """REQ-38; what was typed is kept (422)."""
    answer = _file(cast, written=None)
    assert answer.status_code == 422 and "厨房水管漏水" in text(answer)
    assert _file(cast, written=None, heard=None, channel="letter").status_code == 302


def test_a_report_from_elsewhere_is_taken_and_passed_on(cast):
    """REQ-39: not refused; REQ-37: its taker stays responsible."""
    assert _file(cast, elsewhere="on").status_code == 422
    assert _file(cast, elsewhere="on", pass_to="供电局", household=None, unit=None, member=None).status_code == 302
    ticket = Ticket.objects.at_estate(cast.sunny).get()
    assert ticket.passings.get().to == "供电局" and ticket.taken_by_id == cast.he.pk


def test_one_thing_is_not_filed_twice(cast):
    """Open reports of the same home are shown while typing; words are added, or the new one is merged."""
    known = report(cast, household_id=cast.meis.pk)
    hints = signed_in(cast, "he").post("/e/sunny/desk/search/", {"words": "水管漏水了", "unit": cast.home.pk})
    assert known.number in text(hints) and "漏水渗水" in text(hints)
    _file(cast, add_to=known.number, words="客厅也进水了")
    assert Ticket.objects.at_estate(cast.sunny).count() == 1
    assert Event.objects.about(known).filter(action="ticket.added").exists()
    _file(cast, merge_into=known.number, client_key="k2")
    assert Ticket.objects.at_estate(cast.sunny).get(stage="merged").merged_into_id == known.pk


def test_a_household_is_known_before_typing(cast, page):
    cast.meis.hints, cast.meis.in_arrears = "家有大型犬", True
    cast.meis.save(update_fields=["hints", "in_arrears"])
    report(cast, "灯不亮", household_id=cast.meis.pk)
    body = text(page("he", f"desk/household/{cast.meis.pk}/", **HTMX))
    assert all(words in body for words in ("家有大型犬", "有欠费", "灯不亮", "梅先生", "199****0002")) and "<html" not in body


def test_an_incident_tells_everybody_and_ends(cast, page):
    """One cause, many reports: one notice, one end; a refusal keeps the words (409)."""
    first, second = report(cast), report(cast, "也没水", "home_next")
    row = first.open_incident("3 栋停水", by=cast.as_("jing"))
    second.join(row, by=cast.as_("jing"))
    client = signed_in(cast, "jing")
    assert "3 栋停水" in text(page("jing", "incidents/")) and "也没水" in text(page("jing", f"incidents/{row.pk}/"))
    assert client.post(f"/e/sunny/incidents/{row.pk}/notice/", {"notice-words": ""}).status_code == 422
    assert client.post(f"/e/sunny/incidents/{row.pk}/notice/", {"notice-words": "抢修中"}).status_code == 302
    assert Event.objects.about(second).filter(action="incident.noticed").exists()
    assert client.post(f"/e/sunny/incidents/{row.pk}/closure/", {"closure-words": "已恢复"}).status_code == 302
    assert set(Ticket.objects.at_estate(cast.sunny).values_list("stage", flat=True)) == {"done"}
    again = client.post(f"/e/sunny/incidents/{row.pk}/closure/", {"closure-words": "再结束一次"})
    assert again.status_code == 409
    assert "3 栋停水" in text(page("jing", "incidents/?show=closed")) and page("fang", f"incidents/{row.pk}/").status_code == 404


def test_supervisors_see_loads_refusals_and_help(cast, page):
    """STF-02, REQ-47: what waits for a verdict or for hands."""
    _ticket, order = dispatched(cast)
    order.refuse("dangerous", "井内气味异常", by=cast.as_("zhou"))
    _other, second = dispatched(cast, "wu", unit="home_next")
    second.ask_help("neighbour", "要两个人抬", by=cast.as_("wu"))
    body = text(page("zhao", "today/"))
    assert "井内气味异常" in body and f"/work/{order.pk}/refusal-verdict/" in body and "要两个人抬" in body and "吴工" in body
    assert HelpRequest.objects.at_estate(cast.sunny).count() == 1
    assert "井内气味异常" not in text(page("ming", "today/"))


def test_done_today_and_ratings_are_counted(cast, page):
    ticket, order = dispatched(cast, household_id=cast.meis.pk)
    order.take(by=cast.as_("zhou"))
    order.finish("好了", by=cast.as_("zhou"))
    ticket.refresh_from_db()
    ticket.rate(by=cast.as_("mei"), speed=5, result=4, attitude=3)
    body = " ".join(text(page("zhao", "today/")).split())
    assert "4.00" in body and "近 30 天 1 评" in body


def test_polling_brings_the_fragment_only(cast, page):
    report(cast)
    for who, path, mark in (("zhao", "today/", 'id="today"'), ("zhou", "today/", 'id="tasks"'), ("zhao", "board/", 'id="board"')):
        body = text(page(who, path, **HTMX))
        assert mark in body and "<html" not in body


def test_the_scope_holds_beneath_the_pages(cast):
    """Row security: another estate's scope sees no ticket even when a query forgets its estate."""
    report(cast)
    with estate_scope(cast.lake):
        assert not Ticket.objects.exists() and not WorkOrder.objects.exists()
