"""The rules page: what holds, and changing it from a date with a reason (CF-01, CF-41; REQ-04, REQ-05)."""

from __future__ import annotations

from datetime import timedelta

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.models import Parameter
from guanjia.rulebooks.parameters import forget, parameter
from tests.cast import TUESDAY


def test_a_manager_reads_and_changes_the_rules(client, cast):
    """REQ-04: the limit is on the page; CF-01: another profile from now on, the past keeps its rule."""
    forget()
    client.force_login(cast.qian)
    page = client.get("/e/sunny/rules/").content.decode()
    assert "10 分钟内完成分类" in page and "004 一3b" in page
    assert client.post("/e/sunny/rules/limits.profile/", {"value": "butler10", "reason": ""}).status_code == 422
    wanted = {"value": "butler10", "reason": "总部要求"}
    assert "保存前先看" in client.post("/e/sunny/rules/limits.profile/", wanted).content.decode() and not Parameter.objects.exists()
    assert client.post("/e/sunny/rules/limits.profile/", wanted | {"sure": "1"}).status_code == 302
    assert parameter(cast.sunny, "limits.profile", clock.now()) == "butler10"
    assert parameter(cast.sunny, "limits.profile", TUESDAY - timedelta(days=1)) == "plan12"
    assert Event.objects.filter(action=Action.PARAMETER_CHANGED).get().particulars["why"] == "总部要求"
    assert "总部要求" in client.get("/e/sunny/rules/").content.decode()
    forget()


def test_the_past_cannot_be_changed(client, cast):
    client.force_login(cast.qian)
    answer = client.post("/e/sunny/rules/tickets.per_day/", {"value": "3", "reason": "太多", "valid_from": "2020-01-01T00:00"})
    assert answer.status_code == 422 and not Parameter.objects.exists()


def test_nonsense_is_refused_beside_the_field(client, cast):
    client.force_login(cast.qian)
    for key, value in (("limits.profile", "nonsense"), ("tickets.per_day", "-1"), ("limit.sla_classify.within", "soon")):
        answer = client.post(f"/e/sunny/rules/{key}/", {"value": value, "reason": "试"})
        assert answer.status_code == 422, key
    assert client.get("/e/sunny/rules/no.such.key/").status_code == 404
    assert not Parameter.objects.exists()


def test_a_steward_changes_nothing(client, cast):
    client.force_login(cast.ming)
    assert client.get("/e/sunny/rules/").status_code == 404
    assert client.post("/e/sunny/rules/limits.profile/", {"value": "butler10", "reason": "x"}).status_code == 404


def test_a_figure_of_a_book_is_a_setting(client, cast):
    """REQ-04, CLN-02: a number of a rulebook is changed from a date on; what is not of its sort is refused."""
    forget()
    client.force_login(cast.qian)
    assert "楼道电梯清扫时刻" in client.get("/e/sunny/rules/").content.decode()
    for key, value in (("cln.sweep_times", "6 o'clock"), ("fee.month_call_window", "21-15"), ("zone.bonus", "much")):
        answer = client.post(f"/e/sunny/rules/{key}/", {"value": value, "reason": "试"})
        assert answer.status_code == 422, key
    assert client.post("/e/sunny/rules/cln.sweep_times/", {"value": "06:30, 12:00", "reason": "冬季", "sure": "1"}).status_code == 302
    assert parameter(cast.sunny, "cln.sweep_times", clock.now()) == "06:30, 12:00"
    assert "06:30, 12:00" in client.get("/e/sunny/rules/").content.decode()
    forget()
