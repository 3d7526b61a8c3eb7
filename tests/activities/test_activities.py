"""社区活动 from plan to archive (COM-06 … COM-08, COM-26, COM-32 … COM-34, QLT-39)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from guanjia import clock
from guanjia.activities.fulfilling import due
from guanjia.activities.models import Activity, Question, SignUp
from guanjia.activities.paper import file_pdf, list_pdf, plan_pdf
from guanjia.activities.rounds import run_once
from guanjia.duties.models import Record
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.notices.loop import run_once as tell
from guanjia.notices.models import Delivery
from guanjia.surveys.models import Opinion
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.cast import home, household, resident
from tests.duties.doing import photo, task

pytestmark = pytest.mark.django_db


def refused(code, act):
    with pytest.raises(Refused) as caught, transaction.atomic():
        act()
    assert caught.value.code == code


def test_the_plan_is_judged_by_another(cast, planned):
    """COM-32, COM-33: what costs money or asks for approval is never approved by who wrote it; the database agrees."""
    row = planned(by="zhao")
    refused("wrong_state", lambda: row.judge_it(True, by=cast.as_("qian")))
    row.send_in(by=cast.as_("zhao"))
    refused("same_person", lambda: row.judge_it(True, by=cast.as_("zhao")))
    with pytest.raises(NotAllowed):
        row.judge_it(True, by=cast.as_("ming"))
    refused("why_missing", lambda: row.judge_it(False, by=cast.as_("qian")))
    row.judge_it(False, "预算太高", by=cast.as_("qian"))
    row.revise(by=cast.as_("zhao"), title="敬老茶会", words="量血压", place="大堂", theme="elders", begins_at=row.begins_at, ends_at=row.ends_at, places=3, budget=Decimal(100))
    row.send_in(by=cast.as_("zhao"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=row.pk).update(judge_id=row.writer_id)
    row.judge_it(True, by=cast.as_("qian"))
    tell(clock.now())
    titles = set(Delivery.objects.values_list("person__username", "title"))
    assert {("mei", "{title}"), ("lu", "{title}"), ("zhao", "活动方案被退回：{title}"), ("qian", "活动方案待审批：{title}")} <= titles


def test_who_rewrote_a_plan_does_not_judge_it(cast, planned):
    """COM-32: who wrote any of its versions is no second pair of eyes."""
    row = planned()
    row.send_in(by=cast.as_("ming"))
    row.judge_it(False, "预算太高", by=cast.as_("qian"))
    row.revise(by=cast.as_("zhao"), title="敬老茶会", words="量血压", place="大堂", theme="elders", begins_at=row.begins_at, ends_at=row.ends_at, places=3, budget=Decimal(900))
    row.send_in(by=cast.as_("zhao"))
    refused("same_person", lambda: row.judge_it(True, by=cast.as_("zhao")))
    row.judge_it(True, by=cast.as_("qian"))


def test_places_keep_to_the_rule_when_they_are_changed(cast, opened):
    """COM-08: an open tea party of fewer than ten places, or more than fifteen, is none; nothing has more than 5000."""
    row = opened(kind="tea", theme="", places=12)
    for places in (9, 16):
        refused("bad_places", lambda places=places: row.change_places(places, by=cast.as_("ming")))
    refused("bad_places", lambda: opened().change_places(5001, by=cast.as_("ming")))


def test_what_costs_nothing_needs_no_judge(cast, planned):
    """COM-06, COM-07: a reception or Q&A is open at once; with a budget it would not be."""
    row = planned(kind="reception", theme="", places=0, budget=Decimal(0))
    row.send_in(by=cast.as_("ming"))
    assert row.state == "open"
    other = planned(kind="qa", theme="", places=0, budget=Decimal(50))
    other.send_in(by=cast.as_("ming"))
    assert other.state == "asked"


def test_odd_plans(cast, planned):
    """COM-08, COM-34: bounds of the tea party are the rulebook's figures; themes are the eight."""
    now = clock.now()
    refused("theme_missing", lambda: planned(theme="party"))
    refused("bad_time", lambda: planned(begins_at=now - timedelta(hours=1)))
    refused("bad_time", lambda: planned(closes_at=now + timedelta(days=9)))
    refused("bad_places", lambda: planned(places=0))
    refused("bad_places", lambda: planned(kind="tea", theme="", places=9))
    refused("bad_places", lambda: planned(kind="tea", theme="", places=16))
    refused("bad_money", lambda: planned(budget=Decimal(-1)))
    assert planned(kind="tea", theme="", places=15).entry.bounds(cast.sunny, now) == (10, 15)
    with pytest.raises(NotAllowed):
        planned(zone=cast.west)
    with pytest.raises(NotAllowed):
        planned(by="zhou")


def test_a_full_activity_says_so_and_the_list_moves_up(cast, opened):
    """COM-32: full is a clear answer; with patience one waits; who withdraws makes room and the next one is told."""
    row = opened(places=2)
    mei, lu = cast.as_("mei"), cast.as_("lu")
    row.enter(cast.meis, 2, by=mei)
    assert row.enter(cast.meis, 2, by=mei).pk == SignUp.objects.get().pk  # twice is once
    refused("full", lambda: row.enter(cast.lus, 1, by=lu))
    refused("too_many", lambda: row.enter(cast.lus, 3, by=lu, wait=True))
    assert row.enter(cast.lus, 1, by=lu, wait=True).waiting
    with pytest.raises(NotAllowed):
        row.enter(cast.meis, 1, by=lu)
    assert row.leave(cast.meis, by=mei) == 1
    assert not SignUp.objects.get(household=cast.lus).waiting and row.free == 1
    refused("not_entered", lambda: row.leave(cast.meis, by=mei))
    tell(clock.now())
    assert Delivery.objects.filter(person=cast.lu, title="有名额了：{title}").exists()


def test_closing_zone_and_calling_off(cast, opened):
    """COM-32: not after the close, not from another zone; called off, everybody who had joined hears why."""
    row = opened(zone=cast.east)
    refused("other_zone", lambda: row.enter(cast.lus, 1, by=cast.as_("lu")))
    assert not Activity.objects.visible_to(cast.as_("lu")).exists() and not Activity.objects.visible_to(cast.as_("fang")).exists()
    row.enter(cast.meis, 1, by=cast.as_("mei"))
    with clock.at(row.closes_at):
        refused("closed", lambda: row.enter(cast.meis, 1, by=cast.as_("mr_mei")))
    run_once(row.begins_at - timedelta(hours=5))
    assert run_once(row.begins_at - timedelta(hours=4)) == 0
    refused("why_missing", lambda: row.call_off(" ", by=cast.as_("ming")))
    row.call_off("暴雨", by=cast.as_("ming"))
    tell(row.begins_at)
    assert {"活动取消：{title}", "活动提醒：{title}"} <= set(Delivery.objects.filter(person=cast.mei).values_list("title", flat=True))
    assert Activity.objects.visible_to(cast.as_("mei")).get() == row


def test_holding_does_the_duty_and_the_archive_wants_everything(cast, opened):
    """COM-08, COM-32, QLT-39: sign-in by code or list, photo, summary, follow-up, archive; the duty's record is the activity's."""
    held_task = task(cast, key="com_tea", form="activity", proof=["photo"], due=60 * 60, opens=-60)
    assert list(due(cast.as_("ming"), clock.now())) == [held_task]
    row = opened(kind="tea", theme="", places=10, task=held_task, zone=cast.east)
    assert not due(cast.as_("ming"), clock.now()).exists()
    row.enter(cast.meis, 2, by=cast.as_("mei"))
    refused("too_early", lambda: row.arrive(cast.meis, by=cast.as_("mei"), code=True))
    with clock.at(row.begins_at):
        with pytest.raises(NotAllowed):
            row.arrive(cast.meis, by=cast.as_("mei"))
        assert Activity.objects.of_mark(row.mark, cast.sunny) == row and Activity.objects.of_mark(row.mark + "x", cast.sunny) is None
        row.arrive(cast.meis, by=cast.as_("mei"), code=True)
        row.arrive(cast.lus, by=cast.as_("ming"))  # walked in
        refused("summary_missing", lambda: row.hold("", by=cast.as_("ming")))
        refused("over_budget", lambda: row.hold("谈了停车", by=cast.as_("ming"), spent=Decimal(301)))
        refused("photo_missing", lambda: row.hold("谈了停车", by=cast.as_("ming")))
        row.hold("谈了停车和电梯，两户到场", by=cast.as_("ming"), spent=Decimal(280), photos=[photo()])
        record = Record.objects.get(task=held_task)
        assert record.answers["households"]["value"] in (2, "2")
        refused("incomplete", lambda: row.archive(by=cast.as_("ming")))
        row.follow(cast.meis, 5, "下次办亲子活动", by=cast.as_("mei"))
        refused("followed", lambda: row.follow(cast.meis, 4, by=cast.as_("ming")))
        row.follow(cast.lus, 4, by=cast.as_("ming"))
        row.archive(by=cast.as_("ming"))
    assert Opinion.objects.get().topic == "activity"
    told = [str(event.action) for event in Event.objects.about(row)]
    assert [action for action in told if action in ("activity.planned", "activity.asked", "activity.approved", "activity.opened", "activity.held", "activity.archived")] == [
        "activity.planned", "activity.asked", "activity.approved", "activity.opened", "activity.held", "activity.archived",
    ]  # fmt: skip
    for made in (plan_pdf, list_pdf, file_pdf):
        assert made(row)[:5] == b"%PDF-"


def test_questions_are_answered_before_the_evening_is_over(cast, opened):
    """COM-07: asked on the phone, answered for all to read, the duty done with question and answer."""
    held_task = task(cast, key="com_online_qa", form="note", opens=-60, due=60 * 60)
    row = opened(kind="qa", theme="", places=0, budget=Decimal(0), task=held_task)
    one = Question.objects.ask(row, "充电桩几时装？", by=cast.as_("mei"), household=cast.meis)
    assert Question.objects.ask(row, "充电桩几时装？", by=cast.as_("mei"), household=cast.meis) == one
    with clock.at(row.begins_at):
        refused("not_answered", lambda: row.hold("当晚答复一条", by=cast.as_("ming")))
        one.reply("本月底前装两台", by=cast.as_("ming"))
        refused("answered", lambda: one.reply("再答一次", by=cast.as_("ming")))
        row.hold("当晚答复一条", by=cast.as_("ming"))
    assert row.state == "archived" and "充电桩" in Record.objects.get(task=held_task).answers["words"]["value"]
    assert Event.objects.about(row).filter(action=Action.ACTIVITY_ASKED_ABOUT, actor_id__isnull=True).exists()


STEPS = st.lists(st.tuples(st.sampled_from(["enter", "leave", "grow"]), st.integers(0, 3), st.integers(1, 4)), max_size=9)


@hypothesis_settings(max_examples=8)
@given(steps=STEPS)
def test_the_waiting_list_is_fair(cast, opened, steps):
    """COM-32: never over the places, never a free place that somebody waiting fits into."""
    with transaction.atomic():
        mark = transaction.savepoint()
        row, by = opened(places=4), cast.as_("ming")
        homes = [cast.meis, cast.lus] + [household(cast.sunny, home(cast.sunny, cast.b3, cast.e31, f"{n}03", cast.east), f"9{n}", resident(f"x{n}", f"住户{n}", f"+8619900000{n}90")) for n in (6, 7)]
        for what, who, heads in steps:
            try:
                with transaction.atomic():
                    if what == "enter":
                        row.enter(homes[who], heads, by=by, wait=True)
                    elif what == "leave":
                        row.leave(homes[who], by=by)
                    else:
                        row.change_places(row.places + heads % 2, by=by)
            except Refused:
                pass
            live = SignUp.objects.filter(activity=row, left_at__isnull=True)
            taken = sum(one.heads for one in live.filter(waiting=False))
            assert taken <= row.places
            assert all(one.heads > row.places - taken or one.heads > row.places for one in live.filter(waiting=True))
        transaction.savepoint_rollback(mark)
