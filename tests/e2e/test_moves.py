"""A home taken over from the resident's appointment to the archive, in Chromium: phone for the resident, desk for the house (MOV-01, MOV-03)."""

from __future__ import annotations

import pytest
from PIL import Image

from guanjia.billing.models import Meter, Reading
from guanjia.estates.models import Unit, UnitState
from guanjia.events.models import Event
from guanjia.gate.models import Card
from guanjia.households.models import HouseholdDocument
from guanjia.keys.models import Key
from guanjia.moves.book import moves_book
from guanjia.moves.models import Handover
from guanjia.people.reach import reach_of
from guanjia.tenancy.scope import estate_scope
from tests.browsing import PHONE, draw, needs_browser, picture

pytestmark = [pytest.mark.django_db(transaction=True), *needs_browser]


@pytest.fixture
def world(world):
    with estate_scope(world.sunny):
        Unit.objects.filter(pk=world.home.pk).update(state=UnitState.VACANT)
        Meter.objects.create(estate=world.sunny, unit=world.home, kind="water", number="W-501")
        Key.objects.register("KF-077", "spare", "入户门", "交房钥匙柜 3 格", unit=world.home, copies=5, by=reach_of(world.he, world.sunny))
    return world


def test_from_appointment_to_archive(world, opened, tmp_path):
    from playwright.sync_api import expect

    Image.new("RGB", (800, 600), "steelblue").save(tmp_path / "leak.jpg")
    mei, desk = opened("mei", PHONE), opened("he")
    mei.goto("/e/sunny/services/moves/mine/new/")
    mei.get_by_role("button", name="预约", exact=True).click()
    expect(mei.get_by_text("已预约。")).to_be_visible()
    with estate_scope(world.sunny):
        row = Handover.objects.get()
    mine, there = f"/e/sunny/services/moves/mine/{row.pk}/", f"/e/sunny/services/moves/{row.pk}/"
    for key in moves_book().agreements:
        mei.goto(f"{mine}agreements/{key}/")
        draw(mei, mei.locator("form").filter(has=mei.locator("canvas")))
        mei.get_by_role("button", name="同意并签署").click()
        expect(mei.get_by_text("已签署。")).to_be_visible()
    picture(mei, "handover-phone")
    desk.goto(there)
    for key, entry in moves_book().papers["in"].items():
        if entry.required and not entry.let:
            desk.locator(f"form:has(input[value={key}])").get_by_role("button", name="收件").click()
            expect(desk.get_by_text("已收到。")).to_be_visible()
    for name, entry in moves_book().rooms.items():
        form = desk.locator(f"form[action$='rooms/{name}/']")
        desk.locator("details").filter(has=form).last.evaluate("fold => fold.open = true")
        for point in entry.points:
            form.locator(f"input[name={name}-{point}][value={'bad' if (name, point) == ('kitchen', 'water') else 'ok'}]").check(force=True)
        if name == "kitchen":
            form.locator("textarea[name=kitchen-water-words]").fill("水槽下水弯头渗水")
            form.locator("input[name=kitchen-water-photo]").set_input_files(tmp_path / "leak.jpg")
        form.get_by_role("button", name="登记这一间").click()
        expect(desk.get_by_text("已登记，有缺陷的已转报修。")).to_be_visible()
    form = desk.locator("form[action$='agreements/acceptance/']")
    desk.locator("details").filter(has=form).last.evaluate("fold => fold.open = true")
    draw(desk, form)
    form.get_by_role("button", name="签字").click()
    expect(desk.get_by_text("验房单已签字。")).to_be_visible()
    desk.get_by_label("水表 W-501").fill("3.5")
    desk.get_by_role("button", name="登记读数").click()
    draw(desk, desk.locator("form[action$='/keys/']"))
    desk.get_by_role("button", name="移交并签收").click()
    expect(desk.get_by_text("钥匙已移交。")).to_be_visible()
    desk.get_by_label("卡号").fill("K000501")
    desk.get_by_role("button", name="发卡").click()
    expect(desk.get_by_text("已发卡。")).to_be_visible()
    picture(desk, "handover-desk")
    desk.get_by_role("button", name="办结，从今天起入住").click()
    desk.get_by_role("button", name="归档").click()
    expect(desk.get_by_text("已归档。", exact=True).first).to_be_visible()
    answer = desk.request.get(f"{there}file.pdf")
    assert answer.ok and answer.body()[:5] == b"%PDF-"
    mei.goto(mine)
    expect(mei.get_by_text("手续已办结")).to_be_visible()
    expect(mei.get_by_text("水槽下水弯头渗水")).to_be_visible()
    with estate_scope(world.sunny):
        told = [str(event.action).removeprefix("handover.") for event in Event.objects.about(row)]
        assert told == ["booked", *["signed"] * 4, "defect", "accepted", "metered", "keys", "done", "archived"]
        assert HouseholdDocument.objects.filter(household=world.meis, kind="handover").exists() and Card.objects.get().number == "K000501"
        assert row.looks.get(verdict="bad").ticket.photos.count() == 1 and Reading.objects.get().value == 3.5
        assert Unit.objects.get(pk=world.home.pk).state == UnitState.OCCUPIED and Key.objects.get().retired_at
