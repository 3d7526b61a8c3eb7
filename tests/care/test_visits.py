"""Visits, promises, key customers, movements, coverage, the survey's arithmetic (HSE-01, HSE-08, HSE-09, HSE-17..21, HSE-26, CF-06, CF-36)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from guanjia import clock
from guanjia.care import birthdays, coverage, rounds
from guanjia.care.models import Answer, CoverageFigure, KeyCustomer, Movement, Promise, Survey, Visit
from guanjia.care.retiering import retier
from guanjia.care.survey import Arithmetic, period, workdays
from guanjia.duties.generation import generate, is_due
from guanjia.duties.models import Task
from guanjia.events.models import Event
from guanjia.households.models import Consent, Member
from guanjia.rulebooks.models import Parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tickets.models import Ticket

pytestmark = pytest.mark.django_db


def met(cast, household, by="ming", **more):
    return Visit.objects.note(
        household, by=cast.as_(by), outcome="met", way="door", met_whom="梅女士", heard="楼道灯太暗", **more
    )


def test_a_chance_visit_answers_at_once_or_opens_a_ticket(cast):
    """HSE-17: collect needs, answer at once when possible, else the right department, and follow through."""
    visit = met(cast, cast.meis, file_ticket=True)
    assert visit.ticket.words == "楼道灯太暗" and visit.ticket.household_id == cast.meis.pk
    assert not met(cast, cast.lus, by="fang", answered="今晚换灯泡").ticket
    assert Ticket.objects.count() == 1
    assert not visit.is_planned and visit.zone_id == cast.east.pk


def test_sent_twice_it_is_one_visit(cast):
    assert met(cast, cast.meis, client_key="k1").pk == met(cast, cast.meis, client_key="k1").pk


def test_an_appointment_is_moved_made_once_and_absence_is_kept(cast):
    """HSE-17: by appointment; nobody at home is an outcome too."""
    today = clock.today(cast.sunny)
    visit = Visit.objects.plan(cast.meis, today, by=cast.as_("ming"))
    moved = Visit.objects.plan(cast.meis, today + timedelta(1), by=cast.as_("ming"))
    assert moved.pk == visit.pk and Visit.objects.open().count() == 1
    moved.make("absent", by=cast.as_("ming"))
    with pytest.raises(Refused):
        moved.make("met", by=cast.as_("ming"), heard="又来")
    with pytest.raises(Refused):
        Visit.objects.plan(cast.meis, today - timedelta(1), by=cast.as_("ming"))
    with pytest.raises(Refused):
        Visit.objects.note(cast.meis, by=cast.as_("ming"), outcome="met")
    with pytest.raises(NotAllowed):
        Visit.objects.plan(cast.meis, today, by=cast.as_("zhou"))


def test_two_who_opened_the_form_of_one_visit_record_it_once(cast):
    """HSE-17: the second, whose row still looks open, is told; the first's words stay."""
    visit = Visit.objects.plan(cast.meis, clock.today(cast.sunny), by=cast.as_("ming"))
    stale = Visit.objects.get(pk=visit.pk)
    visit.make("met", by=cast.as_("ming"), heard="楼道灯太暗")
    with pytest.raises(Refused):
        stale.make("absent", by=cast.as_("qian"))
    assert Visit.objects.get().heard == "楼道灯太暗"


def test_a_promise_has_a_follower_a_day_and_a_result(cast):
    """HSE-17: even a disappointing outcome is told."""
    visit = met(
        cast, cast.meis, promise="周五前回复", follower=cast.zhao, due_on=clock.today(cast.sunny) + timedelta(3)
    )
    promise = Promise.objects.get()
    assert promise.follower_id == cast.zhao.pk and promise.visit_id == visit.pk
    with pytest.raises(Refused):
        promise.fulfil("", by=cast.as_("zhao"))
    promise.fulfil("不能加灯，已当面说明", by=cast.as_("zhao"))
    with pytest.raises(Refused):
        promise.fulfil("再来一次", by=cast.as_("zhao"))


def test_key_customers_have_a_plan_and_its_acts(cast):
    """HSE-20, F-05: list, plan, records."""
    key = KeyCustomer.objects.put_down(cast.meis, "多次投诉电梯", "每周一次电话", by=cast.as_("zhao"))
    assert KeyCustomer.objects.put_down(cast.meis, "多次投诉电梯", "每两周上门", by=cast.as_("zhao")).pk == key.pk
    key.act("当面说明电梯大修安排", by=cast.as_("ming"))
    cast.meis.refresh_from_db()
    assert cast.meis.is_key and key.acts.count() == 1
    key.end("满意度已恢复", by=cast.as_("zhao"))
    cast.meis.refresh_from_db()
    assert not cast.meis.is_key


def test_what_moves_a_customer_is_told_upwards_and_answered(cast):
    """HSE-26: record and feedback."""
    moved = Movement.objects.note(cast.meis, "grievance", "说要联合邻居投诉停车", by=cast.as_("ming"))
    moved.answer("周六开座谈会", by=cast.as_("zhao"))
    told = list(Event.objects.about(cast.meis))
    assert [event.action for event in told] == ["movement.noted", "movement.answered"]
    assert told[0].particulars["where"] == "3-1-501" and "梅" not in str(
        told[0].particulars
    )  # kept when she is forgotten


def test_three_metrics_three_formulas(cast):
    """CF-06, HSE-08, HSE-09, HSE-01: each counted by its own formula, kept by the day and zone."""
    met(cast, cast.meis)
    Answer.objects.give(cast.lus, {"people": 2}, by=cast.as_("lu"))
    assert rounds.run_once(clock.now(), cast.sunny) == 1
    assert rounds.run_once(clock.now(), cast.sunny) == 0
    found = {name: coverage.total(rows) for name, rows in coverage.counted(cast.sunny, clock.now()).items()}
    assert {name: (row.part, row.whole) for name, row in found.items()} == {
        "familiarity": (2, 2),
        "contact": (1, 2),
        "questionnaire": (1, 2),
    }
    assert found["familiarity"].is_reached and not found["contact"].is_reached
    assert CoverageFigure.objects.get(metric="contact", zone=cast.east).part == 1
    assert CoverageFigure.objects.get(metric="contact", zone=cast.west).part == 0


def test_a_questionnaire_once_filled_in_stays_filled_in(cast):
    """CF-06: its formula knows no window; only the silence rule asks for a sign of late."""
    Answer.objects.give(cast.lus, {"people": 2}, by=cast.as_("lu"))
    later = clock.now() + timedelta(days=400)
    row = coverage.total(coverage.counted(cast.sunny, later)["questionnaire"])
    assert (row.part, row.whole) == (1, 2)


@given(part=st.integers(0, 5000), more=st.integers(0, 5000), target=st.integers(0, 100))
def test_a_rate_never_flatters(part, more, target):
    """The shown rate is never above the true one, and 100 only when it is all."""
    row = coverage.Coverage("x", None, part, part + more, target)
    if row.whole:
        assert row.tenths * row.whole <= part * 1000 < (row.tenths + 1) * row.whole
        assert (row.tenths == 1000) == (more == 0)
        assert row.is_reached == (part / row.whole >= target / 100) or abs(part * 100 - target * row.whole) < 1


def test_the_sources_arithmetic_of_the_first_month(cast):
    """HSE-01, CF-36: 1,200 homes, 80 % online, 15 a day: 240 visits, 16 days; all on foot would be 80."""
    alone = Arithmetic(homes=1200, online=80, per_day=15, stewards=8, days=22, per_steward=False)
    assert (alone.by_questionnaire, alone.to_visit, alone.days_needed, alone.days_for_all) == (960, 240, 16, 80)
    assert alone.fits and not alone.fits_all
    eight = Arithmetic(homes=1200, online=0, per_day=15, stewards=8, days=22, per_steward=True)
    assert (eight.a_day, eight.days_needed, eight.stewards_needed) == (120, 10, 4) and eight.fits


@given(
    homes=st.integers(0, 9000),
    online=st.integers(0, 100),
    per_day=st.integers(1, 60),
    stewards=st.integers(0, 30),
    days=st.integers(1, 60),
)
def test_the_days_needed_are_enough_and_one_less_is_not(homes, online, per_day, stewards, days):
    sum = Arithmetic(homes, online, per_day, stewards, days, True)
    assert sum.to_visit <= sum.days_needed * sum.a_day
    assert sum.days_needed == 0 or sum.to_visit > (sum.days_needed - 1) * sum.a_day
    assert sum.stewards_needed * per_day * days >= sum.to_visit


def test_a_month_ends_on_its_day_and_counts_working_days(cast):
    from datetime import date

    assert period(date(2026, 1, 31), 1) == (date(2026, 1, 31), date(2026, 2, 28))
    assert period(date(2026, 11, 22), 2)[1] == date(2027, 1, 22)
    assert all(day.weekday() < 5 for day in workdays(cast.sunny, date(2026, 3, 9), 1)[:5])


def test_a_round_assigns_each_home_to_its_zones_steward_once(cast):
    """HSE-01: days and stewards; who answered or was met needs no visit; assigned again nothing is added."""
    qian = cast.as_("qian")
    survey = Survey.objects.begin(
        cast.sunny, clock.today(cast.sunny), by=qian, per_day=15, online=80, months=1, per_steward=True
    )
    Answer.objects.give(cast.lus, {"people": 3}, by=cast.as_("lu"))
    assert survey.assign(by=qian) == 1
    assert survey.assign(by=qian) == 0
    visit = Visit.objects.open().get()
    assert (visit.household_id, visit.person_id, visit.planned_on) == (
        cast.meis.pk,
        cast.ming.pk,
        clock.today(cast.sunny),
    )
    with pytest.raises(Refused):
        Survey.objects.begin(
            cast.sunny, clock.today(cast.sunny), by=qian, per_day=15, online=80, months=1, per_steward=True
        )
    survey.end(by=qian)
    assert not Visit.objects.open().exists()
    with pytest.raises(NotAllowed):
        Survey.objects.begin(
            cast.sunny, clock.today(cast.sunny), by=cast.as_("ming"), per_day=15, online=80, months=1, per_steward=True
        )


def test_a_birthday_is_told_to_the_steward_of_who_agreed(cast):
    """HSE-02, CF-64: only with consent, a day ahead, to the home's steward."""
    day = clock.today(cast.sunny) + timedelta(1)
    Member.objects.filter(name__in=["梅女士", "吕先生"]).update(born_on=day.replace(year=1980))
    Consent.objects.give(Member.objects.get(name="梅女士"), "birthday", "spoken", by=cast.as_("ming"))
    assert birthdays.remind(cast.sunny, clock.now()) == 1
    event = Event.objects.get(action="birthday.near")
    assert event.particulars["worker_id"] == cast.ming.pk and event.particulars["who"] == "梅**"


def test_the_pages_of_care_work_for_who_serves(cast, client):
    qian = cast.as_("qian")
    client.force_login(cast.qian)
    there = reverse("care:survey", args=["sunny"])
    assert "÷" in client.get(there, {"per_day": "5"}).content.decode()
    data = {
        "begins_on": clock.today(cast.sunny).isoformat(),
        "months": 1,
        "per_day": 15,
        "per_steward": "1",
        "online": 80,
    }
    assert client.post(there, data).status_code == 302
    client.post(reverse("care:survey_assignment", args=["sunny"]))
    assert Visit.objects.open().count() == 2
    visit = Visit.objects.open().first()
    answer = client.post(
        reverse("care:act", args=["sunny", "visit", visit.pk, "record"]),
        {"outcome": "met", "way": "door", "heard": "都好", "mood": "5"},
    )
    assert answer.status_code == 302
    assert "都好" in client.get(reverse("care:home", args=["sunny", visit.household_id])).content.decode()
    for name in ("visits", "tiers", "coverage"):
        assert client.get(reverse(f"care:{name}", args=["sunny"])).status_code == 200
    assert qian.may("survey.plan")


def test_what_is_planned_and_promised_for_today_stands_on_today(cast, client):
    """HSE-17: one's own visits and promises of today, nobody else's, nothing of tomorrow."""
    today = clock.today(cast.sunny)
    Visit.objects.plan(cast.meis, today, by=cast.as_("ming"), why="回访漏水")
    met(cast, cast.meis, promise="今天回复车位", due_on=today)
    met(cast, cast.meis, promise="明天回复快递柜", due_on=today + timedelta(1))
    client.force_login(cast.ming)
    text = client.get("/e/sunny/today/").content.decode()
    assert "回访漏水" in text and "今天回复车位" in text and "明天回复快递柜" not in text
    client.force_login(cast.qian)
    assert "今天回复车位" not in client.get("/e/sunny/today/").content.decode()


def test_a_key_customers_next_step_stands_on_today(cast, client):
    """HSE-20, HSE-21: what the plan has next is due on 今日 of who keeps the relation, until it is done."""
    zhao = cast.as_("zhao")
    key = KeyCustomer.objects.put_down(cast.meis, "投诉停车", "每两周上门", by=zhao)
    key.act("上门听意见", by=zhao, plan_for=clock.today(cast.sunny))
    client.force_login(cast.zhao)
    assert "每两周上门" in client.get("/e/sunny/today/").content.decode()
    key.act("带方案上门", by=zhao, plan_for=clock.today(cast.sunny) + timedelta(days=14))
    assert "每两周上门" not in client.get("/e/sunny/today/").content.decode()


def test_a_new_tier_brings_its_contacts_the_same_day(cast):
    """HSE-05: whoever becomes a core household today is called this week; the task names the home and its steward."""
    Parameter.objects.set("book.plan.adopted", True, by=None, reason="试用", company=cast.company, at=clock.now() - timedelta(days=30))
    generate(clock.now(), cast.sunny)
    assert not Task.objects.filter(key="hse_core_care").exists()
    Member.objects.filter(household=cast.meis).update(born_year=1940)
    retier(cast.sunny, clock.now())
    assert is_due(cast.sunny, clock.now()) and generate(clock.now(), cast.sunny)
    cast.meis.refresh_from_db()
    key = {"core": "hse_core_care", "regular": "hse_regular_feedback", "potential": "hse_potential_push"}[cast.meis.tier]
    task = Task.objects.filter(household=cast.meis, key=key).earliest("due_at")
    assert task.person == cast.ming and task.opens_at <= clock.now() < task.due_at
