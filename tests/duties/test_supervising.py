"""任务, 未来一周, 天气与节点, 排班: the pages and the API for who supervises (issue 3 point 3)."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from guanjia import clock
from guanjia.duties.generation import generate
from guanjia.duties.models import Absence, Occasion, Roster, Task
from guanjia.duties.rostering import keep_roster, read_pasted
from guanjia.people.tokens import issue
from guanjia.tenancy.errors import Refused
from tests.cast import TUESDAY
from tests.duties.lawbook import DAY, HOUR, adopt, local, tasks

TODAY = date(2026, 3, 10)
MORNING = local(TODAY)


def at(name, *args):
    return reverse(f"duties:{name}", args=["sunny", *args])


@pytest.fixture
def busy(cast, client):
    adopt(cast, MORNING, patrol={"cadence": "FREQ=DAILY", "scope": "zone"}, early={"cadence": "FREQ=DAILY;BYHOUR=6", "scope": "estate", "role": "manager"})
    generate(MORNING)
    client.force_login(cast.zhao)
    cast.client = client
    with clock.at(TUESDAY):
        yield cast


def shown(busy, query=""):
    page = busy.client.get(at("tasks") + query)
    assert page.status_code == 200
    return [task.slot + (task.zone.code if task.zone else "") for task, _words, _tone in page.context["lines"]]


def test_the_list_by_state_zone_role_and_duty(busy):
    assert shown(busy) == ["2026-03-10E", "2026-03-10W"]
    assert shown(busy, "?show=late") == ["2026-03-10T06:00"]
    assert shown(busy, "?show=coming&duty=early") == ["2026-03-11T06:00"]
    assert shown(busy, f"?zone={busy.east.pk}") == ["2026-03-10E"]
    assert shown(busy, "?role=manager&show=coming") == ["2026-03-11T06:00"]
    assert shown(busy, "?zone=x&role=nobody&after=x_&show=zzz") == ["2026-03-10E", "2026-03-10W"]
    Task.objects.at_estate(busy.sunny).filter(zone=busy.west).update(person=None)
    assert shown(busy, "?show=unassigned") == ["2026-03-10W", "2026-03-11W", "2026-03-12W"]


def test_pages_by_keyset_show_each_task_once(busy, monkeypatch):
    monkeypatch.setattr("guanjia.duties.lists.PAGE", 2)
    for show in ("coming", "late", "open"):
        seen, after = [], ""
        while True:
            page = busy.client.get(at("tasks"), {"show": show, "after": after})
            seen += [task.pk for task, *_more in page.context["lines"]]
            after = page.context["next"]
            if not after:
                break
        assert len(seen) == len(set(seen)) == len(shown(busy, f"?show={show}")) + max(len(seen) - 2, 0)


def test_the_list_costs_the_same_for_many(busy, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        busy.client.get(at("tasks") + "?show=coming")


def test_the_same_rows_as_a_file(busy):
    answer = busy.client.get(at("export"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[1:]] == ["东区", "西区"] and rows[1][3] == "李明"


def test_what_the_week_brings(busy):
    page = busy.client.get(at("coming"))
    assert [len(coming) for _day, coming in page.context["days"]] == [2] * 7
    assert [len(coming) for _day, coming in busy.client.get(at("coming") + "?role=manager").context["days"]] == [1] * 7
    assert busy.client.get(at("coming") + "?from=nonsense").status_code == 200


def test_waived_handed_over_and_taken_on_the_page(busy):
    east, west = tasks(busy, key="patrol", day=TODAY)
    assert busy.client.post(at("waiver", east.pk), {"why": ""}).status_code == 422
    assert busy.client.post(at("waiver", east.pk), {"why": "停电"}).status_code == 302
    assert busy.client.post(at("handover", west.pk), {"to": busy.ming.pk, "why": "王芳开会"}).status_code == 302
    found = {task.zone.code: task for task in tasks(busy, key="patrol", day=TODAY)}
    assert found["E"].waived_at and found["W"].person == busy.ming
    busy.client.post(at("taking", west.pk))
    assert tasks(busy, pk=west.pk).get().person == busy.zhao
    assert busy.client.post(at("waiver", east.pk), {"why": "再来"}).status_code == 422


def test_weather_is_declared_and_ended(busy):
    assert busy.client.post(at("occasions"), {"kind": "storm", "words": "雷暴"}).status_code == 302
    assert busy.client.post(at("occasions"), {"kind": "storm", "words": "雷暴"}).status_code == 422
    row = Occasion.objects.at_estate(busy.sunny).get()
    assert "雷暴" in busy.client.get(at("occasions")).content.decode()
    busy.client.post(at("occasion_end", row.pk))
    row.refresh_from_db()
    assert row.ended_at and row.ended_by == busy.zhao


def test_the_roster_is_kept_and_the_night_is_given_out_anew(busy):
    """F-60: a changed roster moves what nobody has begun to who works then."""
    adopt(busy, TUESDAY + HOUR, guard={"cadence": "PER_SHIFT:start", "role": "order_keeper"})
    generate(TUESDAY + HOUR)
    assert {task.person for task in tasks(busy, key="guard", day=TODAY + DAY)} == {busy.zheng}
    with clock.at(TUESDAY + 2 * HOUR):
        cells = {f"s-{busy.zheng.pk}-{TODAY + DAY}": "rest", f"s-{busy.zhou.pk}-{TODAY}": ""}
        assert busy.client.post(at("roster") + "?week=2026-03-09", cells).status_code == 302
        assert Roster.objects.at_estate(busy.sunny).get().shift == "rest"
        generate(TUESDAY + 3 * HOUR)
        assert {task.person for task in tasks(busy, key="guard", day=TODAY + DAY)} == {busy.sun}  # what falls from a guard falls to the leader
        assert busy.client.get(at("roster") + "?week=2026-03-09").status_code == 200
        busy.client.post(at("roster") + "?week=2026-03-09", {f"s-{busy.zheng.pk}-{TODAY + DAY}": ""})
    assert not Roster.objects.at_estate(busy.sunny).exists()


def test_a_table_pasted_from_a_workbook(busy):
    people = {"郑保安": busy.zheng.pk}
    cells, wrong = read_pasted(busy.sunny, date(2026, 3, 9), "郑保安\t白班\t夜班\t\t休息\n没这人\t白班\n郑保安\t瞎班\n\n", people)
    assert cells == [(busy.zheng.pk, date(2026, 3, 9), "day"), (busy.zheng.pk, date(2026, 3, 10), "night"), (busy.zheng.pk, date(2026, 3, 12), "rest")]
    assert len(wrong) == 2
    assert keep_roster(busy.sunny, cells, by=busy.as_("zhao")) == 3 and keep_roster(busy.sunny, cells, by=busy.as_("zhao")) == 0
    with pytest.raises(Refused):
        keep_roster(busy.sunny, [(busy.zheng.pk, TODAY, "moonshine")], by=busy.as_("zhao"))
    assert busy.client.post(at("roster"), {"table": "没这人\t白班"}).status_code == 422


def test_leave_on_the_page(busy):
    said = {"person": busy.ming.pk, "first": "2026-03-10", "last": "2026-03-11", "cover": busy.fang.pk, "why": "年假"}
    busy.client.post(at("absence"), said)
    row = Absence.objects.at_estate(busy.sunny).get()
    assert row.during.upper == date(2026, 3, 12) and tasks(busy, zone=busy.east, day=TODAY).get().person == busy.fang
    busy.client.post(at("absence_end", row.pk))
    assert tasks(busy, zone=busy.east, day=TODAY).get().person == busy.ming


def test_only_who_may_sees_them(busy, client):
    for name, who in (("tasks", "zhou"), ("roster", "ming"), ("occasions", "zhou"), ("tasks", "mei")):
        client.force_login(getattr(busy, who))
        assert client.get(at(name)).status_code == 404, (name, who)
    client.force_login(busy.ming)
    assert [task.zone for task, *_more in client.get(at("tasks")).context["lines"]] == [busy.east]


def test_over_the_api(busy, client):
    task = tasks(busy, key="patrol", day=TODAY).first()
    client.logout()

    def ask(path, who="zhao", body=None):
        secret = issue(getattr(busy, who), "t")
        headers = {"Authorization": f"Bearer {secret}"}
        path = f"/api/v1/estates/sunny/{path}"
        if body is None:
            return client.get(path, headers=headers)
        return client.post(path, json.dumps(body), content_type="application/json", headers=headers)

    assert {duty["key"] for duty in ask("duties").json()} == {"patrol", "early"}
    assert ask("duties", "zhou").status_code == 403
    assert ask(f"tasks/{task.pk}/handover", body={"person": busy.fang.pk, "why": "开会"}).json()["person"] == "王芳"
    assert ask(f"tasks/{task.pk}/taking", body={}).json()["person"] == "赵主管"
    assert ask(f"tasks/{task.pk}/waiver", "qian", {"why": "停电"}).json()["waived_at"]
    assert ask(f"tasks/{task.pk}/waiver", "qian", {"why": "停电"}).status_code == 409
