"""The register of fires: what it keeps, what it refuses, what counts from it (QLT-60, EMG-05, EMG-14, INC-09)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from guanjia import clock
from guanjia.emergencies.models import Emergency, Fire
from guanjia.events.models import Event
from guanjia.incentives.linking import linked
from guanjia.incentives.models import Figure
from guanjia.incentives.reading import behind
from guanjia.incentives.reckoning import reckon
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tickets.models import Ticket
from tests.api.conftest import Caller
from tests.reports.test_proofs import ask, broken


def registered(cast, **more):
    return Fire.objects.register(**{"words": "电动车充电起火", "happened_at": clock.now() - timedelta(hours=2), "by": cast.as_("zheng"), "building": cast.b3, "where": "车棚"} | more)


def test_a_fire_is_registered_settled_and_struck_by_another(cast):
    """QLT-60, EMG-14: any colleague registers, a leader says cause and loss, who registered does not strike it; the history keeps each."""
    row = registered(cast)
    assert (row.zone_id, row.reporter, row.place) == (cast.east.pk, cast.zheng.name, "3 栋 车棚")
    with pytest.raises(NotAllowed):
        row.settle("ebike", "", Decimal(0), by=cast.as_("zheng"))
    for cause, loss in (("witchcraft", Decimal(1)), ("ebike", None), ("ebike", Decimal(-1))):
        with pytest.raises(Refused):
            row.settle(cause, "", loss, by=cast.as_("zhao"))
    row.settle("ebike", "充电器不匹配", Decimal("1200"), by=cast.as_("zhao"), hurt=1)
    row.settle("electric", "复查：插座老化", Decimal("1500"), by=cast.as_("zhao"))
    assert (row.cause_title, row.loss, row.hurt) == ("电气线路或电器", Decimal(1500), 1)
    own = registered(cast, by=cast.as_("qian"))
    with pytest.raises(Refused):
        own.strike("看错", by=cast.as_("qian"))
    with pytest.raises(NotAllowed):
        row.strike("看错", by=cast.as_("zhou"))
    row.strike("与另一条重复", by=cast.as_("qian"))
    for again in (lambda: row.strike("再作废", by=cast.as_("qian")), lambda: row.settle("ebike", "", Decimal(0), by=cast.as_("zhao"))):
        with pytest.raises(Refused):
            again()
    assert list(Event.objects.about(row).values_list("action", flat=True)) == ["fire.registered", "fire.settled", "fire.settled", "fire.struck"]


@pytest.mark.parametrize("wrong", [{"words": " "}, {"where": "", "building": None}, {"happened_at": "later"}, {"hurt": -1}, {"hurt": 1001}])
def test_what_makes_no_sense_is_refused(cast, wrong):
    if wrong.get("happened_at"):
        wrong = {"happened_at": clock.now() + timedelta(minutes=1)}
    with pytest.raises(Refused):
        registered(cast, **wrong)


def test_a_real_fire_enters_the_register_when_it_is_stood_down(cast):
    """EMG-05: once; neither drill nor false alarm does, and both proofs judge it."""
    boss = cast.as_("zhao")
    real = Emergency.objects.start("fire", building=cast.b3, place="1 单元", words="厨房起火", by=cast.as_("zheng"))
    with pytest.raises(Refused):
        Fire.objects.register("演练", clock.now(), by=boss, where="车库", emergency=Emergency.objects.start("fire", place="车库", drill=True, by=boss))
    real.stand_down("已扑灭", by=boss)
    Emergency.objects.start("fire", building=cast.b5, words="有烟", by=cast.as_("zheng")).stand_down("蒸汽", by=boss, false_alarm=True)
    Emergency.objects.start("flood", building=cast.b5, words="漏水", by=cast.as_("zheng")).stand_down("已关阀", by=boss)
    row = Fire.objects.get()
    assert (row.emergency_id, row.words, row.happened_at, row.reporter) == (real.pk, "厨房起火", real.started_at, cast.zheng.name)
    with pytest.raises(Refused):
        Fire.objects.register("厨房起火", real.started_at, by=boss, building=cast.b3, emergency=real)
    assert ask(cast, "fires_registered") == (1, 1) and ask(cast, "fires_explained") == (0, 0)
    before = clock.now() - timedelta(days=8)
    Fire.objects.filter(pk=row.pk).update(at=before, happened_at=before)
    assert broken(cast, "fires_explained") == ["厨房起火"]
    real.note_damage("橱柜", Decimal(900), by=boss)
    assert row.estimated() == 900
    row.settle("cooking", "", Decimal(900), by=boss, at=before + timedelta(days=6))
    assert ask(cast, "fires_explained") == (1, 1)


def test_the_indicator_counts_the_register_and_leads_to_it(cast):
    """INC-09: struck fires do not count, reports of gas and fire no longer stand in."""
    month = clock.today(cast.sunny).replace(day=1)
    kept = registered(cast)
    registered(cast).strike("看错", by=cast.as_("qian"))
    Ticket.objects.create(estate=cast.sunny, number="260310-9999", kind="repair", category="gas_fire", channel="phone", words="灭火器过期", reported_at=clock.now(), stage="handling", zone=cast.east)
    reckon([cast.sunny], month)
    figure = Figure.objects.get(indicator="fires", level="estate")
    assert figure.part == 1 and figure.whole > 0
    rows = linked(behind(cast.sunny, "fires", month, "estate", 0), cast.as_("qian"))
    assert [(row["pk"], row["title"]) for row in rows] == [(kept.pk, f"{kept.number} 电动车充电起火")]


def test_pages_of_the_register(cast, client):
    """From a report with what it says already; what was typed stays; cause and loss; struck; the workbook; others' are 404."""
    asked = Ticket.objects.create(estate=cast.sunny, number="260310-9998", kind="repair", category="gas_fire", channel="phone", words="楼道有人烧纸", reported_at=clock.now(), stage="handling", unit=cast.home, zone=cast.east)  # fmt: skip
    client.force_login(cast.qian)

    def url(name, *args):
        return reverse(f"emergencies:{name}", args=["sunny", *args])

    assert "楼道有人烧纸" in client.get(url("fires")).content.decode()
    form = client.get(url("fire_new") + f"?ticket={asked.pk}").content.decode()
    assert "楼道有人烧纸" in form and asked.number in form
    assert client.get(url("fire_new") + "?ticket=%E0%B9%92&emergency=99999999999999999999").status_code == 200
    said = {"words": "烧纸引燃纸箱", "happened_at": "2026-03-10T08:30", "building": asked.unit.building_id, "where": "2 楼", "hurt": "0", "ticket": asked.pk}
    bad = client.post(url("fire_new"), said | {"hurt": "viele"})
    assert bad.status_code == 422 and "烧纸引燃纸箱" in bad.content.decode()
    assert client.post(url("fire_new"), said | {"happened_at": "2030-01-01T00:00"}).status_code == 409
    assert client.post(url("fire_new"), said).status_code == 302
    row = Fire.objects.get()
    assert (row.ticket_id, row.unit_id, row.by_id) == (asked.pk, asked.unit_id, cast.qian.pk)
    assert client.post(url("fire_new"), said).status_code == 409 and Fire.objects.count() == 1
    assert asked.number not in client.get(url("fires")).content.decode()
    assert client.post(url("fire_settlement", row.pk), {"cause": "", "loss": "viel", "hurt": 0}).status_code == 422
    assert client.post(url("fire_settlement", row.pk), {"cause": "fireworks", "cause_words": "住户承认", "loss": "350.5", "hurt": 0}).status_code == 302
    page = client.get(url("fire", row.pk)).content.decode()
    assert "烟花爆竹、祭祀" in page and "¥ 350.50" in page and url("fire_striking", row.pk) not in page
    book = CalamineWorkbook.from_filelike(BytesIO(client.get(url("fires") + "?xlsx=1").getvalue())).get_sheet_by_index(0).to_python()
    assert book[1][:2] == [row.number, "烧纸引燃纸箱"]
    client.force_login(cast.zhao)
    client.post(url("fire_striking", row.pk), {"words": "没有火，只有烟"})
    row.refresh_from_db()
    assert bool(row.struck_at) == cast.as_("zhao").may("emergency.review")
    client.force_login(cast.mei)
    assert client.get(url("fires")).status_code == 404 or client.get(url("fires")).status_code == 403


def test_fires_over_the_api(cast):
    guard, boss, manager = Caller(cast.zheng), Caller(cast.zhao), Caller(cast.qian)
    said = {"words": "配电箱冒火", "happened_at": clock.now().isoformat(), "building": "3", "where": "配电间"}
    made = guard.post("/fires", **said).json()
    assert guard.post("/fires", **said | {"building": "99"}).status_code == 404
    assert guard.post("/fires", **said | {"happened_at": "2026-03-10T08:00"}).status_code == 422, "a time without its zone"
    assert guard.post(f"/fires/{made['id']}/settlement", cause="electric", loss="10").status_code == 403
    assert boss.post(f"/fires/{made['id']}/settlement", cause="electric", loss="10").json()["loss"] == "10.00"
    assert manager.post(f"/fires/{made['id']}/striking", words="误报").json()["struck_at"]
    assert [one["id"] for one in guard.get("/fires").json()["items"]] == [made["id"]]
