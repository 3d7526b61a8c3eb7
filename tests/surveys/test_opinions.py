"""The opinion library, experience officers, open days, the board (COM-31, QLT-37, QLT-55 … QLT-58, CF-60)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from guanjia import clock
from guanjia.billing.models import FundUse
from guanjia.care.models import Visit
from guanjia.events.models import Event
from guanjia.reports.models import Report
from guanjia.surveys.board import board, counted
from guanjia.surveys.gathering import gather
from guanjia.surveys.models import Officer, OpenDay, Opinion, Poll
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tickets.models import Confirmation, Rating, Ticket
from tests.cast import TUESDAY
from tests.reports.conftest import lay
from tests.reports.conftest import task as make_task
from tests.reports.test_proofs import ask
from tests.surveys.making import GOOD, homes, mark, published, told

DAY = timedelta(days=1)


def note(cast, words="多放几张长椅", home=None, at=None):
    return Opinion.objects.note(cast.sunny, words, "facility", by=cast.as_("ming"), household=home or cast.meis, zone=cast.east, at=at)


def test_an_opinion_is_answered_once_and_its_giver_told(cast):
    """COM-31: topic, state, reply, what became of it; shown to who gave it, to nobody else's household."""
    one = note(cast)
    with pytest.raises(Refused, match="原因"):
        one.settle("no", " ", by=cast.as_("ming"))
    one.settle("no", "消防通道不能放", by=cast.as_("ming"))
    with pytest.raises(Refused, match="答复过"):
        Opinion.objects.get(pk=one.pk).settle("done", "好", by=cast.as_("zhao"))
    assert one.became[0] == "暂不采纳" and told(cast) == ["mei", "mr_mei"]
    assert Event.objects.get(action="opinion.settled").particulars["household_id"] == cast.meis.pk
    assert list(Opinion.objects.visible_to(cast.as_("mei"))) == [one]
    assert not Opinion.objects.visible_to(cast.as_("lu")).exists()
    assert not Opinion.objects.visible_to(cast.as_("fang")).exists()  # another zone's steward
    with pytest.raises(NotAllowed):
        note(cast).settle("done", "好", by=cast.as_("he"))


def test_an_opinion_becomes_a_ticket(cast):
    one = note(cast)
    one.settle("ticket", "安排人看", by=cast.as_("ming"))
    assert (one.ticket.words, one.ticket.kind, one.ticket.household_id, one.became[0]) == ("多放几张长椅", "suggestion", cast.meis.pk, "正在办理")
    assert gather(cast.sunny, clock.now()) == 0  # the suggestion it became is not a second opinion


def test_an_opinion_asks_the_improvement_fund(cast):
    """QLT-58: suggestion → cost → decision, with billing's own fund; its end is the opinion's."""
    one = note(cast)
    with pytest.raises(Refused, match="余额"):
        one.settle("fund", "申请长椅", by=cast.as_("ming"), amount=Decimal("800"))
    assert Opinion.objects.get(pk=one.pk).settled_at is None
    FundUse.objects.grant(cast.sunny)
    one = Opinion.objects.get(pk=one.pk)
    one.settle("fund", "申请长椅", by=cast.as_("ming"), amount=Decimal("800"))
    assert one.became[0] == "待审批"
    FundUse.objects.get().decide(True, by=cast.as_("qian"))
    assert Opinion.objects.get(pk=one.pk).became[0] == "已批准"
    assert FundUse.objects.left(cast.sunny) == Decimal("49200.00")


def test_visits_and_suggestions_come_by_themselves_once(cast):
    """COM-31: dynamic; a ticket keeps its own answer."""
    Visit.objects.note(cast.meis, by=cast.as_("ming"), outcome="met", opinion="希望多办活动", heard="")
    Ticket.objects.report(by=cast.as_("lu"), estate=cast.sunny, words="建议加装充电桩", kind="suggestion", category="improvement", unit=cast.home_west, household_id=cast.lus.pk)
    assert gather(cast.sunny, clock.now()) == 2
    assert gather(cast.sunny, clock.now()) == gather(cast.sunny, clock.now() + DAY) == 0
    visit, ticket = Opinion.objects.order_by("source")[::-1]
    assert (visit.source, visit.household, visit.settled_at) == ("visit", cast.meis, None)
    assert (ticket.source, ticket.topic, ticket.outcome) == ("ticket", "facility", "ticket")


def test_officers_are_invited_join_and_are_heard(cast):
    """QLT-56: asked once a quarter; what they saw goes to the library."""
    boss = cast.as_("zhao")
    assert Officer.objects.invite(cast.sunny, [cast.lus], by=boss) == 1
    assert told(cast) == ["lu"]
    assert Officer.objects.invite(cast.sunny, [cast.meis, cast.lus], by=boss) == 1
    assert told(cast) == ["lu", "mei", "mr_mei"]
    assert Officer.objects.invite(cast.sunny, [cast.meis], by=boss) == 0
    mine = Officer.objects.get(household=cast.meis)
    today = clock.today(cast.sunny)
    with pytest.raises(Refused):
        mine.join("patrol", today, "不错", 5, by=cast.as_("mei"))
    with pytest.raises(NotAllowed):
        mine.reply(True, by=cast.as_("lu"))
    mine.reply(True, by=cast.as_("mei"))
    with pytest.raises(Refused):
        mine.join("patrol", today + DAY, "不错", 5, by=cast.as_("mei"))
    mine.join("patrol", today, "消防门有一扇关不严", 4, by=cast.as_("mei"))
    assert (Opinion.objects.get().source, Opinion.objects.get().zone) == ("officer", cast.east)
    assert not Opinion.objects.visible_to(cast.as_("fang")).exists()  # another zone's steward
    with clock.at(TUESDAY + 30 * DAY), pytest.raises(Refused, match="本季度"):
        mine.join("patrol", clock.today(cast.sunny), "已是四月", 4, by=cast.as_("mei"))
    assert ask(cast, "officers_enough") == (1, 0)  # one of twenty


def test_an_open_day_fills_is_held_and_heard(cast):
    """QLT-55: scenes, visitors, feedback; full is full."""
    boss = cast.as_("zhao")
    begins = TUESDAY + DAY
    day = OpenDay.objects.plan(cast.sunny, "开放日", ["plant"], begins, begins + timedelta(hours=2), by=boss, places=1)
    assert told(cast) == ["lu", "mei", "mr_mei"] and set(Event.objects.get(action="open_day.planned").particulars) == {"title", "day", "public"}
    first = day.enter(cast.meis, by=cast.as_("mei"))
    assert day.enter(cast.meis, by=cast.as_("mr_mei")) == first
    with pytest.raises(Refused, match="已满"):
        day.enter(cast.lus, by=cast.as_("lu"))
    with pytest.raises(Refused, match="还没有开始"):
        day.hold([], "好", by=boss)
    with clock.at(begins + timedelta(hours=3)):
        with pytest.raises(NotAllowed):
            day.feed_back(cast.meis, 1, "不好", by=cast.as_("zhou"))
        day.feed_back(cast.meis, 5, "机房很干净", by=cast.as_("mei"))
        assert day.hold([cast.meis.pk], "一户到场", by=boss) == 1
        with pytest.raises(Refused):
            day.hold([], "再来", by=boss)
        with pytest.raises(Refused):
            day.enter(cast.lus, by=cast.as_("lu"))
    assert (Opinion.objects.get().words, Opinion.objects.get().zone) == ("机房很干净", cast.east)


# -- the board ----------------------------------------------------------------------------------------------------------


def tickets(cast, marks, calls):
    for n, (speed, result, attitude) in enumerate(marks):
        one = Ticket.objects.report(by=cast.as_("ming"), estate=cast.sunny, words=f"灯{n}", unit=cast.home, household_id=cast.meis.pk)
        Rating.objects.create(estate=cast.sunny, ticket=one, at=TUESDAY, speed=speed, result=result, attitude=attitude)
        if n < len(calls):
            Confirmation.objects.create(estate=cast.sunny, ticket=one, by=cast.ming, at=TUESDAY, outcome=calls[n])


def test_the_two_core_indicators_are_two(cast):
    """CF-60, QLT-57: response speed and problem solving apart; every figure equals a count of its rows by hand."""
    tickets(cast, [(5, 5, 5), (4, 2, 5), (3, 4, 4)], ["satisfied", "unsatisfied", "not_reached"])
    made = homes(cast, east=5)
    poll = published(cast)
    for home in made:
        mark(poll, home).answer({**GOOD, "speed": "2"}, by=cast.as_("he"), way="phone")
    poll.close(by=cast.as_("zhao"))
    overall, speed, solved = board(cast.sunny, span=1)
    assert overall.sources == [("answers", 5, 5), ("ratings_all", 1, 3), ("calls", 1, 2)]
    assert speed.sources == [("answers", 0, 5), ("ratings", 2, 3)]
    assert solved.sources == [("answers", 5, 5), ("ratings", 2, 3), ("calls", 1, 2)]
    assert overall.words == "(5 + 1 + 1) ÷ (5 + 3 + 2) = 7 ÷ 10 = 70.0%" and not overall.reached
    assert (overall.base, overall.target, speed.base, speed.target) == (78, 90, None, 95)
    with clock.at(TUESDAY + DAY):
        assert ask(cast, "core_indicators_reached") == (1, 0)


def test_the_goal_rises_from_the_baseline_in_a_year(cast):
    """QLT-57: 78 % when it begins, 90 % twelve months later, a straight line between."""
    from guanjia.rulebooks.models import Parameter

    Parameter.objects.set("survey.goal_from", "2025-09", by=None, reason="测试", estate=cast.sunny, at=TUESDAY - DAY)
    months = board(cast.sunny)[0].months
    goals = {f"{month.month:%Y-%m}": month.goal for month in months}
    assert (goals["2025-04"], goals["2025-09"], goals["2026-03"]) == (78, 78, 84)
    assert counted(cast.sunny, months[0].month, months[-1].month) == {}


def test_a_survey_report_comes_prefilled_and_is_signed(cast):
    """COM-27, COM-31: figures and numbers of the closed round stand in the report, which somebody else signs."""
    duty = lay(cast, "com_opinion_q", rows=["COM-29"], form="survey")
    duty.cadence = "FREQ=MONTHLY;INTERVAL=3"
    duty.save(update_fields=["cadence"])
    task = make_task(cast, duty, 0, person=cast.zhao)
    poll = Poll.objects.draft(cast.sunny, "quarter", by=cast.as_("zhao"), ends_on=clock.today(cast.sunny))
    poll.publish(by=cast.as_("zhao"), task=task)
    mark(poll, cast.meis).answer({"overall": "4", "about": "green", "words": "补草坪"}, by=cast.as_("mei"))
    poll.close(by=cast.as_("zhao"))
    report = Report.objects.of(task, by=cast.as_("zhao"))
    assert (report.words["sent"], report.words["back"], report.words["satisfied"]) == ("2", "1", "1")
    assert "补草坪" in report.words["complaints"]
    assert {row["key"] for row in report.figures} >= {"opinions", f"poll_{poll.pk}"}
