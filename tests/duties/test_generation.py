"""Tasks from duties: whose, where, when, once; healed after downtime; by the rule of their time (issue 3 points 2 and 3)."""

from __future__ import annotations

from datetime import date

import pytest

from guanjia.duties.generation import generate
from guanjia.duties.laying import enact
from guanjia.duties.models import Duty, Enactment, Task
from guanjia.estates.models import UnitState
from guanjia.events.models import Event
from guanjia.people.models import Person
from tests.cast import TUESDAY, post, staff
from tests.duties.lawbook import DAY, HOUR, MINUTE, adopt, local, set_to, tasks

MONDAY = local(date(2026, 3, 9))
TODAY = date(2026, 3, 10)
MORNING = local(TODAY)


def slots(cast, **which):
    return [task.slot for task in tasks(cast, **which)]


def test_a_duty_becomes_a_task_for_each_zone_and_its_steward(cast):
    """PAT-01: the steward of the zone, by name; run again nothing is added."""
    adopt(cast, MORNING, patrol={"cadence": "FREQ=DAILY", "scope": "zone"})
    assert generate(TUESDAY) == 6  # today, tomorrow, and the day after that begins within 48 hours
    assert generate(TUESDAY) == 0
    today = tasks(cast, day=TODAY)
    assert [(task.zone, task.person, task.role, task.slot) for task in today] == [
        (cast.east, cast.ming, "steward", "2026-03-10"), (cast.west, cast.fang, "steward", "2026-03-10")
    ]  # fmt: skip
    assert all(task.late_made for task in today) and not tasks(cast, day=TODAY + DAY).first().late_made


def test_what_is_not_adopted_waits_or_is_kept_elsewhere_makes_nothing(cast):
    """A duty that waits for the company runs from the moment its cadence is set."""
    adopt(
        cast, MORNING, waiting={"waits": {"word": "定期", "suggest": "FREQ=WEEKLY"}}, ticket={"cadence": "FREQ=DAILY", "kept_by": "clock:sla"},
        later={"cadence": "FREQ=DAILY", "register_only": "以后"}, off={"cadence": "FREQ=DAILY", "rows": ["OWN-02"]},
    )  # fmt: skip
    set_to(cast, MORNING, "clause.OWN-02.on", False)
    assert generate(TUESDAY) == 0
    set_to(cast, TUESDAY, "duty.waiting.cadence", "FREQ=DAILY")
    assert generate(TUESDAY + MINUTE) == 3
    assert set(tasks(cast).values_list("key", flat=True)) == {"waiting"}


def test_scopes(cast):
    """One task for each building, entrance, place of a kind, vacant unit, household …; with its zone's steward."""
    cast.home_next.state = UnitState.VACANT
    cast.home_next.save(update_fields=["state"])
    scopes = [
        "estate",
        "zone",
        "building",
        "entrance",
        "place:lift",
        "place:garden",
        "unit",
        "vacant_unit",
        "renovation",
        "household",
    ]
    adopt(cast, MORNING, **{scope.replace(":", "_"): {"cadence": "FREQ=DAILY", "scope": scope} for scope in scopes})
    generate(TUESDAY)
    found = {scope: list(tasks(cast, key=scope.replace(":", "_"), day=TODAY)) for scope in scopes}
    assert {scope: len(rows) for scope, rows in found.items()} == {
        "estate": 1, "zone": 2, "building": 2, "entrance": 2, "place:lift": 1, "place:garden": 0, "unit": 3, "vacant_unit": 1, "renovation": 0, "household": 2,
    }  # fmt: skip
    assert found["vacant_unit"][0].unit == cast.home_next and found["vacant_unit"][0].person == cast.ming
    assert {(task.household, task.unit, task.person) for task in found["household"]} == {
        (cast.meis, cast.home, cast.ming),
        (cast.lus, cast.home_west, cast.fang),
    }
    assert found["place:lift"][0].place == cast.lift


def test_each_of_the_staff(cast):
    """Everybody in the role does it themselves; or the duty's role does it about each of them."""
    adopt(
        cast,
        MORNING,
        diary={"cadence": "FREQ=DAILY", "scope": "staff"},
        review={"cadence": "FREQ=DAILY", "scope": "staff:repairer", "role": "supervisor"},
    )
    generate(TUESDAY)
    assert {(task.subject_id, task.person) for task in tasks(cast, key="diary", day=TODAY)} == {
        (cast.ming.pk, cast.ming),
        (cast.fang.pk, cast.fang),
    }
    assert {(task.subject_id, task.person) for task in tasks(cast, key="review", day=TODAY)} == {
        (cast.zhou.pk, cast.zhao),
        (cast.wu.pk, cast.zhao),
    }


def test_where_nobody_holds_the_post_it_falls_to_the_next(cast):
    """Decision 8: the chain of `falls_to`; with nobody at the end the task is there, unassigned."""
    adopt(
        cast,
        MORNING,
        plumbing={"cadence": "FREQ=DAILY", "role": "plumber"},
        guard={"cadence": "FREQ=DAILY", "role": "order_keeper"},
    )
    generate(TUESDAY)
    assert tasks(cast, key="plumbing").first().person in (cast.zhou, cast.wu)  # a plumber's work is a repairer's
    Person.objects.exclude(pk=cast.qian.pk).update(is_active=False)
    generate(TUESDAY + 3 * DAY)
    assert tasks(cast, key="guard").last().person == cast.qian
    Person.objects.update(is_active=False)
    generate(TUESDAY + 6 * DAY)
    assert tasks(cast, key="guard").last().person is None


def test_the_holder_comes_before_a_deputy(cast):
    another = staff(cast.company, "another", "代班人")
    post(cast.sunny, another, "steward", cast.east, deputy=True)
    adopt(cast, MORNING, patrol={"cadence": "FREQ=DAILY", "scope": "zone"})
    generate(TUESDAY)
    assert tasks(cast, zone=cast.east).first().person == cast.ming


def test_downtime_is_healed_and_marked(cast):
    """Three days without the house: every slot is there afterwards, those past marked as made late."""
    adopt(cast, MONDAY, check={"cadence": "FREQ=DAILY;BYHOUR=6,18", "scope": "estate", "role": "manager"})
    generate(MONDAY)
    generate(MONDAY + 6 * DAY)
    assert slots(cast) == [f"2026-03-{day:02}T{hour}" for day in range(9, 17) for hour in ("06:00", "18:00")]
    assert not tasks(cast, slot="2026-03-10T06:00").get().late_made
    assert tasks(cast, slot="2026-03-13T06:00").get().late_made


def test_the_order_and_number_of_runs_make_no_difference(cast):
    """Horizon split: hourly runs, daily runs and one run after a week have the same slots."""
    duties = {
        "a": {"cadence": "FREQ=DAILY;INTERVAL=5"},
        "b": {"cadence": "COUNT_PER_DAY=3"},
        "c": {"cadence": "FREQ=WEEKLY"},
        "d": {"cadence": "PER_SHIFT:end", "role": "order_keeper"},
    }
    adopt(cast, MONDAY, **duties)
    found = []
    for steps in (7 * 24, 7, 1):
        for step in range(steps):
            generate(MONDAY + (step + 1) * 7 * DAY / steps)
        found.append({(task.key, task.slot) for task in tasks(cast)})
        Task.objects.at_estate(cast.sunny).delete()
        Enactment.objects.at_estate(cast.sunny).update(made_at=None, made_to=None, swept_on=None)
    assert found[0] == found[1] == found[2] and len(found[0]) > 40


def test_a_changed_rule_counts_from_the_next_slot(cast):
    """Issue 3 point 2: what has opened keeps its rule, what has not is laid anew, nothing is there twice."""
    adopt(cast, MORNING, patrol={"cadence": "FREQ=DAILY", "scope": "zone"})
    generate(TUESDAY)
    before = tasks(cast, day=TODAY).first().duty
    set_to(cast, TUESDAY + HOUR, "duty.patrol.cadence", "FREQ=DAILY;BYHOUR=6,18")
    generate(TUESDAY + 2 * HOUR)
    assert slots(cast, zone=cast.east) == [
        "2026-03-10",
        "2026-03-10T18:00",
        "2026-03-11T06:00",
        "2026-03-11T18:00",
        "2026-03-12T06:00",
    ]
    assert tasks(cast, day=TODAY).first().duty == before
    old, new = Duty.objects.at_estate(cast.sunny).order_by("pk")
    assert old.ended_at == new.laid_at == TUESDAY + HOUR and new.follows


def test_a_rule_changed_while_the_house_was_down_counts_from_its_own_instant(cast):
    adopt(cast, MONDAY, patrol={"cadence": "FREQ=DAILY", "scope": "estate"})
    generate(MONDAY)
    set_to(cast, MONDAY + DAY + 12 * HOUR, "duty.patrol.cadence", "COUNT_PER_DAY=2")
    generate(MONDAY + 4 * DAY)
    assert slots(cast, day__lte=date(2026, 3, 12)) == [
        "2026-03-09",
        "2026-03-10",
        "2026-03-10#2",
        "2026-03-11#1",
        "2026-03-11#2",
        "2026-03-12#1",
        "2026-03-12#2",
    ]


def test_retiring_and_going_back(cast):
    """A retired clause makes no task; the tasks that were open stay; adopted again it goes on."""
    adopt(cast, MORNING, patrol={"cadence": "FREQ=DAILY", "scope": "estate"})
    generate(TUESDAY)
    set_to(cast, TUESDAY + HOUR, "duty.patrol.on", False)
    generate(TUESDAY + 2 * HOUR)
    assert slots(cast) == ["2026-03-10"]
    set_to(cast, TUESDAY + 2 * DAY, "duty.patrol.on", True)
    generate(TUESDAY + 2 * DAY + HOUR)
    assert slots(cast) == ["2026-03-10", "2026-03-12", "2026-03-13", "2026-03-14"]


def test_a_task_that_somebody_moved_stays_when_the_rule_changes(cast):
    adopt(cast, MORNING, patrol={"cadence": "FREQ=DAILY", "scope": "estate", "role": "manager"})
    generate(TUESDAY)
    mine = tasks(cast, day=TODAY + DAY).get()
    mine.hand_over(cast.zhao, "换人", by=cast.as_("qian"))
    set_to(cast, TUESDAY + HOUR, "duty.patrol.cadence", "FREQ=DAILY;BYHOUR=9")
    generate(TUESDAY + 2 * HOUR)
    assert set(slots(cast, day=TODAY + DAY)) == {"2026-03-11", "2026-03-11T09:00"}


def test_adopted_within_a_period_it_counts_for_what_is_left(cast):
    """A monthly duty adopted on the tenth is due at the end of this month, not of the next."""
    adopt(
        cast,
        TUESDAY,
        plan={"cadence": "FREQ=MONTHLY", "scope": "estate"},
        morning={"cadence": "FREQ=DAILY;BYHOUR=6", "scope": "estate"},
    )
    generate(TUESDAY)
    assert slots(cast, key="plan") == ["2026-03-01~month"] and slots(cast, key="morning") == [
        "2026-03-11T06:00",
        "2026-03-12T06:00",
    ]
    assert tasks(cast, key="plan").get().person == cast.zhao or tasks(cast, key="plan").get().person in (
        cast.ming,
        cast.fang,
    )


def test_a_change_of_time_zone_within_a_period(cast):
    """The estate moves its clocks: the same local dates, none lost or doubled."""
    adopt(
        cast,
        MONDAY,
        month={"cadence": "FREQ=MONTHLY", "scope": "estate"},
        day={"cadence": "FREQ=DAILY", "scope": "estate"},
    )
    generate(TUESDAY)
    cast.sunny.time_zone = "Europe/Berlin"
    cast.sunny.save(update_fields=["time_zone"])
    from guanjia.rulebooks.parameters import forget

    forget()
    generate(TUESDAY + 3 * DAY)
    assert slots(cast, key="month") == ["2026-03-01~month"]
    assert slots(cast, key="day") == ["2026-03-09", *[f"2026-03-{day}" for day in range(10, 16)]]


def test_a_public_holiday_of_2026(cast):
    """国庆: a work-day duty rests from 1 to 7 October and runs on Saturday the tenth (调休)."""
    october = local(date(2026, 9, 30))
    adopt(cast, october, office={"cadence": "FREQ=DAILY", "scope": "estate", "window": {"workday": "only"}})
    for day in range(12):
        generate(october + day * DAY)
    assert slots(cast) == ["2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10", "2026-10-12", "2026-10-13"]


def test_one_event_for_a_run_and_none_for_an_empty_one(cast):
    adopt(cast, MORNING, patrol={"cadence": "FREQ=DAILY", "scope": "zone"})
    generate(TUESDAY), generate(TUESDAY)
    made = Event.objects.at_estate(cast.sunny).filter(action="task.made")
    assert [event.particulars for event in made] == [{"count": 6, "unassigned": 0}]


def test_enacting_again_changes_nothing(cast):
    adopt(cast, MORNING, patrol={"cadence": "FREQ=DAILY", "scope": "zone"})
    assert enact(cast.sunny, TUESDAY) == 1 and enact(cast.sunny, TUESDAY) == 0 and enact(cast.sunny, TUESDAY + DAY) == 0


def test_other_estates_have_their_own(cast):
    """The neighbour adopts nothing, and gets nothing."""
    from guanjia.tenancy.scope import estate_scope

    adopt(cast, MORNING, patrol={"cadence": "FREQ=DAILY", "scope": "zone"})
    generate(TUESDAY)
    with estate_scope(cast.lake):
        assert not Task.objects.at_estate(cast.lake).exists()


@pytest.mark.parametrize("key", ["duty.patrol.cadence"])
def test_a_cadence_that_says_nothing_stops_only_its_own_duty(cast, key):
    adopt(
        cast,
        MORNING,
        patrol={"cadence": "FREQ=DAILY", "scope": "zone"},
        other={"cadence": "FREQ=DAILY", "scope": "estate"},
    )
    from guanjia.rulebooks.models import Parameter

    Parameter.objects.create(
        company=cast.company, estate=cast.sunny, key=key, value="NONSENSE", valid_from=MONDAY, reason="x"
    )
    generate(TUESDAY)
    assert set(tasks(cast).values_list("key", flat=True)) == {"other"}


def test_what_a_rule_would_move_is_said_before_it_is_saved(cast):
    """Issue 3 point 2: coming tasks affected, counted and named; nothing is written and nothing else changes."""
    from guanjia.rulebooks.moving import would_move

    adopt(cast, MORNING, patrol={"cadence": "FREQ=DAILY", "scope": "zone"}, other={"cadence": "FREQ=DAILY", "scope": "estate"})
    generate(TUESDAY)
    before = list(tasks(cast).values_list("pk", flat=True))
    moved = {each.words: (each.count, each.samples) for each in would_move(cast.sunny, "duty.patrol.cadence", "FREQ=WEEKLY", TUESDAY)}
    assert moved["1 项职责改变"] == (1, [("patrol", None)]) and not any("停止" in words for words in moved)
    assert 4 in [count for words, (count, _samples) in moved.items() if "还没开始的任务" in words]
    assert "2 项职责停止" in {each.words for each in would_move(cast.sunny, "book.own.adopted", False, TUESDAY)}
    assert "2 项职责改变" not in {each.words for each in would_move(cast.sunny, "shifts.guards", "three", TUESDAY)}
    assert list(tasks(cast).values_list("pk", flat=True)) == before and generate(TUESDAY) == 0


def test_the_first_run_looks_no_further_back_than_its_duties(cast, monkeypatch):
    """Decision 8: an estate that begins today does not work out a month of slots that nobody asked for."""
    from guanjia.duties import generation

    first, slots_of = [], generation.slots
    monkeypatch.setattr(generation, "slots", lambda *args: first.append(args[1]) or slots_of(*args))
    adopt(cast, MORNING, patrol={"cadence": "FREQ=DAILY", "scope": "zone"})
    assert generate(TUESDAY) == 6
    assert min(first) >= TODAY - 5 * DAY
