"""Handovers: appointments, papers, the home looked at, meters, keys, cards, agreements, residency, the weekly count (MOV-01..03)."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from guanjia import clock
from guanjia.billing.models import Fee, Meter, Reading
from guanjia.billing.models.bill import Bill
from guanjia.estates.models import Unit, UnitState
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.gate.models import Card
from guanjia.households.models import Household, HouseholdDocument, Member, Occupancy
from guanjia.households.search import find
from guanjia.keys.models import Autograph, Key
from guanjia.moves.book import look_at, moves_book, wanted
from guanjia.moves.counting import pass_on, weeks
from guanjia.moves.models import Handover
from guanjia.moves.paper import handover_pdf
from guanjia.notices.loop import run_once as tell
from guanjia.notices.models import Delivery
from guanjia.rulebooks.models import Parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.duties.doing import task
from tests.keys.conftest import PNG

pytestmark = pytest.mark.django_db
TODAY, TEN = date(2026, 3, 10), time(10)


def refused(code, act):
    with pytest.raises(Refused) as caught, transaction.atomic():
        act()
    assert caught.value.code == code


def book(cast, unit=None, household=None, who="he", **more):
    said = {"direction": "in", "day": TODAY, "hour": TEN, **more}
    return Handover.objects.book(unit or cast.home, household or cast.meis, by=cast.as_(who), **said)


@pytest.fixture
def empty(cast):
    """3-1-502 stands empty, with a water meter and two keys on the house's list."""
    Unit.objects.filter(pk=cast.home_next.pk).update(state=UnitState.VACANT)
    cast.home_next.refresh_from_db()
    cast.meter = Meter.objects.create(estate=cast.sunny, unit=cast.home_next, kind="water", number="W-502")
    cast.ring = Key.objects.register("KF-077", "spare", "入户门", "交房钥匙柜 3 格", unit=cast.home_next, copies=5, by=cast.as_("he"))
    return cast.home_next


def walk_in(row, cast, *, but=""):
    """Every step of a move-in but one."""
    he, steps = cast.as_("he"), {}
    steps["papers"] = lambda: [row.supply(key, by=he) for key in wanted("in", row.let)]
    steps["agreements"] = lambda: [row.sign(key, PNG, by=he) for key in moves_book().agreements]
    steps["acceptance"] = lambda: (look_all(row, cast), row.accept(PNG, by=he))
    steps["meters"] = lambda: [row.read_meter(meter, Decimal("12.5"), by=he) for meter in row.meters()]
    steps["keys"] = lambda: row.hand_keys(list(row.ring()), PNG, words="智能锁已交密码", by=he)
    steps["cards"] = lambda: Card.objects.issue(row.unit, row.household, "业主", f"K{row.pk:06d}", by=he)
    for step, act in steps.items():
        if step != but:
            act()


def look_all(row, cast, bad=()):
    for room, entry in moves_book().rooms.items():
        verdicts = {point: "bad" if (room, point) in bad else "ok" for point in entry.points}
        row.look(room, verdicts, words={point: "空鼓约 20 厘米" for point in entry.points if (room, point) in bad}, by=cast.as_("ming"))


def test_an_hour_is_given_out_once(cast):
    """MOV-01: full is said, what is called off is free again; nobody books another's home, outside their zone, or yesterday."""
    Parameter.objects.set("moves.desks", 1, by=cast.as_("qian"), reason="一个窗口", estate=cast.sunny)
    row = book(cast, who="mei")
    refused("full", lambda: book(cast, cast.home_west, cast.lus))
    refused("already_open", lambda: book(cast, hour=time(11)))
    assert Handover.objects.free(cast.sunny, TODAY, clock.now())[TEN] == 0
    row.cancel("改期", by=cast.as_("mei"))
    book(cast, cast.home_west, cast.lus, who="lu")
    refused("bad_day", lambda: book(cast, day=TODAY - timedelta(days=1)))
    refused("incomplete", lambda: book(cast, hour=time(3)))
    for who in ("lu", "fang", "zhou"):
        with pytest.raises(NotAllowed):
            book(cast, who=who, hour=time(15))


def test_moving_in_from_the_first_paper_to_the_archive(cast, empty):
    """MOV-01, MOV-03: a file for new people; every step is wanted; then they live there, and everything stands on one paper."""
    he = cast.as_("he")
    new = Household.objects.open("沈女士", "19900000077", by=he)
    row = book(cast, empty, new)
    refused("steps_left", lambda: row.complete(by=he))
    walk_in(row, cast, but="acceptance")
    refused("points_missing", lambda: row.accept(PNG, by=he))
    refused("words_missing", lambda: row.look("kitchen", dict.fromkeys(moves_book().rooms["kitchen"].points, "bad"), by=he))
    refused("points_missing", lambda: row.look("kitchen", {"wall": "ok"}, by=he))
    look_all(row, cast, bad={("kitchen", "water"), ("living", "wall")})
    defects = list(row.looks.filter(verdict="bad").select_related("ticket"))
    assert {look.ticket.kind for look in defects} == {"repair"} and all(look.ticket.unit_id == empty.pk and look.ticket.household_id == new.pk for look in defects)
    assert "空鼓" in defects[0].ticket.words and len({look.ticket_id for look in defects}) == 2
    look_all(row, cast, bad={("kitchen", "water")})  # looked at again: the same ticket stands, no second one
    assert row.looks.get(room="kitchen", point="water").ticket_id in {look.ticket_id for look in defects}
    row.accept(PNG, by=he, name="沈女士")
    refused("no_such_room", lambda: row.look("kitchen", dict.fromkeys(moves_book().rooms["kitchen"].points, "ok"), by=he))
    assert not row.left()
    row.complete(by=he)
    refused("wrong_stage", lambda: row.complete(by=he))
    home = Occupancy.objects.get(unit=empty)
    assert (home.household, home.kind, home.during.lower, Unit.objects.get(pk=empty.pk).state) == (new, "owner", TODAY, UnitState.OCCUPIED)
    assert Key.objects.get(pk=cast.ring.pk).retired_at and Reading.objects.get(meter=cast.meter).value == Decimal("12.5")
    assert [hit.household_id for hit in find(cast.sunny, "沈女士", 3)] == [new.pk]
    row.archive(by=he)
    assert handover_pdf(row)[:5] == b"%PDF-" and HouseholdDocument.objects.filter(household=new, kind="handover").count() == 1
    told = [str(event.action) for event in Event.objects.about(row)]
    assert told[0] == Action.HANDOVER_BOOKED and told[-2:] == [Action.HANDOVER_DONE, Action.HANDOVER_ARCHIVED] and told.count(Action.HANDOVER_DEFECT) == 2


@pytest.mark.parametrize("step", ["papers", "agreements", "acceptance", "meters", "keys", "cards"])
def test_no_step_is_forgotten(cast, empty, step):
    """MOV-01: whichever is left out, it is named; only some may be waived, in writing."""
    row = book(cast, empty)
    walk_in(row, cast, but=step)
    assert row.left() == [step]
    refused("steps_left", lambda: row.complete(by=cast.as_("he")))
    if step not in moves_book().waivable:
        refused("not_waivable", lambda: row.waive(step, "不需要", by=cast.as_("he")))
    else:
        refused("why_missing", lambda: row.waive(step, "", by=cast.as_("he")))
        row.waive(step, "精装房，开发商另办", by=cast.as_("he"))
        assert not row.left()


def test_agreements_are_read_and_signed_on_the_phone(cast, client):
    """MOV-01: in the resident's own login, once; others' are not there; a signature stands with the words it is under."""
    row = book(cast, who="mei")
    client.force_login(cast.mei)
    there = reverse("moves:agreement", args=["sunny", row.pk, "covenant"])
    assert "高空抛物" in client.get(there).content.decode()
    signing = reverse("moves:signing", args=["sunny", row.pk, "covenant"])
    assert client.post(signing, {"signature": PNG}).status_code == 302
    refused("already_signed", lambda: row.sign("covenant", PNG, by=cast.as_("mei")))
    refused("signature_missing", lambda: row.sign("fire", "", by=cast.as_("mei")))
    mark = Autograph.objects.under(row)["agree:covenant"]
    assert (mark.name, mark.person_id, len(mark.digest)) == ("梅女士", cast.mei.pk, 64)
    assert client.get(reverse("keys:autograph", args=["sunny", mark.pk])).status_code == 200
    for who in ("lu", "fang", "zhou"):
        client.force_login(getattr(cast, who))
        assert client.get(there).status_code == 404 and client.post(signing, {"signature": PNG}).status_code == 404
        assert client.get(reverse("keys:autograph", args=["sunny", mark.pk])).status_code == 404


def test_moving_out(cast):
    """MOV-01: arrears are shown and never hold anybody back; keys and cards come back; tenants are gone, an owner keeps the home."""
    he, tenants = cast.as_("he"), Household.objects.open("租客小周", "19900000088", let=True, by=cast.as_("he"))
    Occupancy.objects.begin(cast.home, tenants, let=True, on=date(2025, 6, 1))
    Card.objects.issue(cast.home, tenants, "租客小周", "K900001", by=he)
    fee = Fee.objects.create(estate_id=cast.sunny.pk, number="T1", name="垃圾费", category="其他", flag="一次性费用", formula="fixed", basis="fixed")
    Bill.objects.charge(cast.home, tenants, fee, Decimal("30.00"))
    row = book(cast, household=tenants, direction="out", let=True)
    for key in wanted("out", True):
        row.supply(key, by=he)
    row.show_bills(by=he)
    row.take_keys(PNG, code="KF-101", opens="入户门", custody="空置房钥匙柜", copies=2, by=he)
    assert (row.owed, row.left()) == (Decimal("30.00"), ["cards"])
    Card.objects.live().get(household=tenants).end("", returned=True, by=he)
    row.complete(by=he)
    assert Occupancy.objects.get(household=tenants).during.upper == TODAY + timedelta(days=1)
    assert Member.objects.get(household=tenants).left_on == TODAY and Unit.objects.get(pk=cast.home.pk).state == UnitState.VACANT
    assert Occupancy.objects.filter(household=cast.meis, during__contains=TODAY).exists()  # the owner's
    assert Key.objects.get(code="KF-101").unit_id == cast.home.pk


def test_the_register_says_who_rents(cast, client):
    """MOV-01: whoever books it and whatever is ticked, a tenant's handover is a tenant's; owners do not become tenants by a tick."""
    tenants = Household.objects.open("租客小周", "19900000088", let=True, by=cast.as_("he"))
    Occupancy.objects.begin(cast.home, tenants, let=True, on=date(2025, 6, 1))
    row = book(cast, household=tenants, direction="out")
    assert row.let
    row.cancel(by=cast.as_("he"))
    assert not book(cast, let=True).let
    client.force_login(cast.he)
    assert client.post(reverse("moves:booking", args=["sunny"]), {"room": "3-1-501", "direction": "out", "day": f"{TODAY}", "hour": "10:00"}).status_code == 302
    assert Handover.objects.open().get(direction="out").let


def test_only_the_homes_own_keys_are_handed_over(cast, empty):
    """MOV-01: a key of another home stays on the house's list, whoever asks the verb."""
    other = Key.objects.register("KF-078", "spare", "别家门", "柜 4 格", unit=cast.home, by=cast.as_("he"))
    row = book(cast, empty)
    refused("keys_missing", lambda: row.hand_keys([other], PNG, by=cast.as_("he")))
    assert Key.objects.get(pk=other.pk).retired_at is None


def test_out_and_in_again_on_one_day(cast):
    """MOV-01: who comes back on their last day goes on living there; a home whose tenants stay is let, not empty."""
    tenants = Household.objects.open("租客小周", "", let=True, by=cast.as_("he"))
    Occupancy.objects.begin(cast.home, tenants, let=True, on=date(2025, 6, 1))
    Occupancy.objects.end(cast.home, cast.meis, on=TODAY, kinds=["owner"])
    assert Unit.objects.get(pk=cast.home.pk).state == UnitState.LET
    Occupancy.objects.begin(cast.home, cast.meis, let=False, on=TODAY)
    assert Occupancy.objects.get(household=cast.meis).during.upper is None and Unit.objects.get(pk=cast.home.pk).state == UnitState.LET


def test_a_home_is_one_households(cast):
    """MOV-01: nobody moves in where another household of the same kind is still on the books."""
    new = Household.objects.open("新业主", "", by=cast.as_("he"))
    row = book(cast, household=new)
    walk_in(row, cast, but="")
    refused("still_lived_in", lambda: row.complete(by=cast.as_("he")))


def test_the_week_is_counted_and_passed_on(cast, empty):
    """MOV-02: by week and zone, a steward their own; the duty's record bears the register's figures, supervisor and manager hear."""
    row = book(cast, empty)
    walk_in(row, cast)
    row.complete(by=cast.as_("he"))
    monday = date(2026, 3, 9)
    assert [(week.zone, week.came, week.went) for week in weeks(cast.sunny, TODAY) if week.monday == monday] == [("东区", 1, 0)]
    assert [week.came for week in weeks(cast.sunny, TODAY, zones=[cast.west.pk])] == [0] * 12
    refused("no_task", lambda: pass_on(by=cast.as_("fang")))
    task(cast, "ming", key="mov_stats", form="report", scope="zone")
    record = pass_on("无异常", by=cast.as_("ming"))
    assert "东区本周入住 1 户，迁出 0 户" in record.answers["summary"]["value"]
    assert Event.objects.get(action=Action.MOVES_COUNTED).particulars["came"] == 1
    refused("no_task", lambda: pass_on(by=cast.as_("ming")))
    tell(clock.now())
    assert set(Delivery.objects.filter(title="入住统计").values_list("person_id", flat=True)) == {cast.zhao.pk, cast.qian.pk}


def test_pages(cast, client, empty):
    """Phone and desk: a refused form keeps what was typed; a file is printed; odd input is no error of the house."""
    client.force_login(cast.mei)
    there = reverse("moves:book", args=["sunny"])
    answer = client.post(there, {"room": "3-1-501", "direction": "out", "day": "2020-01-01", "hour": "10:00"})
    assert answer.status_code == 422 and "2020-01-01" in answer.content.decode()
    assert client.post(there, {"room": "3-1-501", "direction": "in", "day": "2026-03-10", "hour": "10:00"}).status_code == 302
    row = Handover.objects.get()
    assert "业主公约" in client.get(reverse("moves:mine_handover", args=["sunny", row.pk])).content.decode()
    client.force_login(cast.he)
    page = client.get(reverse("moves:handover", args=["sunny", row.pk])).content.decode()
    assert "厨房" in page and "待签" in page
    picture = SimpleUploadedFile("x.jpg", b"not a picture", "image/jpeg")
    said = {f"entry-{point}": "bad" for point in moves_book().rooms["entry"].points} | {f"entry-{point}-words": "划痕" for point in moves_book().rooms["entry"].points}
    client.post(reverse("moves:room", args=["sunny", row.pk, "entry"]), {**said, "entry-door-photo": picture})
    assert not row.looks.exists()  # the picture was none: nothing of the room is kept
    client.post(reverse("moves:room", args=["sunny", row.pk, "entry"]), said)
    assert row.looks.filter(ticket__isnull=False).count() == 4
    for name, data in (("reading", {"value": "abc"}), ("handed_keys", {"copies": "x"}), ("handed_cards", {"card": "9" * 30}), ("waiver", {"step": "papers"})):
        args = ["sunny", row.pk, 1] if name == "reading" else ["sunny", row.pk]
        assert client.post(reverse(f"moves:{name}", args=args), data).status_code in (302, 404)
    assert client.get(reverse("moves:paper", args=["sunny", row.pk])).content[:5] == b"%PDF-"
    known, full = Household.objects.count(), {"room": "3-1-502", "direction": "in", "day": "2020-03-11", "hour": "09:00", "name": "沈女士", "phone": "19900000077"}
    assert client.post(reverse("moves:booking", args=["sunny"]), full).status_code == 422 and Household.objects.count() == known  # refused: no file is left behind
    made = client.post(reverse("moves:booking", args=["sunny"]), {"room": "3-1-502", "direction": "in", "day": "2026-03-11", "hour": "09:00", "name": "沈女士", "phone": "19900000077"})
    assert made.status_code == 302 and Handover.objects.get(unit=empty).household.name == "沈女士"
    assert client.post(reverse("moves:booking", args=["sunny"]), {"room": "3-1-502", "direction": "out", "day": "2026-03-11", "hour": "09:00"}).status_code == 422
    assert b"".join(client.get(reverse("moves:statistics", args=["sunny"]) + "?xlsx=1").streaming_content)[:2] == b"PK"
    assert len(look_at()) == 24
