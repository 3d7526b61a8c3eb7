"""The gate: passes, unannounced visitors, households that are out, cards, articles (SEC-12, SEC-13, MOV-03)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from guanjia import clock
from guanjia.billing.models import BillLine
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.gate import alarm
from guanjia.gate.models import Article, Away, Card, Guest, Passage
from guanjia.households.models import Occupancy
from guanjia.notices.loop import run_once as tell
from guanjia.notices.models import Delivery
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.cast import TUESDAY
from tests.keys.conftest import PNG

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = date(2026, 3, 10)


def refused(code, act):
    with pytest.raises(Refused) as caught, transaction.atomic():
        act()
    assert caught.value.code == code


def announce(cast, who="mei", **more):
    said = {"first_at": TUESDAY, "until_at": TUESDAY + 12 * HOUR, **more}
    return Guest.objects.announce(cast.home, cast.meis, "王小姐", by=cast.as_(who), **said)


def scanned(client, mark):
    return client.get(reverse("gate:seen", args=["sunny", mark])).content.decode()


def test_a_pass_holds_once_in_its_window(cast, client):
    """SEC-13: forged, of another estate, too early, expired, used, revoked: each its own answer on the guard's page; digits do as well."""
    row = announce(cast, first_at=TUESDAY + HOUR, until_at=TUESDAY + 3 * HOUR)
    client.force_login(cast.zheng)
    assert "还没到有效时间" in scanned(client, row.mark)
    assert "不是本小区发的" in scanned(client, row.mark[:-3] + "xyz") and "不是本小区发的" in scanned(client, "00000000")
    assert Guest.objects.of_mark(row.mark, cast.lake) is None
    with clock.at(TUESDAY + 4 * HOUR):
        assert "通行证已过期" in scanned(client, row.mark)
        refused("not_through", lambda: row.admit(by=cast.as_("zheng")))
    with clock.at(TUESDAY + 2 * HOUR):
        assert "可以进入" in scanned(client, row.mark) and "王小姐" in client.get(reverse("gate:scan", args=["sunny"]) + f"?mark={row.code}").content.decode()
        assert client.post(reverse("gate:answer", args=["sunny", row.mark, "entry"])).status_code == 302
        assert "通行证已经用过" in scanned(client, row.mark)
        refused("not_through", lambda: Guest.objects.get(pk=row.pk).admit(by=cast.as_("zheng")))
        client.post(reverse("gate:answer", args=["sunny", row.mark, "refusal"]))
    assert list(Passage.objects.order_by("pk").values_list("entered", "why")) == [(True, ""), (False, "通行证已经用过")]
    again = announce(cast, uses=0)
    for _n in range(3):
        again.admit(by=cast.as_("zheng"))
    again.revoke(by=cast.as_("mei"))
    assert "已撤销" in scanned(client, again.mark)
    tell(clock.now())
    assert set(Delivery.objects.filter(title="访客 {visitor} 已进入").values_list("person_id", flat=True)) == {cast.mei.pk, cast.mr_mei.pk}


def test_who_may_announce(cast):
    """SEC-13: one's own home, or the gate's people on the telephone; not too long, not in the past, not for another."""
    for who in ("lu", "zhou", "fang"):
        with pytest.raises(NotAllowed):
            announce(cast, who)
    assert announce(cast, "zheng").pk
    refused("bad_window", lambda: announce(cast, until_at=TUESDAY - HOUR))
    refused("bad_window", lambda: announce(cast, until_at=TUESDAY + 30 * DAY))
    with pytest.raises(NotAllowed):
        announce(cast).admit(by=cast.as_("mei"))


def test_nobody_comes_in_while_the_household_is_out(cast, client):
    """SEC-12: not with a pass, not unannounced, not even when the guard says that somebody agreed; the household hears of each."""
    row = announce(cast, uses=0, until_at=TUESDAY + 3 * DAY)
    gone = Away.objects.announce(cast.home, cast.meis, TODAY, TODAY + DAY, by=cast.as_("mr_mei"))
    refused("already_away", lambda: Away.objects.announce(cast.home, cast.meis, TODAY, TODAY, by=cast.as_("mei")))
    refused("away", lambda: announce(cast))
    refused("not_through", lambda: row.admit(by=cast.as_("zheng")))
    met = Guest.objects.register(cast.home, "推销员", "梅女士", by=cast.as_("zheng"))
    assert (met.entered, met.why) == (False, "住户登记外出，家中无人")
    tell(clock.now())
    assert Delivery.objects.filter(title="访客 {visitor} 已谢绝", person=cast.mei).exists()
    gone.end(by=cast.as_("mei"))
    assert row.admit(by=cast.as_("zheng")).entered
    nobody = Guest.objects.register(cast.home, "推销员", "", by=cast.as_("zheng"))
    assert (nobody.entered, nobody.why) == (False, "家中无人应答")
    assert Guest.objects.register(cast.home, "王先生", "梅女士", by=cast.as_("zheng")).entered
    refused("no_household", lambda: Guest.objects.register(cast.home_next, "王先生", "谁", by=cast.as_("zheng")))
    client.force_login(cast.zheng)
    form = {"room": "3-1-501", "visitor": "送水工", "answered": ""}
    assert client.post(reverse("gate:guest", args=["sunny"]), form).status_code == 302
    assert "已谢绝" in client.get(reverse("gate:visits", args=["sunny"])).content.decode()


def test_who_was_turned_away_holds_no_pass(cast, client):
    """SEC-12: nobody at home agreed: neither the digits nor the row's number let them in afterwards, and the phone shows no code."""
    met = Guest.objects.register(cast.home, "推销员", "", by=cast.as_("zheng")).guest
    refused("not_through", lambda: met.admit(by=cast.as_("zheng")))
    client.force_login(cast.zheng)
    assert "可以进入" not in scanned(client, met.code)
    client.force_login(cast.mei)
    assert met.code not in client.get(reverse("gate:mine_visit", args=["sunny", met.pk])).content.decode()


def test_a_pass_ends_with_the_residency(cast, client):
    """SEC-13: who moved out lets nobody into the home of those who came after them."""
    row = announce(cast, uses=0, until_at=TUESDAY + 3 * DAY)
    Occupancy.objects.end(cast.home, cast.meis, on=TODAY, kinds=["owner"])
    assert row.admit(by=cast.as_("zheng")).entered  # on their last day
    refused("not_through", lambda: row.admit(by=cast.as_("zheng"), at=TUESDAY + DAY))


def test_a_steward_knows_the_empty_homes_of_their_zones_only(cast, client):
    """SEC-12: which homes stand empty is said to the gate and to the zone's steward, who also registers there alone."""
    gone = Away.objects.announce(cast.home, cast.meis, TODAY, TODAY + DAY, by=cast.as_("mei"))
    there, end = reverse("gate:visits", args=["sunny"]), reverse("gate:away_end", args=["sunny", gone.pk])
    for who, sees in (("zheng", True), ("ming", True), ("fang", False)):
        client.force_login(getattr(cast, who))
        assert (end in client.get(there).content.decode()) is sees
    assert client.post(end).status_code == 404
    with pytest.raises(NotAllowed):
        Guest.objects.register(cast.home, "王先生", "梅女士", by=cast.as_("fang"))


def test_no_evidence_becomes_evidence(cast):
    """SEC-12, MOV-03: the proof page counts the comings to the gate, and finds one let in against the rule."""
    from guanjia.reports.checks import load
    from guanjia.reports.proofs import breaking, counting, known_proof

    load()
    proof = known_proof("visitors_refused_when_out")
    Guest.objects.register(cast.home, "王先生", "梅女士", by=cast.as_("zheng"))
    Guest.objects.register(cast.home, "推销员", "", by=cast.as_("zheng"))
    from django.db import connection

    def counted():
        text, values = counting([(proof, TUESDAY - DAY, TUESDAY + DAY)])
        with connection.cursor() as cursor:
            cursor.execute(text, {**values, "estate": cast.sunny.pk, "now": clock.now(), "day": TODAY})
            due, kept = (sum(column) for column in zip(*[row[4:6] for row in cursor.fetchall()], strict=True))
            text, values = breaking(proof, TUESDAY - DAY, TUESDAY + DAY)
            cursor.execute(text, {**values, "estate": cast.sunny.pk, "now": clock.now(), "day": TODAY})
            return due, kept, len(cursor.fetchall())

    assert counted() == (2, 2, 0)
    Passage.objects.filter(entered=True).update(answered="")  # let in though nobody at home agreed
    assert counted() == (2, 1, 1)


# -- cards ------------------------------------------------------------------------------------------------------------


def test_cards_are_issued_lost_replaced_for_a_fee_and_given_back(cast, client):
    """MOV-03, F-40: a number once; a lost one blocked by the household at once; the fee in the one ledger, also twice in a month."""
    card = Card.objects.issue(cast.home, cast.meis, "梅女士", "k000001", by=cast.as_("he"))
    assert card.number == "K000001"
    refused("number_taken", lambda: Card.objects.issue(cast.home, cast.meis, "梅先生", "K000001", by=cast.as_("he")))
    refused("bad_number", lambda: Card.objects.issue(cast.home, cast.meis, "梅先生", "卡一", by=cast.as_("he")))
    for who in ("fang", "zheng", "mei"):
        with pytest.raises(NotAllowed):
            Card.objects.issue(cast.home, cast.meis, "梅先生", "K000002", by=cast.as_(who))
    card.report_lost(by=cast.as_("mei"))
    refused("already_ended", lambda: card.report_lost(by=cast.as_("mei")))
    new = card.replace("K000002", by=cast.as_("he"))
    newer = new.replace("K000003", by=cast.as_("he"))
    refused("already_ended", lambda: card.replace("K000004", by=cast.as_("he")))
    assert [line.amount for line in BillLine.objects.filter(fee__number="ZK-BK")] == [Decimal("20.00")] * 2 and newer.charge.household_id == cast.meis.pk
    client.force_login(cast.he)
    for noun, said in (("voiding", {"why": ""}), ("return", {})):
        assert client.post(reverse("gate:card_word", args=["sunny", newer.pk, noun]), said).status_code == 302
    assert Card.objects.get(pk=newer.pk).state == "returned"
    assert [str(event.action) for event in Event.objects.about(newer)] == [Action.CARD_REPLACED, Action.CARD_ENDED]
    client.force_login(cast.lu)
    assert client.get(reverse("gate:mine_card", args=["sunny", newer.pk])).status_code == 404
    assert client.post(reverse("gate:card_word", args=["sunny", newer.pk, "loss"])).status_code == 404


def test_the_card_register_goes_out_and_comes_in_again(cast, client, tmp_path):
    """F-40: known numbers are left as they are, new ones issued; a row that cannot be read is named."""
    from guanjia.importing.cards import read

    Card.objects.issue(cast.home, cast.meis, "梅女士", "K000001", by=cast.as_("he"))
    client.force_login(cast.he)
    content = b"".join(client.get(reverse("gate:cards", args=["sunny"]) + "?xlsx=1").streaming_content)
    (tmp_path / "cards.xlsx").write_bytes(content)
    assert read(tmp_path / "cards.xlsx", by=cast.as_("he")) == (0, [])
    from guanjia.tenancy.workbooks import book_of

    rows = [["K000001", "3-1-501", "梅女士"], ["K000005", "3栋1单元501", "梅先生"], ["K000006", "9-9-999", "谁"], ["", "3-1-501", "谁"]]
    (tmp_path / "more.xlsx").write_bytes(book_of([("卡", ["卡号", "房号", "持卡人"], rows)]).read())
    kept, slips = read(tmp_path / "more.xlsx", by=cast.as_("he"))
    assert kept == 1 and [slip.number for slip in slips] == [4, 5] and Card.objects.get(number="K000005").household_id == cast.meis.pk


# -- articles ---------------------------------------------------------------------------------------------------------


def test_articles_are_given_out_against_their_code_and_reminded_of(cast, client):
    """SEC-13: the household sees its code; a wrong one wants what was checked in writing; one reminder when it lies too long."""
    row = Article.objects.keep(cast.home, cast.meis, "快递纸箱 2 个", "前台货架 B2", by=cast.as_("he"), left_by="中通")
    refused("wrong_code", lambda: row.give_out("梅先生", PNG, by=cast.as_("he"), code="x"))
    refused("signature_missing", lambda: row.give_out("梅先生", "", by=cast.as_("he"), code=row.code))
    client.force_login(cast.mei)
    assert row.code in client.get(reverse("gate:mine_article", args=["sunny", row.pk])).content.decode()
    assert alarm.run_once(TUESDAY + 6 * DAY) == 0
    assert alarm.run_once(TUESDAY + 8 * DAY) == 1 and alarm.run_once(TUESDAY + 9 * DAY) == 0
    tell(TUESDAY + 9 * DAY)
    assert Delivery.objects.filter(title="请领取寄存的{what}", person=cast.mei).count() == 1
    client.force_login(cast.he)
    client.post(reverse("gate:handing_out", args=["sunny", row.pk]), {"to": "梅先生", "checked": "身份证", "signature": PNG})
    row.refresh_from_db()
    assert (row.out_to, row.checked) == ("梅先生", "身份证")
    refused("already_done", lambda: row.give_out("谁", PNG, by=cast.as_("he"), code=row.code))
    client.force_login(cast.lu)
    assert client.get(reverse("gate:mine_article", args=["sunny", row.pk])).status_code == 404


def test_resident_pages(cast, client):
    """Phone: a refused pass keeps what was typed; the picture is there while it holds; others' are not."""
    client.force_login(cast.mei)
    there = reverse("gate:announce", args=["sunny"])
    form = {"room": "3-1-501", "visitor": "王小姐", "first_at": "2026-03-10T10:00", "until_at": "2026-03-09T10:00", "uses": "1"}
    answer = client.post(there, form)
    assert answer.status_code == 422 and "王小姐" in answer.content.decode()
    assert client.post(there, {**form, "until_at": "2026-03-10T20:00"}).status_code == 302
    row = Guest.objects.get()
    page = client.get(reverse("gate:mine_visit", args=["sunny", row.pk])).content.decode()
    assert "<svg" in page and row.code in page
    assert client.post(there, {**form, "room": "5-1-101", "until_at": "2026-03-10T20:00"}).status_code == 422
    client.force_login(cast.lu)
    assert client.get(reverse("gate:mine_visit", args=["sunny", row.pk])).status_code == 404
    assert client.post(reverse("gate:revocation", args=["sunny", row.pk])).status_code == 404


@given(first=st.integers(-48, 48), length=st.integers(1, 168), now=st.integers(-60, 240))
def test_a_pass_holds_exactly_in_its_window(first, length, now):
    """SEC-13: at both ends and between, never beside; whatever the hours."""
    begins = TUESDAY + first * HOUR
    row = Guest(estate_id=1, household_id=1, first_at=begins, until_at=begins + length * HOUR, uses=0)
    at = TUESDAY + now * HOUR
    beside = at < row.first_at or at > row.until_at
    assert beside == bool(row.window(at))
