"""Missing, weather, events, absence, shifts: what the minute brings (issue 3 point 3)."""

from __future__ import annotations

from datetime import date

import pytest

from guanjia.duties.covering import plan_absence
from guanjia.duties.generation import generate, is_due
from guanjia.duties.missing import miss
from guanjia.duties.models import Occasion, Roster, Task, Waiver
from guanjia.duties.rounds import minute, run_once
from guanjia.estates.models import UnitState
from guanjia.events.models import Event, Outbox
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY
from tests.duties.lawbook import DAY, HOUR, MINUTE, adopt, local, set_to, tasks

TODAY = date(2026, 3, 10)
MORNING = local(TODAY)
NIGHTFALL = local(TODAY, 18)


def events(cast, action):
    return Event.objects.at_estate(cast.sunny).filter(action=action).order_by("at", "pk")


# -- missed -----------------------------------------------------------------------------------------------------------


def test_what_is_not_done_is_missed_once_dated_when_it_fell_due(cast):
    adopt(cast, MORNING, patrol={"cadence": "FREQ=DAILY;BYHOUR=6,12", "scope": "zone"})
    generate(MORNING)
    assert miss(MORNING + 8 * HOUR) == 2 and miss(MORNING + 8 * HOUR) == 0
    told = events(cast, "task.missed")
    assert {event.at for event in told} == {local(TODAY, 7)} and {event.subject_id for event in told} == set(
        tasks(cast, missed_at__isnull=False).values_list("pk", flat=True)
    )
    digest = events(cast, "task.missed_many")
    assert {event.particulars["worker_id"]: event.particulars["count"] for event in digest} == {
        cast.ming.pk: 1,
        cast.fang.pk: 1,
    }
    assert (
        not Outbox.objects.at_estate(cast.sunny).filter(event_id__in=told.values("pk")).exists()
    )  # people hear of it in one message


def test_a_deadline_is_met_until_the_very_instant(cast):
    adopt(cast, MORNING, patrol={"cadence": "FREQ=DAILY;BYHOUR=6", "scope": "estate"})
    generate(MORNING)
    assert miss(local(TODAY, 7)) == 0 and miss(local(TODAY, 7) + MINUTE) == 1


def test_the_daily_digest(cast):
    """Unassigned first and highest, told to managers and supervisors once a day."""
    adopt(
        cast,
        MORNING,
        patrol={"cadence": "FREQ=DAILY", "scope": "estate"},
        check={"cadence": "FREQ=DAILY", "scope": "estate"},
    )
    run_once(MORNING)
    Task.objects.at_estate(cast.sunny).filter(key="check").update(person=None)
    run_once(MORNING + DAY + HOUR)
    run_once(MORNING + DAY + 9 * HOUR), run_once(MORNING + DAY + 10 * HOUR)
    said = [event.particulars for event in events(cast, "task.summed_up")]
    assert [(each["missed"], each["unassigned"]) for each in said] == [(2, 2)]
    assert said[0]["tasks"].startswith("check")


# -- waiving, handing over --------------------------------------------------------------------------------------------


def one(cast, **said):
    adopt(cast, MORNING, patrol={"cadence": "FREQ=DAILY", "scope": "zone"} | said)
    generate(MORNING)
    return tasks(cast, day=TODAY).first()


def test_waived_with_a_reason_by_somebody_above(cast):
    task = one(cast)
    with pytest.raises(NotAllowed):
        task.waive("下雨", by=cast.as_("ming"))
    with pytest.raises(Refused):
        task.waive(" ", by=cast.as_("zhao"))
    task.waive("停电检修", by=cast.as_("zhao"))
    assert Waiver.objects.at_estate(cast.sunny).get().why == "停电检修"
    assert miss(MORNING + 2 * DAY) == 1  # the other zone's of today
    with pytest.raises(Refused):
        task.waive("再一次", by=cast.as_("zhao"))


def test_handed_over_and_taken(cast):
    task = one(cast)
    task.hand_over(cast.fang, "李明开会", by=cast.as_("ming"))
    assert Task.objects.at_estate(cast.sunny).get(pk=task.pk).person == cast.fang
    with pytest.raises(NotAllowed):
        task.hand_over(cast.ming, "我要回来", by=cast.as_("zhou"))
    with pytest.raises(Refused):
        task.hand_over(cast.stranger, "外人", by=cast.as_("zhao"))
    with pytest.raises(Refused):
        task.take(by=cast.as_("zhou"))  # a worker does not take a colleague's
    Task.objects.at_estate(cast.sunny).filter(pk=task.pk).update(person=None)
    task.refresh_from_db()
    task.take(by=cast.as_("zhou"))
    assert Task.objects.at_estate(cast.sunny).get(pk=task.pk).person == cast.zhou
    assert events(cast, "task.handed_over").get().particulars["from_id"] == cast.ming.pk


# -- events and weather -----------------------------------------------------------------------------------------------


def test_after_a_storm_the_vacant_houses_are_checked(cast):
    """VAC-06: when the storm is over, each vacant unit once; a second storm, once more."""
    cast.home_next.state = UnitState.VACANT
    cast.home_next.save(update_fields=["state"])
    adopt(cast, MORNING, after={"cadence": "EVENT:storm", "scope": "vacant_unit", "window": {"within": "12h"}})
    assert generate(MORNING) == 0
    storm = Occasion.objects.declare(cast.sunny, "storm", "雷暴", by=cast.as_("jing"), at=TUESDAY)
    assert generate(TUESDAY + MINUTE) == 0  # it has only begun
    with pytest.raises(Refused):
        Occasion.objects.declare(cast.sunny, "storm", "雷暴", by=cast.as_("jing"), at=TUESDAY)
    storm.end(by=cast.as_("qian"), at=TUESDAY + HOUR)
    assert is_due(cast.sunny, TUESDAY + HOUR + MINUTE)
    assert generate(TUESDAY + HOUR + MINUTE) == 1 and generate(TUESDAY + 5 * HOUR) == 0
    task = tasks(cast).get()
    assert (task.unit, task.person, task.due_at, task.late_made) == (
        cast.home_next,
        cast.ming,
        TUESDAY + 13 * HOUR,
        False,
    )
    for hour in range(6, 60):
        assert generate(TUESDAY + hour * HOUR) == 0
    Occasion.objects.declare(cast.sunny, "storm", "又来", by=None, at=TUESDAY + 3 * DAY).end(
        by=None, at=TUESDAY + 3 * DAY + HOUR
    )
    assert generate(TUESDAY + 3 * DAY + 2 * HOUR) == 1


def test_only_who_may_declares_weather(cast):
    with pytest.raises(NotAllowed):
        Occasion.objects.declare(cast.sunny, "storm", "", by=cast.as_("zhou"))
    with pytest.raises(Refused):
        Occasion.objects.declare(cast.sunny, "meteor", "", by=None)


def test_a_finished_repair_is_followed_by_a_visit_to_that_household(cast):
    """REQ rows `EVENT:repair_done`: a task about that event, at that home, for its steward; nothing from before adoption."""

    def repaired(at, unit, household, who):
        ticket = Ticket.objects.report(
            by=cast.as_(who), estate=cast.sunny, words="漏水", unit=unit, household_id=household.pk, at=at
        )
        Event.objects.record("work.finished", ticket, by=None, at=at, told=False, words="好了")

    repaired(MORNING - HOUR, cast.home, cast.meis, "mei")
    adopt(
        cast,
        MORNING,
        visit={"cadence": "EVENT:repair_done", "scope": "event"},
        zone={"cadence": "EVENT:repair_done", "scope": "zone"},
    )
    generate(MORNING)
    repaired(TUESDAY, cast.home_west, cast.lus, "lu")
    assert generate(TUESDAY + MINUTE) == 2 and generate(TUESDAY + HOUR) == 0
    visit = tasks(cast, key="visit").get()
    assert (visit.unit, visit.household, visit.zone, visit.person, visit.subject_kind) == (
        cast.home_west,
        cast.lus,
        cast.west,
        cast.fang,
        "event",
    )
    assert tasks(cast, key="zone").get().zone == cast.west  # only the zone it happened in


def test_downtime_does_not_lose_an_event(cast):
    adopt(cast, MORNING, after={"cadence": "EVENT:node", "scope": "estate", "window": {"days": 2}})
    generate(MORNING)
    for day in range(3):
        Occasion.objects.declare(cast.sunny, "node", "节日", by=None, at=MORNING + day * DAY + HOUR).end(
            by=None, at=MORNING + day * DAY + 2 * HOUR
        )
    assert generate(MORNING + 10 * DAY) == 3 and tasks(cast).first().late_made


# -- shifts and absence -----------------------------------------------------------------------------------------------


def test_the_roster_says_whose_shift_it_is(cast):
    from tests.cast import post, staff

    other = staff(cast.company, "night_guard", "夜班保安")
    post(cast.sunny, other, "order_keeper")
    for person, shift in ((cast.zheng, "day"), (other, "night")):
        Roster.objects.create(estate=cast.sunny, person=person, day=TODAY, shift=shift)
    adopt(
        cast,
        MORNING,
        round={"cadence": "PER_SHIFT:start", "role": "order_keeper"},
        small_hours={"cadence": "FREQ=DAILY;BYHOUR=2", "role": "order_keeper"},
    )
    generate(MORNING)
    assert {task.slot: task.person for task in tasks(cast, key="round", day=TODAY)} == {
        "2026-03-10/day:start": cast.zheng,
        "2026-03-10/night:start": other,
    }
    assert (
        tasks(cast, key="small_hours", day=TODAY + DAY).get().person == other
    )  # the night shift that began the day before


def test_who_rests_is_not_asked(cast):
    Roster.objects.create(estate=cast.sunny, person=cast.zhou, day=TODAY, shift="rest")
    adopt(cast, MORNING, pumps={"cadence": "FREQ=DAILY", "role": "repairer", "scope": "unit"})
    generate(MORNING)
    assert {task.person for task in tasks(cast, day=TODAY)} == {cast.wu}


def test_shifts_follow_the_estates_pattern(cast):
    adopt(
        cast,
        MORNING,
        round={"cadence": "CONTINUOUS", "role": "order_keeper"},
        desk={"cadence": "PER_SHIFT:end", "role": "front_desk"},
    )
    set_to(cast, MORNING, "shifts.guards", "three")
    generate(MORNING)
    assert [task.slot for task in tasks(cast, key="round", day=TODAY)] == [
        "2026-03-10/early:all",
        "2026-03-10/late:all",
        "2026-03-10/deep:all",
    ]
    assert [task.slot for task in tasks(cast, key="desk", day=TODAY)] == ["2026-03-10/office:end"]


def test_a_deadline_on_the_day_of_leave_moves_to_the_cover(cast):
    adopt(
        cast,
        MORNING,
        patrol={"cadence": "FREQ=DAILY", "scope": "zone"},
        plan={"cadence": "FREQ=WEEKLY", "scope": "zone"},
    )
    generate(MORNING)
    ticket = Ticket.objects.report(
        by=cast.as_("mei"), estate=cast.sunny, words="漏水", unit=cast.home, household_id=cast.meis.pk
    )
    leave = plan_absence(
        cast.ming, cast.sunny, TODAY, date(2026, 3, 12), cast.fang, by=cast.as_("ming"), why="年假", at=TUESDAY
    )
    mine = {(task.key, task.slot): task.person for task in tasks(cast, zone=cast.east)}
    assert mine[("patrol", "2026-03-10")] == mine[("patrol", "2026-03-11")] == cast.fang
    assert mine[("patrol", "2026-03-12")] == mine[("plan", "2026-03-09~week")] == cast.ming  # due when they are back
    ticket.refresh_from_db()
    assert ticket.steward == cast.fang
    generate(TUESDAY + DAY)
    leave.come_back(by=cast.as_("ming"), at=TUESDAY + DAY)
    ticket.refresh_from_db()
    assert ticket.steward == cast.ming
    assert tasks(cast, zone=cast.east, day=TODAY + DAY, key="patrol").get().person == cast.ming


def test_leave_that_lies_ahead_begins_by_itself(cast):
    adopt(cast, MORNING, patrol={"cadence": "FREQ=DAILY", "scope": "zone"})
    plan_absence(cast.ming, cast.sunny, TODAY + 2 * DAY, TODAY + 4 * DAY, cast.fang, by=cast.as_("qian"), at=MORNING)
    generate(MORNING)
    assert [task.person for task in tasks(cast, zone=cast.east)] == [cast.ming, cast.ming, cast.fang]
    for hours in range(24, 24 * 6, 12):
        run_once(MORNING + hours * HOUR)
    assert {task.slot: task.person for task in tasks(cast, zone=cast.east)}["2026-03-14"] == cast.ming
    assert events(cast, "absence.begun").count() == events(cast, "absence.ended").count() == 1


def test_leave_needs_another_person_and_no_second_leave(cast):
    with pytest.raises(Refused):
        plan_absence(cast.ming, cast.sunny, TODAY, None, cast.ming, by=cast.as_("ming"))
    with pytest.raises(NotAllowed):
        plan_absence(cast.fang, cast.sunny, TODAY, None, cast.ming, by=cast.as_("ming"))
    plan_absence(cast.ming, cast.sunny, TODAY, None, cast.fang, by=cast.as_("ming"))
    with pytest.raises(Refused):
        plan_absence(cast.ming, cast.sunny, TODAY + DAY, None, cast.fang, by=cast.as_("ming"))


def test_the_workers_minute(cast):
    """The loop generates when an hour begins, misses every minute, and leaves nothing twice."""
    adopt(cast, MORNING, patrol={"cadence": "FREQ=DAILY;BYHOUR=6", "scope": "estate"})
    for step in range(0, 600, 30):
        minute(MORNING + step * MINUTE)
    assert [task.slot for task in tasks(cast)] == ["2026-03-10T06:00", "2026-03-11T06:00", "2026-03-12T06:00"]
    assert events(cast, "task.missed").count() == 1
