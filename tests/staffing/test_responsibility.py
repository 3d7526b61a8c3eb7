"""Responsibility has dates: zones that were redrawn, posts that changed hands, leave (issue 4; EST-01, STF-11, STF-17, STF-18)."""

import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from guanjia import clock
from guanjia.duties.covering import plan_absence
from guanjia.duties.succession import hand_over_post
from guanjia.estates.models import Entrance, FormerZone, Unit
from guanjia.estates.zoning import draw_zone
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.operations.check import findings
from guanjia.people.models import Post
from guanjia.people.posting import appoint, relieve
from guanjia.people.reach import reach_of
from guanjia.people.responsibility import answered_for, responsible_for
from guanjia.people.roles import Role
from guanjia.staffing.load import loads
from guanjia.staffing.models import Leave
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.scope import estate_scope
from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY, home, post

TODAY = date(2026, 3, 10)
DAY = timedelta(days=1)


def steward_of(cast, unit, day):
    _zone, answers = answered_for(cast.sunny, unit.pk, day)
    return next((row.person.name for row in answers if row.role == Role.STEWARD), None)


def leak(cast):
    made = Ticket.objects.report(
        by=cast.as_("mei"), estate=cast.sunny, words="漏水", unit=cast.home, household_id=cast.meis.pk
    )
    made.classify(by=cast.as_("jing"), category="leak", klass="routine")
    return made


def checks(cast):
    return {found["check"] for found in findings(cast.sunny)}


# -- zones ------------------------------------------------------------------------------------------------------------


def test_who_answered_on_a_day_survives_redrawing(cast, django_assert_num_queries):
    """EST-01: one query says whose a home was; a zone redrawn keeps its past."""
    draw_zone(cast.sunny, "W", "西区", [cast.b5], units=[cast.home], by=cast.as_("qian"), at=TUESDAY)
    with django_assert_num_queries(2):  # the answer, and the names
        answered_for(cast.sunny, cast.home.pk, TODAY)
    assert steward_of(cast, cast.home, TODAY - DAY) == "李明"
    assert steward_of(cast, cast.home, TODAY) == "王芳"
    draw_zone(cast.sunny, "E", "东区", [cast.b3], by=cast.as_("qian"), at=TUESDAY + 5 * DAY)
    said = [steward_of(cast, cast.home, TODAY + n * DAY) for n in (-1, 0, 4, 5, 100)]
    assert said == ["李明", "王芳", "王芳", "李明", "李明"]
    assert steward_of(cast, cast.home_next, TODAY + 2 * DAY) == "李明"


def test_zones_of_entrances_and_single_homes(cast):
    """Issue 4: a zone is of buildings, entrances or units; `exactly` lets go what is not named."""
    second = Entrance.objects.create(estate=cast.sunny, building=cast.b3, number="2", floors=18)
    upstairs = home(cast.sunny, cast.b3, second, "1801", cast.east)
    draw_zone(cast.sunny, "W", "西区", [cast.b5], entrances=[second], by=None, at=TUESDAY)
    upstairs.refresh_from_db()
    cast.b3.refresh_from_db()
    assert upstairs.zone == cast.west and cast.b3.zone == cast.east  # its lift and lobby stay with most of it
    draw_zone(cast.sunny, "E", "东区", units=[cast.home], exactly=True, by=None, at=TUESDAY)
    assert list(Unit.objects.filter(zone=cast.east)) == [cast.home]
    assert Unit.objects.get(pk=cast.home_next.pk).zone is None
    assert "unit_without_steward" in checks(cast)


def test_redrawn_twice_a_day_leaves_one_past(cast):
    for code in ("W", "E", "W"):
        draw_zone(cast.sunny, code, code, units=[cast.home], by=None, at=TUESDAY)
    assert FormerZone.objects.count() == 1
    assert steward_of(cast, cast.home, TODAY - DAY) == "李明" and steward_of(cast, cast.home, TODAY) == "王芳"


def test_only_who_may_appoint_draws_zones(cast):
    with pytest.raises(NotAllowed):
        draw_zone(cast.sunny, "N", "北区", [cast.b3], by=cast.as_("zhao"))
    with pytest.raises(Refused):
        draw_zone(cast.sunny, "N", " ", [cast.b3], by=cast.as_("qian"))


def test_the_database_allows_one_past_a_day(cast):
    """Design decision 7: the exclusion constraint, whatever the code does."""
    FormerZone.objects.create(estate=cast.sunny, unit=cast.home, zone=cast.west, during=(None, TODAY))
    with pytest.raises(IntegrityError), transaction.atomic():
        FormerZone.objects.create(estate=cast.sunny, unit=cast.home, zone=cast.east, during=(TODAY - DAY, TODAY + DAY))


# -- load -------------------------------------------------------------------------------------------------------------


def test_load_is_counted_a_steward_over_all_their_zones(cast, monkeypatch):
    """STF-11: 1:150 warns, 1:200 is too much; a steward of two zones answers for both."""
    ratios = {"staff.ratio_a": 1, "staff.ratio_b": 2}
    monkeypatch.setattr("guanjia.staffing.load.parameter", lambda estate, key, at: ratios[key])
    monkeypatch.setattr("guanjia.operations.check.parameter", lambda estate, key, at: ratios[key])
    assert {row.zone.code: (row.load, row.tone) for row in loads(cast.sunny)} == {"E": (2, "soon"), "W": (1, "good")}
    relieve(Post.objects.get(person=cast.fang), by=cast.as_("qian"))
    assert next(row for row in loads(cast.sunny) if row.zone.code == "W").tone == "bad"  # nobody
    appoint(cast.ming, cast.sunny, Role.STEWARD, by=cast.as_("qian"), zone=cast.west)
    assert {row.zone.code: (row.load, row.tone) for row in loads(cast.sunny)} == {"E": (3, "bad"), "W": (3, "bad")}
    assert "steward_load" in checks(cast)


def test_the_check_names_gaps_and_doubles(cast):
    """Issue 4: units without steward, overlaps, nobody while the steward is away."""
    assert not checks(cast) & {"unit_without_steward", "zone_with_two_stewards", "steward_away_uncovered"}
    plan_absence(cast.ming, cast.sunny, TODAY, None, None, by=cast.as_("ming"))
    assert "steward_away_uncovered" in checks(cast)
    relieve(Post.objects.get(person=cast.fang), by=None)
    assert "unit_without_steward" in checks(cast)
    for name in ("he", "jing"):
        post(cast.sunny, getattr(cast, name), Role.STEWARD)
    assert "zone_with_two_stewards" in checks(cast)


# -- leave and standing in --------------------------------------------------------------------------------------------


def test_the_assistant_takes_over_all_duties_by_themself(cast):
    """STF-17: on leave with nobody named, the assistant has the work, the name on new tickets and every permission."""
    post(cast.sunny, cast.he, Role.ASSISTANT_STEWARD, cast.east)
    Post.objects.filter(person=cast.ming).update(role="senior_steward")
    post(cast.sunny, cast.wu, Role.STEWARD, cast.east)
    before = leak(cast)
    Ticket.objects.filter(pk=before.pk).update(steward=cast.ming)
    away = plan_absence(cast.ming, cast.sunny, TODAY, TODAY + 2 * DAY, None, by=cast.as_("ming"))
    before.refresh_from_db()
    assert away.cover == before.steward == cast.he
    assert responsible_for(cast.sunny, cast.east.pk, "senior_steward") == cast.he
    assert {"senior_steward", Role.ASSISTANT_STEWARD} <= reach_of(cast.he, cast.sunny).roles
    away.come_back(by=cast.as_("ming"))
    assert "senior_steward" not in reach_of(cast.he, cast.sunny).roles


def test_a_cover_sees_and_does_what_the_absent_may(cast):
    """STF-17: the west's steward stands in for the east's, for as long as the leave lasts; new reports come to her."""
    plan_absence(cast.ming, cast.sunny, TODAY, TODAY + DAY, cast.fang, by=cast.as_("ming"))
    assert cast.as_("fang").zones == {cast.east.pk, cast.west.pk}
    assert leak(cast).steward == cast.fang
    with clock.at(TUESDAY + DAY):
        assert cast.as_("fang").zones == {cast.west.pk}
        assert responsible_for(cast.sunny, cast.east.pk) == cast.ming
    assert steward_of(cast, cast.home, TODAY) == "王芳"  # the past remembers who stood in


def test_open_orders_move_with_leave_and_come_back(cast):
    """STF-17: a repairer's orders go to the cover in the same act, and return unless work began."""
    ticket = leak(cast)
    ticket.dispatch(by=cast.as_("jing"), worker=cast.zhou, wishes="无", priority="medium")
    away = plan_absence(cast.zhou, cast.sunny, TODAY, TODAY + DAY, cast.wu, by=cast.as_("zhou"))
    assert [order.worker for order in ticket.works.open()] == [cast.wu]
    begun = Event.objects.get(action=Action.ABSENCE_BEGUN)
    assert begun.particulars["orders"] == 1
    away.come_back(by=cast.as_("zhou"))
    assert [order.worker for order in ticket.works.open()] == [cast.zhou]


def test_leave_is_asked_for_and_granted_by_another(cast):
    """STF-18: asked, judged by who draws up the roster, never by oneself; a yes plans the absence."""
    asked = Leave.objects.ask("annual", TODAY, TODAY + DAY, "回老家", by=cast.as_("ming"), cover=cast.fang)
    with pytest.raises(NotAllowed):
        asked.grant(by=cast.as_("fang"))
    with pytest.raises(Refused):
        asked.refuse(" ", by=cast.as_("zhao"))
    absence = asked.grant(by=cast.as_("zhao"))
    assert (absence.cover, absence.during.upper) == (cast.fang, TODAY + 2 * DAY)
    with pytest.raises(Refused):
        asked.refuse("太忙", by=cast.as_("qian"))
    asked.withdraw(by=cast.as_("ming"))
    absence.refresh_from_db()
    assert absence.ended_at
    own = Leave.objects.ask("sick", TODAY, TODAY, "", by=cast.as_("zhao"))
    with pytest.raises(Refused):
        own.grant(by=cast.as_("zhao"))
    own.refuse("盘点", by=cast.as_("qian"))
    assert Event.objects.filter(action=Action.LEAVE_REFUSED).get().particulars["why"] == "盘点"


def test_leave_has_sensible_days_and_no_double(cast):
    with pytest.raises(Refused):
        Leave.objects.ask("annual", TODAY, TODAY - DAY, "", by=cast.as_("ming"))
    Leave.objects.ask("annual", TODAY, TODAY + DAY, "", by=cast.as_("ming"))
    with pytest.raises(Refused):
        Leave.objects.ask("sick", TODAY + DAY, TODAY + DAY, "", by=cast.as_("ming"))


# -- handing over -----------------------------------------------------------------------------------------------------


def test_a_post_is_handed_over_with_everything_open(cast):
    """Issue 4: hand-over moves open work in one act; what was done keeps its author."""
    ticket = leak(cast)
    held = Post.objects.get(person=cast.ming)
    made = hand_over_post(held, cast.he, by=cast.as_("qian"))
    ticket.refresh_from_db()
    assert ticket.steward == cast.he and made.zone == cast.east
    assert steward_of(cast, cast.home, TODAY) == "何前台" and steward_of(cast, cast.home, TODAY - DAY) == "李明"
    assert Event.objects.get(action=Action.POST_HANDED_OVER).particulars["tickets"] == 1
    with pytest.raises(Refused):
        hand_over_post(made, cast.he, by=cast.as_("qian"))
    with pytest.raises(NotAllowed):
        hand_over_post(made, cast.fang, by=cast.as_("fang"))


@pytest.mark.django_db(transaction=True)
def test_two_who_appoint_at_once_leave_one_steward():
    """Design decision 7: racing transactions; the exclusion constraint lets one of them in."""
    from tests.cast import build_cast

    with clock.at(TUESDAY):
        world = build_cast()
        with estate_scope(world.sunny):
            Post.objects.filter(role=Role.STEWARD, zone=world.east).delete()
        start, outcomes = threading.Barrier(2), []

        def race(person):
            try:
                start.wait(20)
                appoint(person, world.sunny, Role.STEWARD, by=None, zone=world.east, since=TODAY, at=TUESDAY)
                outcomes.append("held")
            except (IntegrityError, Refused):
                outcomes.append("refused")
            finally:
                connection.close()

        racers = [threading.Thread(target=race, args=[person]) for person in (world.he, world.jing)]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join(60)
        assert sorted(outcomes) == ["held", "refused"]
        with estate_scope(world.sunny):
            assert Post.objects.filter(role=Role.STEWARD, zone=world.east).count() == 1
