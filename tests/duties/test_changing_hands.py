"""A change of post or of what a task is about moves the tasks already made (decision 8; STF-17, VAC-01)."""

from __future__ import annotations

from datetime import date

from guanjia import clock
from guanjia.duties.covering import plan_absence
from guanjia.duties.generation import generate
from guanjia.duties.models import Enactment, Waiver
from guanjia.duties.succession import hand_over_post
from guanjia.estates.models import UnitState
from guanjia.events.models import Event
from guanjia.people.models import Post
from guanjia.people.posting import appoint, relieve
from tests.cast import TUESDAY, post, staff
from tests.duties.lawbook import DAY, HOUR, MINUTE, adopt, local, tasks

TODAY = date(2026, 3, 10)
MORNING = local(TODAY)
PATROL = {"cadence": "FREQ=DAILY", "scope": "zone"}


def whose(cast, **which):
    return {task.slot: task.person for task in tasks(cast, **which)}


def told(cast, action):
    return Event.objects.at_estate(cast.sunny).filter(action=action)


def held(cast, person):
    return Post.objects.at_estate(cast.sunny).get(person=person)


def test_who_is_appointed_has_what_was_made_ahead(cast):
    """The east's steward goes, another comes: what is open and untouched is hers; done and taken-over tasks stay. One event an act."""
    adopt(cast, MORNING, patrol=PATROL, weekly={"cadence": "FREQ=WEEKLY", "scope": "zone"})
    generate(TUESDAY)
    today = tasks(cast, key="patrol", zone=cast.east, day=TODAY).get()
    today.take(by=cast.as_("zhao"))
    tomorrow = tasks(cast, key="patrol", zone=cast.east, day=TODAY + DAY).get()
    tomorrow.done_at, tomorrow.done_by = TUESDAY, cast.ming
    tomorrow.save(update_fields=["done_at", "done_by"])
    west = whose(cast, zone=cast.west)
    relieve(held(cast, cast.ming), by=cast.as_("qian"))
    new = staff(cast.company, "new", "新管家")
    appoint(new, cast.sunny, "steward", by=cast.as_("qian"), zone=cast.east)
    assert whose(cast, zone=cast.east, key="patrol") == {
        "2026-03-10": cast.zhao,
        "2026-03-11": cast.ming,
        "2026-03-12": new,
    }
    assert set(whose(cast, zone=cast.east, key="weekly").values()) == {new}  # also the week that is under way
    assert whose(cast, zone=cast.west) == west
    acts = told(cast, "task.reassigned").order_by("pk")
    assert [event.particulars["count"] for event in acts] == [2, 2]
    assert acts.last().actor_id == cast.qian.pk and acts.last().particulars["worker_id"] == new.pk


def test_a_post_that_ends_tomorrow_keeps_today(cast):
    adopt(cast, MORNING, patrol=PATROL)
    generate(TUESDAY)
    relieve(held(cast, cast.ming), by=None, until=TODAY + DAY)
    east = whose(cast, zone=cast.east)
    assert east["2026-03-10"] == cast.ming and cast.ming not in (east["2026-03-11"], east["2026-03-12"])


def test_what_opened_stays_with_one_of_equals(cast):
    """Another cleaner comes: the day's work is not torn from those who are at it; what is to come is shared out."""
    for name in ("c1", "c2"):
        post(cast.sunny, staff(cast.company, name, name), "cleaner")
    adopt(cast, MORNING, sweep={"cadence": "FREQ=DAILY", "scope": "unit", "role": "cleaner"})
    generate(TUESDAY)
    before = {task.pk: task.person_id for task in tasks(cast, day=TODAY)}
    third = staff(cast.company, "c3", "c3")
    appoint(third, cast.sunny, "cleaner", by=None)
    assert {task.pk: task.person_id for task in tasks(cast, day=TODAY)} == before
    assert third in [task.person for task in tasks(cast, day=TODAY + DAY)]


def test_a_hand_over_and_leave_without_cover(cast):
    """STF-17: a hand-over gives all by name in its own event; who is away with nobody named has theirs done by the next who answers."""
    adopt(cast, MORNING, patrol=PATROL)
    generate(TUESDAY)
    new = staff(cast.company, "new", "新管家")
    hand_over_post(held(cast, cast.ming), new, by=cast.as_("qian"))
    assert set(whose(cast, zone=cast.east).values()) == {new}
    assert not told(cast, "task.reassigned").exists()
    away = plan_absence(cast.fang, cast.sunny, TODAY, TODAY + DAY, None, by=cast.as_("fang"))
    assert away.cover_id is None or away.moved
    west = whose(cast, zone=cast.west)
    assert west["2026-03-10"] != cast.fang and west["2026-03-11"] == cast.fang
    away.come_back(by=cast.as_("fang"))
    assert set(whose(cast, zone=cast.west).values()) == {cast.fang}


def test_an_estate_without_duties_is_left_alone(cast):
    appoint(cast.he, cast.sunny, "supervisor", by=None)
    assert not Enactment.objects.at_estate(cast.sunny).exists()


def test_a_house_that_is_let_needs_no_more_checks(cast):
    """VAC-01: what had not opened is withdrawn, what had is waived by the house with its reason; what was missed stays missed."""
    cast.home.state = cast.home_next.state = UnitState.VACANT
    cast.home.save(update_fields=["state"])
    cast.home_next.save(update_fields=["state"])
    adopt(cast, MORNING, vacant={"cadence": "FREQ=DAILY", "scope": "vacant_unit"})
    generate(TUESDAY)
    missed = tasks(cast, unit=cast.home, day=TODAY + DAY).get()
    missed.missed_at = TUESDAY
    missed.save(update_fields=["missed_at"])
    cast.home.state = UnitState.OCCUPIED
    cast.home.save(update_fields=["state"])
    with clock.at(TUESDAY + HOUR):
        generate(TUESDAY + HOUR)
    left = {task.slot: task for task in tasks(cast, unit=cast.home)}
    assert set(left) == {"2026-03-10", "2026-03-11"} and left["2026-03-11"].waived_at is None
    assert left["2026-03-10"].waived_at == TUESDAY + HOUR
    waiver = Waiver.objects.at_estate(cast.sunny).get()
    assert waiver.by_id is None and waiver.why == "房屋不再空置"
    event = told(cast, "task.waived").get()
    assert event.particulars["why"] == waiver.why and event.subject_id == waiver.task_id and "系统" in event.sentence
    assert tasks(cast, unit=cast.home_next).filter(waived_at=None).count() == 3
    generate(TUESDAY + 2 * HOUR)
    assert Waiver.objects.at_estate(cast.sunny).count() == 1


def test_households_renovations_and_people_that_no_longer_ask(cast):
    cast.home.state = UnitState.RENOVATING
    cast.home.save(update_fields=["state"])
    cast.meis.tier = "core"
    cast.meis.save(update_fields=["tier"])
    adopt(
        cast, MORNING, core={"cadence": "FREQ=WEEKLY", "scope": "household:core"}, site={"cadence": "FREQ=DAILY", "scope": "renovation"},
        diary={"cadence": "FREQ=DAILY", "scope": "staff"}, all={"cadence": "FREQ=DAILY", "scope": "unit"}, event={"cadence": "EVENT:storm", "scope": "event"},
    )  # fmt: skip
    generate(TUESDAY)
    count = tasks(cast, key="all").count()
    taken = tasks(cast, key="site", day=TODAY + DAY).get()
    taken.take(by=cast.as_("zhao"))
    cast.home.state = UnitState.OCCUPIED
    cast.home.save(update_fields=["state"])
    cast.meis.tier = ""
    cast.meis.save(update_fields=["tier"])
    relieve(held(cast, cast.fang), by=None)
    generate(TUESDAY + MINUTE)
    assert {(waiver.task.key, waiver.task.slot, waiver.why) for waiver in Waiver.objects.at_estate(cast.sunny)} == {
        ("core", "2026-03-09~week", "住户已迁出，或不再属于这一类"), ("site", "2026-03-10", "装修已经结束"),
        ("site", "2026-03-11", "装修已经结束"), ("diary", "2026-03-10", "人员已不在这个岗位"),
    }  # fmt: skip
    assert not tasks(cast, key__in=("core", "site"), waived_at=None).exists()
    assert {task.person for task in tasks(cast, key="diary", waived_at=None)} == {cast.ming}
    assert tasks(cast, key="all", waived_at=None).count() == count


def test_who_comes_writes_their_own_diary_within_the_hour(cast):
    adopt(cast, MORNING, diary={"cadence": "FREQ=DAILY", "scope": "staff"})
    generate(TUESDAY)
    new = staff(cast.company, "new", "新管家")
    appoint(new, cast.sunny, "steward", by=None, deputy=True)
    generate(TUESDAY + HOUR)
    assert tasks(cast, person=new).count() == 3
