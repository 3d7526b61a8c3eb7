"""The calendar of the sources, what was said, who is left in peace, and what being late costs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanjia import clock
from guanjia.billing.checks import findings
from guanjia.billing.models import BillLine
from guanjia.collection.chasing import make_calls, windows
from guanjia.collection.late import Terms, reckon
from guanjia.collection.models import Call, Chase, Hold, LateCharge, Letter, Payment, Waiver
from guanjia.collection.paper import letter_words
from guanjia.events.models import Event, Outbox
from guanjia.people.models import CompanyPost, Person
from guanjia.rulebooks.models import Parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.cast import ALWAYS

pytestmark = pytest.mark.django_db
D = Decimal


def on(day, month=3, year=2026):
    return datetime(year, month, day, 2, tzinfo=UTC)  # ten in the morning in Shanghai


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        (date(2026, 4, 14), []), (date(2026, 4, 15), ["month"]), (date(2026, 4, 21), ["month"]), (date(2026, 4, 22), []), (date(2026, 5, 25), ["reason"]),
        (date(2026, 3, 15), ["recheck"]), (date(2026, 3, 22), ["final"]), (date(2026, 3, 27), ["final"]), (date(2026, 3, 28), []), (date(2026, 2, 28), ["reason"]),
    ],
)  # fmt: skip
def test_the_calendar_of_the_sources(cast, day, kinds):
    """FEE-05, FEE-06, FEE-09, FEE-10, CF-47, CF-48."""
    assert [str(kind) for kind, _first, _last in windows(cast.sunny, day, on(1))] == kinds


def test_a_window_calls_everybody_who_owes_once(cast, counter):
    """FEE-05: the steward of the zone calls; one message a household; asked again, nothing more."""
    counter.take("237.18", way="transfer")
    with clock.at(on(16)):
        assert make_calls(cast.sunny) == 1 and make_calls(cast.sunny) == 0
    with clock.at(on(17)):
        assert make_calls(cast.sunny) == 0
    call = Call.objects.get()
    assert (call.household_id, call.steward_id, call.kind, call.owed) == (
        cast.lus.pk,
        cast.fang.pk,
        "recheck",
        D("237.18"),
    )
    assert Event.objects.filter(action="dues.reminded").count() == 1
    assert not Call.objects.visible_to(cast.as_("ming")).exists() and Call.objects.visible_to(cast.as_("fang")).exists()


def test_paying_ends_the_call_and_the_message_that_waits(cast, counter):
    """Issue 5.6: stops at payment at once: in the payment's own transaction."""
    with clock.at(on(16)):
        make_calls(cast.sunny)
        [event] = Event.objects.filter(action="dues.reminded", particulars__household_id=cast.meis.pk)
        assert Outbox.objects.filter(event_id=event.pk).exists()
        counter.take("100", way="transfer")
        assert Call.objects.open().filter(household=cast.meis).exists()
        counter.take("137.18", way="transfer")
    assert (
        Call.objects.get(household=cast.meis).outcome == "paid"
        and not Outbox.objects.filter(event_id=event.pk).exists()
    )


def test_a_reminder_of_the_night_waits_for_the_morning_and_ends_with_the_payment(cast, counter):
    """Issue 5.6, FEE-05: quiet hours hold for the inbox as well; who pays before the morning is told nothing."""
    night = on(15).replace(hour=17)  # one in the morning of the sixteenth
    with clock.at(night):
        assert make_calls(cast.sunny) == 2
    rows = Outbox.objects.filter(event_id__in=Event.objects.filter(action="dues.reminded").values("pk"))
    assert {row.ready_at for row in rows} == {on(16).replace(hour=0)} and rows.count() == 2  # eight o'clock
    with clock.at(night + timedelta(hours=1)):
        counter.take("237.18", way="transfer")
    assert rows.all().count() == 1


def test_a_household_is_reminded_once_in_a_while(cast, counter):
    """FEE-05: one message a household, whatever windows follow each other; the days between are the company's."""
    Parameter.objects.set("fee.q_end_window2", "18-27", by=cast.as_("qian"), reason="试", estate=cast.sunny)
    told = Event.objects.filter(action="dues.reminded", particulars__household_id=cast.meis.pk)
    for day, calls, messages in ((16, 1, 1), (18, 2, 1), (24, 2, 1)):
        with clock.at(on(day)):
            make_calls(cast.sunny)
        assert (Call.objects.filter(household=cast.meis).count(), told.count()) == (calls, messages), day


def test_nobody_is_rung_up_at_night(client, cast, counter):
    """Issue 5.6: a call or a visit of the night is refused; one of the day is written down with its own time."""
    client.force_login(cast.ming)
    here = f"/e/sunny/money/households/{cast.meis.pk}/"
    said = {"contact": "phone", "reason": "forgot", "words": "下周缴", "token": "n"}
    with clock.at(on(15).replace(hour=15)):  # eleven in the evening
        refused = client.post(here, said)
        assert refused.status_code == 409 and "休息时间" in refused.content.decode() and not Chase.objects.exists()
        assert client.post(here, said | {"spoke_at": "2026-03-17T10:00"}).status_code == 409
        assert client.post(here, said | {"spoke_at": "2026-03-15T19:30"}).status_code == 302
        assert Chase.objects.get().at == on(15).replace(hour=11, minute=30)
        assert client.post(here, said | {"contact": "message", "token": "m"}).status_code == 302


def test_a_contact_of_before_the_window_is_not_its_call(cast, counter):
    """FEE-09: what was said last week and is written down now leaves this week's call to be made."""
    with clock.at(on(16)):
        make_calls(cast.sunny)
        chase(cast, counter, spoke_at=on(12))
        assert Call.objects.open().filter(household=cast.meis).exists()
        chase(cast, counter, spoke_at=on(15))
        assert not Call.objects.open().filter(household=cast.meis).exists()


def test_who_is_held_before_the_morning_is_not_reminded(cast, counter):
    """FEE-09: a reminder of the night that still waits goes with the call."""
    with clock.at(on(15).replace(hour=17)):
        make_calls(cast.sunny)
    [event] = Event.objects.filter(action="dues.reminded", particulars__household_id=cast.meis.pk)
    with clock.at(on(15).replace(hour=18)):
        Hold.objects.begin(counter.payer, "hardship", "住院", by=cast.as_("ming"))
    assert not Outbox.objects.filter(event_id=event.pk).exists() and Outbox.objects.exists()


def chase(cast, counter, reason="forgot", words="下周来缴", **more):
    return Chase.objects.record(counter.payer, contact="phone", reason=reason, words=words, by=cast.as_("ming"), **more)


def test_a_contact_is_written_down_and_ends_the_call(cast, counter):
    """FEE-07: what was said, the promised date; the same form twice is one record."""
    with clock.at(on(16)):
        make_calls(cast.sunny)
        made = chase(cast, counter, promised_on=date(2026, 3, 20), key="t")
        assert chase(cast, counter, promised_on=date(2026, 3, 20), key="t").pk == made.pk
        assert not Call.objects.open().filter(household=cast.meis).exists() and made.owed == D("237.18")
        with pytest.raises(Refused, match="承诺日期"):
            chase(cast, counter, promised_on=date(2026, 3, 1))
        with pytest.raises(Refused, match="谈了什么"):
            chase(cast, counter, words=" ")
        with pytest.raises(NotAllowed):
            Chase.objects.record(counter.payer, contact="phone", reason="forgot", words="x", by=cast.as_("zhou"))
    with clock.at(on(21)):
        make_calls(cast.sunny)
    assert Call.objects.open().get(household=cast.meis, kind="promise").words == "2026-03-20"


def test_a_service_reason_opens_a_ticket_and_stops_the_chasing_until_it_is_solved(cast, counter):
    """FEE-08, FEE-09: not chased before it was solved; then followed up and reminded."""
    made = chase(cast, counter, reason="service", words="电梯总坏")
    assert (
        made.ticket.household_id == cast.meis.pk
        and "电梯总坏" in made.ticket.words
        and made.ticket.steward_id == cast.ming.pk
    )
    with clock.at(on(16)):
        make_calls(cast.sunny)
        assert not Call.objects.filter(household=cast.meis).exists()
        with pytest.raises(Refused, match="暂缓"):
            Letter.objects.ask(counter.payer, "拒不缴费", by=cast.as_("ming"))
    type(made.ticket).objects.filter(pk=made.ticket.pk).update(closed_at=on(17), stage="archived")
    with clock.at(on(18)):
        make_calls(cast.sunny)
    assert (
        Call.objects.get(household=cast.meis, kind="follow_up").words == "电梯总坏"
        and not Hold.objects.in_force().exists()
    )


def test_hardship_holds_until_a_day_that_another_sets(cast, counter):
    chase(cast, counter, reason="hardship", words="住院")
    hold = Hold.objects.get()
    with clock.at(on(16)):
        make_calls(cast.sunny)
    assert hold.state == "asked" and not Call.objects.filter(household=cast.meis).exists()
    with pytest.raises(NotAllowed):
        hold.judge_it(True, by=cast.as_("ming"), until=date(2026, 4, 1))
    with pytest.raises(Refused, match="哪一天"):
        hold.judge_it(True, by=cast.as_("qian"))
    hold.judge_it(True, by=cast.as_("qian"), until=date(2026, 3, 23))
    with clock.at(on(23)):
        make_calls(cast.sunny)
    assert Call.objects.filter(household=cast.meis, kind="final").exists()


def test_the_company_that_judges_sees_what_it_judges(client, cast, counter):
    """FEE-11: without a hand in the chasing; a hold asked by the manager himself is judged above him."""
    boss = Person.objects.create(username="boss", name="总部", company=cast.company, kind="staff")
    CompanyPost.objects.create(company=cast.company, person=boss, role="company_admin", during=ALWAYS)
    chase(cast, counter, reason="hardship", words="住院")
    client.force_login(boss)
    page = client.get("/e/sunny/money/holds/")
    assert page.status_code == 200 and "住院" in page.content.decode() and "/money/calls/" not in page.content.decode()
    said = {"verdict": "yes", "until": "2026-04-01"}
    assert client.post(f"/e/sunny/money/holds/{Hold.objects.get().pk}/verdict/", said).status_code == 302
    assert Hold.objects.get().judge_id == boss.pk and client.get("/e/sunny/money/calls/").status_code == 404


def test_strong_objections_are_visited_and_told(cast, counter):
    """FEE-15."""
    chase(cast, counter, reason="other", words="要见经理", strongly=True)
    assert Call.objects.open().get().kind == "visit" and Event.objects.filter(action="chase.objection").exists()


def test_a_lawyers_letter_comes_after_the_last_check(cast, counter):
    """FEE-11: asked by one, approved by another; overtaken by a payment it is not sent."""
    Parameter.objects.set("fee.late_fee_rate", "0.05", by=cast.as_("qian"), reason="合同", estate=cast.sunny)
    with clock.at(on(23)):
        with pytest.raises(Refused, match="第四周复核以后"):
            Letter.objects.ask(counter.payer, "拒不缴费", by=cast.as_("ming"))
        make_calls(cast.sunny)
        chase(cast, counter, reason="refuses", words="不缴")
    due = BillLine.objects.filter(unit=cast.home).get().bill.due_on
    with clock.at(on(10, 6)):
        letter = Letter.objects.ask(counter.payer, "拒不缴费", by=cast.as_("ming"))
        days = (date(2026, 6, 10) - (due + timedelta(days=31))).days + 1
        assert letter.owed == D("237.18") and letter.late == (D("237.18") * days * D("0.0005")).quantize(D("0.01"))
        with pytest.raises(NotAllowed):
            letter.judge_it(True, by=cast.as_("ming"))
        letter.judge_it(True, by=cast.as_("qian"))
        counter.take("37.18", way="transfer")
        with pytest.raises(Refused, match="重新核对"):
            letter.send("EMS1", by=cast.as_("ming"))


def test_a_letter_is_printed_sent_and_on_the_households_file(client, cast, counter):
    """FEE-11, CF-51: a PDF with the late charge and its terms; what was sent is kept on the file and stands in the register."""
    with clock.at(on(23)):
        make_calls(cast.sunny)
        chase(cast, counter, reason="refuses", words="不缴")
    client.force_login(cast.ming)
    with clock.at(on(10, 6)):
        plain = Letter.objects.ask(counter.payer, "拒不缴费", by=cast.as_("ming"))
        assert plain.terms is None and len(letter_words(plain)["heads"]) == 4 and not plain.late
        assert client.get(f"/e/sunny/money/letters/{plain.pk}/pdf/").status_code == 404  # not approved yet
        plain.judge_it(False, by=cast.as_("qian"))
        Parameter.objects.set("fee.late_fee_rate", "0.05", by=cast.as_("qian"), reason="合同", estate=cast.sunny)
        Parameter.objects.set("letter.days", 10, by=cast.as_("qian"), reason="律师", estate=cast.sunny)
    with clock.at(on(11, 6)):
        letter = Letter.objects.ask(counter.payer, "拒不缴费", by=cast.as_("ming"))
        letter.judge_it(True, by=cast.as_("qian"))
        said = letter_words(letter)
        assert "按日加收欠缴金额 0.05%" in said["opening"][1] and f"{letter.late:,.2f}" in said["opening"][1]
        assert f"{letter.total:,.2f}" in said["closing"][0] and "10 日内缴清" in said["closing"][0]
        sheet = client.get(f"/e/sunny/money/letters/{letter.pk}/pdf/")
        assert sheet.content.startswith(b"%PDF-") and sheet["Content-Type"] == "application/pdf"
        sent = client.post(f"/e/sunny/money/letters/{letter.pk}/post/", {"parcel": "EMS1"})
        assert sent.status_code == 302
        paper = cast.meis.documents.get(kind="letter")
        assert paper.file.read().startswith(b"%PDF-") and str(letter) in paper.title
        made = Chase.objects.get(contact="letter")
        assert made.letter_id == letter.pk
        assert f"/money/letters/{letter.pk}/" in client.get("/e/sunny/money/register/").content.decode()
        cast.sunny.name = "改名小区"
        assert Letter.objects.get(pk=letter.pk).pdf() == paper.file.open().read()  # as it was sent
    client.force_login(cast.fang)
    assert client.get(f"/e/sunny/money/letters/{letter.pk}/pdf/").status_code == 404


# -- late charges -----------------------------------------------------------------------------------------------------


def test_without_a_rate_nothing_is_charged(cast, counter):
    """CF-51: the rate is the company's to set."""
    with clock.at(on(1, 12)), pytest.raises(Refused, match="还没有定费率"):
        LateCharge.objects.charge(counter.payer, by=cast.as_("qian"))


def test_lateness_is_charged_capped_and_waived_by_another(cast, counter):
    Parameter.objects.set("fee.late_fee_rate", "1", by=cast.as_("qian"), reason="合同", estate=cast.sunny)
    with clock.at(on(1, 12)):
        assert LateCharge.objects.charge(counter.payer, by=cast.as_("qian")) == D("71.15")  # 30 %
        with pytest.raises(Refused):
            LateCharge.objects.charge(counter.payer, by=cast.as_("qian"))
        line = BillLine.objects.get(fee__number="LATE")
        asked = Waiver.objects.ask(line, D("71.15"), "首次", by=cast.as_("he"))
        asked.judge_it(True, by=cast.as_("qian"))
        assert counter.owes() == D("237.18") and not list(findings(cast.sunny))


@given(
    rate=st.decimals(0, 1, places=3), paid=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 9000)), max_size=5), days=st.integers(0, 400), cap=st.integers(0, 100)
)  # fmt: skip
def test_a_late_charge_is_the_sum_of_its_days(rate, paid, days, cap):
    """Property: day by day comes to the same; never above the cap, never less with more days."""
    due, amount, terms = date(2026, 1, 31), D("237.18"), Terms(rate, 30, cap)
    moves, left = [(date(2026, 1, 1), amount)], amount
    for after, cents in paid:
        part = min(D(cents) / 100, left)
        moves.append((due + timedelta(days=after), -part))
        left -= part
    last = due + timedelta(days=days)
    total = D(0)
    for offset in range(terms.after + 1, days + 1):
        day = due + timedelta(days=offset)
        total += sum((change for when, change in moves if when <= day), D(0)) * rate / 100
    expected = min(
        total.quantize(D("0.01"), "ROUND_HALF_UP"), (amount * cap / 100).quantize(D("0.01"), "ROUND_HALF_UP")
    )
    assert reckon(moves, amount, due, last, terms) == expected
    assert reckon(moves, amount, due, last + timedelta(days=1), terms) >= expected


def test_the_pages(client, cast, counter):
    """Issue 5.6: the whole way on the steward's pages; nothing there cuts anything off."""
    with clock.at(on(16)):
        make_calls(cast.sunny)
        client.force_login(cast.ming)
        listed = client.get("/e/sunny/money/calls/").content.decode()
        assert "3-1-501" in listed and "5-1-101" not in listed and "第九百四十四条" in listed
        here = f"/e/sunny/money/households/{cast.meis.pk}/"
        assert "237.18" in client.get(here).content.decode()
        assert client.get(f"/e/sunny/money/households/{cast.lus.pk}/").status_code == 404
        said = {"contact": "phone", "reason": "service", "words": "", "token": "t"}
        assert client.post(here, said).status_code == 422
        assert client.post(here, said | {"words": "地下室漏水"}).status_code == 302
        page = client.get(here).content.decode()
        assert "服务问题未解决" in page and Chase.objects.get().ticket.number in page
        assert "地下室漏水" in client.get("/e/sunny/money/register/").content.decode()
        assert client.get("/e/sunny/money/holds/").status_code == 200
    assert not Payment.objects.exists()
