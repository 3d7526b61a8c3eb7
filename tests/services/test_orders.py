"""Orders: menu and price, quote before work, who does it, done, charged by the one ledger, rated (VAS-02..04, VAS-11, VAS-16)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from guanjia import clock
from guanjia.billing.models import BillLine, Transfer
from guanjia.collection.models import Payment
from guanjia.collection.models.payer import Payer
from guanjia.events.models import Event
from guanjia.households.models import Occupancy
from guanjia.keys.models import Autograph
from guanjia.notices.loop import run_once as tell
from guanjia.notices.models import Delivery
from guanjia.services import alarm
from guanjia.services.charging import owed
from guanjia.services.models import Offer, ServiceOrder
from guanjia.services.paper import order_pdf, quote_pdf
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tickets import agenda
from tests.duties.doing import photo
from tests.keys.conftest import PNG

LINES = [("疏通下水管", Decimal("80.00")), ("更换存水弯", Decimal("45.50"))]


def refused(code, act):
    with pytest.raises(Refused) as caught, transaction.atomic():
        act()
    assert caught.value.code == code


def place(cast, key="car_beauty", who="mei", **said):
    said.setdefault("details", {"plate": "川A12345", "space": "B1-08"} if key == "car_beauty" else {})
    home = (cast.home_west, cast.lus) if who == "lu" else (cast.home, cast.meis)
    return ServiceOrder.objects.place(*home, key, by=cast.as_(who), **said)


def done(cast, order):
    order.assign(worker=cast.zhou, by=cast.as_("he"))
    order.finish("已办妥", [photo()], by=cast.as_("zhou"))
    return order


# -- the catalogue ------------------------------------------------------------------------------------------------------


def test_the_catalogue_has_all_items_and_an_estate_its_own_prices(cast):
    """VAS-02, VAS-13, VAS-06: the 22 items stand there, three families, five feature services; price and switch are dated."""
    today = clock.today(cast.sunny)
    book = Offer.objects.catalogue(cast.sunny, today)
    assert {one.item.number for one in book.values() if one.item.number} == set(range(1, 23))
    assert {one.item.family for one in book.values()} == {"routine", "special", "help"}
    assert {"wedding", "moving", "birthday", "reminder", "key_custody"} <= {key for key, one in book.items() if one.item.feature and one.on}
    said = {"on": True, "amount": Decimal("60.00"), "within": timedelta(hours=6), "why": "调价"}
    later = today + timedelta(days=10)
    Offer.objects.set(cast.sunny, "car_beauty", later, by=cast.as_("qian"), **said)
    assert Offer.objects.catalogue(cast.sunny, today)["car_beauty"].amount == Decimal(45)
    assert Offer.objects.catalogue(cast.sunny, later)["car_beauty"].amount == Decimal(60)
    Offer.objects.set(cast.sunny, "car_beauty", today, by=cast.as_("qian"), **{**said, "on": False})
    refused("not_offered", lambda: place(cast))
    refused("past", lambda: Offer.objects.set(cast.sunny, "car_beauty", today - timedelta(days=1), by=cast.as_("qian"), **said))
    refused("no_price", lambda: Offer.objects.set(cast.sunny, "car_beauty", today, by=cast.as_("qian"), **{**said, "amount": None}))
    with pytest.raises(NotAllowed):
        Offer.objects.set(cast.sunny, "car_beauty", today, by=cast.as_("he"), **said)


def test_health_files_are_never_offered(cast):
    """VAS-15: without the person's own consent no health file is kept; it cannot be switched on."""
    said = {"on": True, "amount": None, "within": timedelta(days=1), "why": "试办"}
    refused("withheld", lambda: Offer.objects.set(cast.sunny, "health_file", clock.today(cast.sunny), by=cast.as_("qian"), **said))
    refused("not_offered", lambda: place(cast, "health_file"))


def test_an_order_says_what_the_item_asks(cast):
    """VAS-16: the item's own fields; what is missing or no number is named; another's home is not theirs."""
    refused("incomplete", lambda: place(cast, details={"plate": "川A12345"}))
    refused("bad_number", lambda: place(cast, "luggage", details={"clock": "10:00", "pieces": "三"}))
    refused("bad_choice", lambda: place(cast, "indoor_repair", details={"part": "火箭"}))
    refused("bad_count", lambda: place(cast, count=0))
    refused("bad_day", lambda: place(cast, day=date(2026, 3, 9)))
    with pytest.raises(NotAllowed):
        ServiceOrder.objects.place(cast.home, cast.meis, "car_beauty", details={"plate": "x", "space": "y"}, by=cast.as_("lu"))
    made = place(cast, count=2)
    assert (made.stage, made.amount, made.agreed_at) == ("agreed", Decimal(90), clock.now())


def test_a_promise_runs_on_the_houses_hours(cast):
    """VAS-13: from ordering, or from the morning of the day that was chosen; nobody is promised the night."""
    at = clock.now()
    assert place(cast, "errand", details={"what": "买菜"}).due_at == at + timedelta(hours=4)
    assert place(cast, "errand", details={"what": "买菜"}, day=date(2026, 3, 12)).due_at == datetime(2026, 3, 12, 4, tzinfo=UTC)
    with clock.at(at + timedelta(hours=9)):  # 19:00; the house works until 20:00
        assert place(cast, "errand", details={"what": "取药"}).due_at == datetime(2026, 3, 11, 3, tzinfo=UTC)


# -- quote before work --------------------------------------------------------------------------------------------------


def test_no_paid_repair_begins_before_its_quote_is_agreed_to(cast, repair):
    """VAS-03, VAS-11: quoted line by line, agreed to by the household alone; what was on the screen is what is agreed to."""
    assert (repair.stage, repair.due_at) == ("asked", clock.now() + timedelta(hours=4))
    repair.assign(worker=cast.zhou, by=cast.as_("ming"))
    refused("wrong_stage", lambda: repair.finish("修好了", [photo()], by=cast.as_("zhou")))
    refused("no_lines", lambda: repair.quote([], by=cast.as_("zhou")))
    refused("bad_amount", lambda: repair.quote([("疏通", Decimal("1.005"))], by=cast.as_("zhou")))
    with pytest.raises(NotAllowed):
        repair.quote(LINES, by=cast.as_("wu"))  # not sent
    repair.quote(LINES, by=cast.as_("zhou"))
    again = repair.quote([*LINES, ("辅料", Decimal("10"))], by=cast.as_("zhou"))
    refused("another_quote", lambda: repair.answer(True, seen=1, by=cast.as_("mei")))
    with pytest.raises(NotAllowed):
        repair.answer(True, seen=2, by=cast.as_("lu"))
    refused("name_missing", lambda: repair.answer(True, seen=2, by=cast.as_("zhou")))
    repair.answer(True, seen=2, by=cast.as_("mei"))
    again.refresh_from_db()
    assert (repair.stage, repair.amount, again.way) == ("agreed", Decimal("135.50"), "tap")
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceOrder.objects.filter(pk=repair.pk).update(agreed_at=None)  # never agreed to without a yes
    assert quote_pdf(repair, again)[:5] == b"%PDF-"


def test_a_signature_on_the_workers_phone_agrees_as_well(cast, repair):
    """VAS-03: drawn by the owner, kept with the digest of the lines; a no ends it with its reason, a no to more goes on as agreed."""
    repair.assign(worker=cast.zhou, by=cast.as_("ming"))
    quote = repair.quote(LINES, by=cast.as_("zhou"))
    refused("signature_missing", lambda: repair.answer(True, name="梅女士", by=cast.as_("zhou")))
    repair.answer(True, name="梅女士", signature=PNG, by=cast.as_("zhou"))
    assert Autograph.objects.under(quote)["owner"].digest and repair.stage == "agreed"
    repair.quote([("墙内换管", Decimal("600"))], by=cast.as_("zhou"))
    repair.answer(False, why="太贵", by=cast.as_("mei"))
    assert (repair.stage, repair.amount) == ("agreed", Decimal("125.50"))
    other = place(cast, "indoor_repair", details={"part": "电"})
    other.quote(LINES, by=cast.as_("he"))
    other.answer(False, why="自己修", by=cast.as_("mei"))
    assert (other.stage, other.why) == ("declined", "自己修")


# -- done, charged, rated -----------------------------------------------------------------------------------------------


def test_done_is_charged_once_what_was_agreed_and_paid_like_any_bill(cast, repair):
    """VAS-03, FEE-26: a bill of the one ledger on the household's account, income of its own kind; a photo shows the work."""
    repair.assign(worker=cast.zhou, by=cast.as_("ming"))
    repair.quote(LINES, by=cast.as_("zhou"))
    repair.answer(True, by=cast.as_("mei"))
    refused("photo_missing", lambda: repair.finish("已疏通", by=cast.as_("zhou")))
    repair.finish("已疏通，换了存水弯", [photo()], by=cast.as_("zhou"))
    refused("wrong_stage", lambda: repair.finish("再来一次", [photo()], by=cast.as_("zhou")))
    assert owed(repair) == repair.bill.amount == Decimal("125.50") and repair.kept_promise
    assert Transfer.objects.get(line__bill=repair.bill).credit.code == "6001.07"
    Payment.objects.take(Payer(cast.sunny, cast.meis.pk, cast.home.pk), owed(repair), way="transfer", key="pay")
    assert owed(repair) == 0
    with pytest.raises(NotAllowed):
        repair.rate(5, by=cast.as_("lu"))
    refused("bad_stars", lambda: repair.rate(6, by=cast.as_("mei")))
    repair.rate(5, "很利索", by=cast.as_("mei"))
    refused("already_rated", lambda: repair.rate(1, by=cast.as_("mei")))
    assert order_pdf(repair)[:5] == b"%PDF-"
    told = [str(event.action) for event in Event.objects.about(repair)]
    assert told == [f"service.{step}" for step in ("ordered", "assigned", "quoted", "agreed", "done", "rated")]


def test_the_same_service_twice_in_a_month_is_two_lines(cast):
    """FEE-26: single charges of one fee are counted within the month; the same order never charges twice."""
    first, second = done(cast, place(cast)), done(cast, place(cast))
    lines = BillLine.objects.filter(unit=cast.home, fee__number="FW-car_beauty")
    assert sorted(lines.values_list("serial", "amount")) == [(1, Decimal(45)), (2, Decimal(45))]
    assert first.bill_id != second.bill_id
    free = done(cast, place(cast, "reminder"))
    assert free.bill_id is None and owed(free) == 0


def test_cancelling(cast, repair):
    """VAS-16: the household until somebody is on the way, the desk with a reason; a cancelled order charges nothing."""
    refused("why_missing", lambda: repair.cancel("", by=cast.as_("he")))
    repair.cancel("自己修好了", by=cast.as_("mei"))
    refused("wrong_stage", lambda: repair.cancel("", by=cast.as_("mei")))
    sent = place(cast)
    sent.assign(worker=cast.zhou, by=cast.as_("he"))
    refused("already_sent", lambda: sent.cancel("", by=cast.as_("mei")))
    sent.cancel("雨天改期", by=cast.as_("he"))
    assert sent.stage == "cancelled" and not BillLine.objects.filter(unit=cast.home, fee__number="FW-car_beauty").exists()


def test_who_sees_and_hears_what(cast, repair):
    """VAS-04: the household its own, a worker what was given, another zone's steward nothing; the late promise climbs the ladder once."""
    seen = {name: ServiceOrder.objects.visible_to(cast.as_(name)).count() for name in ("mei", "mr_mei", "lu", "ming", "fang", "zhou", "he")}
    assert seen == {"mei": 1, "mr_mei": 1, "lu": 0, "ming": 1, "fang": 0, "zhou": 0, "he": 1}
    repair.assign(worker=cast.zhou, by=cast.as_("ming"))
    todo = agenda.worked(cast.as_("zhou"), "todo", clock.now(), 9)
    assert repair.pk in {entry.line.pk for entry in todo if hasattr(entry.line, "item")}
    late = clock.now() + timedelta(hours=4, minutes=1)
    assert [alarm.run_once(at, cast.sunny) for at in (clock.now(), late, late, late + timedelta(hours=4))] == [0, 1, 0, 1]
    tell(late + timedelta(hours=5))
    heard = Delivery.objects.filter(title="{where} {title}超过承诺时间").values_list("person_id", flat=True)
    assert {cast.zhou.pk, cast.jing.pk, cast.zhao.pk} <= set(heard)
    assert Delivery.objects.filter(person=cast.mr_mei, title="已收到您的预约").exists()


def test_a_form_sent_twice_is_one_order(cast):
    """VAS-16: the second of two taps is answered with the first one's order; another, or a later one, is another."""
    first = place(cast)
    assert place(cast).pk == first.pk
    assert place(cast, words="打蜡").pk != first.pk and place(cast, count=2).pk != first.pk
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert place(cast).pk != first.pk
    assert done(cast, first) and place(cast).pk != first.pk


def test_a_steward_orders_for_their_own_zone(cast):
    """VAS-16: as with seeing them; the desk for every home."""
    said = {"details": {"plate": "川A12345", "space": "B1-08"}}
    assert ServiceOrder.objects.place(cast.home, cast.meis, "car_beauty", by=cast.as_("ming"), **said).taken_by_id == cast.ming.pk
    with pytest.raises(NotAllowed):
        ServiceOrder.objects.place(cast.home_west, cast.lus, "car_beauty", by=cast.as_("ming"), **said)
    assert ServiceOrder.objects.place(cast.home_west, cast.lus, "car_beauty", by=cast.as_("he"), **said)


def test_an_owner_orders_for_a_home_that_is_let(cast, client):
    """VAS-16: another household in the same home does not stand in the way of one's own."""
    Occupancy.objects.create(estate=cast.sunny, unit=cast.home, household=cast.lus, kind="tenant", during=(date(2026, 3, 1), None))
    client.force_login(cast.mei)
    answer = client.post(reverse("services:ask", args=["sunny", "car_beauty"]), {"room": "3-1-501", "count": "1", "field_plate": "川A1", "field_space": "B1-08"})
    assert answer.status_code == 302 and ServiceOrder.objects.get().household == cast.meis


def test_who_is_sent_works_on_services_and_only_while_sent(cast, repair):
    """VAS-03: nobody is sent who could not see the order; who was sent before the other neither quotes nor finishes from an old page."""
    refused("no_post", lambda: repair.assign(worker=cast.he, by=cast.as_("ming")))
    repair.assign(worker=cast.zhou, by=cast.as_("ming"))
    old = ServiceOrder.objects.get(pk=repair.pk)
    repair.assign(worker=cast.wu, by=cast.as_("ming"))
    with pytest.raises(NotAllowed):
        old.quote(LINES, by=cast.as_("zhou"))


def test_a_household_does_not_cancel_work_that_is_under_way(cast, repair):
    """VAS-03: a dearer quote may be refused, what was agreed to goes on and is charged."""
    repair.assign(worker=cast.zhou, by=cast.as_("ming"))
    repair.quote(LINES, by=cast.as_("zhou"))
    repair.answer(True, seen=1, by=cast.as_("mei"))
    repair.quote([("墙内换管", Decimal("600"))], by=cast.as_("zhou"))
    refused("already_sent", lambda: repair.cancel("", by=cast.as_("mei")))


# -- pages --------------------------------------------------------------------------------------------------------------


def test_pages_of_both_faces(cast, repair, client):
    """VAS-16: the menu leads to the order on the phone; a mistake keeps what was typed; others find nothing."""
    def get(who, name, *args):
        client.force_login(getattr(cast, who))
        return client.get(reverse(f"services:{name}", args=["sunny", *args]))

    assert "代买代办" in get("mei", "menu").content.decode() and "业主健康" not in get("mei", "menu").content.decode()
    assert get("mei", "ask", "health_file").status_code == 404
    there = reverse("services:ask", args=["sunny", "car_beauty"])
    answer = client.post(there, {"room": "3-1-501", "count": "1", "field_plate": "", "field_space": "B1-08", "words": "打蜡"})
    assert answer.status_code == 422 and "打蜡" in answer.content.decode()
    answer = client.post(there, {"room": "3-1-501", "count": "1", "field_plate": "川A1", "field_space": "B1-08"})
    assert answer.status_code == 302
    assert [get(who, "mine_order", repair.pk).status_code for who in ("mei", "lu", "ming")] == [200, 404, 404]
    assert [get(who, "order", repair.pk).status_code for who in ("ming", "fang", "zhou", "he", "mei")] == [200, 404, 404, 200, 404]
    assert "报价给业主" in get("he", "order", repair.pk).content.decode()
    client.post(reverse("services:quote", args=["sunny", repair.pk]), {"what1": "疏通", "yuan1": "80"})
    assert "同意报价，请动手" in get("mei", "mine_order", repair.pk).content.decode()
    client.force_login(cast.he)
    answer = client.post(reverse("services:quote", args=["sunny", repair.pk]), {"what1": "疏通", "yuan1": ""})
    assert answer.status_code == 422 and "疏通" in answer.content.decode()
    assert b"".join(client.get(reverse("services:orders", args=["sunny"]) + "?xlsx=1").streaming_content)[:2] == b"PK"
    assert get("qian", "offer", "car_beauty").status_code == 200 and get("he", "offer", "car_beauty").status_code == 404
    assert "没有本人单独同意" in get("qian", "offer", "health_file").content.decode()
    assert "入户维修" in get("he", "catalogue").content.decode()
