"""Who stands in for whoever stands in (issue 4 line 1 and proof; STF-17): the chain on any day, its gaps, and what moves with it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanjia import clock
from guanjia.duties.covering import plan_absence
from guanjia.duties.models import Absence
from guanjia.operations.check import findings
from guanjia.people.models import Post
from guanjia.people.presence import present, stood_in_for
from guanjia.people.reach import reach_of
from guanjia.people.responsibility import answered_for, holders_of_zones, responsible_for
from guanjia.people.roles import Role, stand_ins
from guanjia.staffing.load import loads
from guanjia.staffing.models import Leave
from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY, post

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)
DAY = timedelta(days=1)
WHO = ("ming", "fang", "he", "jing")


def away(cast, who, cover=None, first=TODAY, until=TODAY + 5 * DAY):
    covering = getattr(cast, cover) if cover else None
    return plan_absence(getattr(cast, who), cast.sunny, first, until, covering, by=None)


def gaps(cast):
    return [row for row in findings(cast.sunny) if row["check"] == "steward_away_uncovered"]


def test_the_cover_of_a_cover_answers(cast):
    """Steward away → her cover away → the cover's cover has the name, the work and the permissions; each gets theirs back."""
    ticket = Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="漏水", unit=cast.home)
    first = away(cast, "ming", "fang")
    second = away(cast, "fang", "he", TODAY, TODAY + 2 * DAY)
    ticket.refresh_from_db()
    assert responsible_for(cast.sunny, cast.east.pk) == cast.he == ticket.steward
    assert reach_of(cast.he, cast.sunny).zones >= {cast.east.pk, cast.west.pk}
    assert next(row for row in loads(cast.sunny) if row.zone == cast.east).acting == {cast.ming.pk: cast.he}
    with clock.at(TUESDAY + 2 * DAY):
        assert responsible_for(cast.sunny, cast.east.pk) == cast.fang
    first.come_back(by=cast.as_("ming"))  # while 王芳 is still away
    ticket.refresh_from_db()
    assert ticket.steward == cast.ming and responsible_for(cast.sunny, cast.west.pk) == cast.he
    second.come_back(by=cast.as_("fang"))
    assert reach_of(cast.he, cast.sunny).zones == frozenset()


def test_the_work_goes_past_a_cover_who_is_away(cast):
    """Leave with a cover who is away that day: what is open goes to whoever is there."""
    away(cast, "fang", "he")
    ticket = Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="漏水", unit=cast.home)
    away(cast, "ming", "fang")
    ticket.refresh_from_db()
    assert ticket.steward == cast.he and not gaps(cast)


def test_when_the_assistant_is_away_too_the_next_one_answers(cast):
    """STF-17: steward away → assistant away → the next of `stood_in_by`; when nobody is left `check` names the zone and day."""
    post(cast.sunny, cast.he, Role.ASSISTANT_STEWARD, cast.east)
    absence = away(cast, "ming")
    assert absence.cover == cast.he == responsible_for(cast.sunny, cast.east.pk)
    away(cast, "he", first=TODAY + DAY)
    assert [row["subject"][-10:] for row in gaps(cast)] == [f"{TODAY + DAY}"]  # planned, not yet so
    with clock.at(TUESDAY + DAY):
        assert gaps(cast) and responsible_for(cast.sunny, cast.east.pk) == cast.ming  # nobody: it stays his
        post(cast.sunny, cast.jing, Role.ASSISTANT_STEWARD)  # of the whole estate
        assert responsible_for(cast.sunny, cast.east.pk) == cast.jing and not gaps(cast)
        assert holders_of_zones(cast.sunny, TODAY + DAY)[cast.east.pk] == "陈静"
        _zone, answers = answered_for(cast.sunny, cast.home.pk, TODAY + DAY)
        assert next(row for row in answers if row.role == Role.STEWARD).person == cast.jing


def test_a_vacant_post_is_nobodys(cast):
    """Standing in is for who is away; a post that nobody holds is a gap of its own."""
    post(cast.sunny, cast.he, Role.ASSISTANT_STEWARD, cast.east)
    Post.objects.filter(person=cast.ming).delete()
    assert responsible_for(cast.sunny, cast.east.pk) is None and cast.east.pk not in holders_of_zones(cast.sunny, TODAY)


def test_leave_on_the_day_of_a_deadline_moves_it(cast):
    """Issue 4 proof: granted in the morning of the day something is due; the limit stays, the person changes, and comes back."""
    ticket = Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="漏水", unit=cast.home)
    ticket.classify(by=cast.as_("jing"), category="leak", klass="routine")
    ticket.dispatch(by=cast.as_("jing"), worker=cast.zhou, wishes="无", priority="medium")
    due = ticket.due_at
    assert clock.today(cast.sunny, due) == TODAY
    for who, cover in (("ming", cast.fang), ("zhou", cast.wu)):
        asked = Leave.objects.ask("sick", TODAY, TODAY, "发烧", by=cast.as_(who), cover=cover)
        asked.grant(by=cast.as_("qian"))
    ticket.refresh_from_db()
    assert (ticket.steward, ticket.due_at) == (cast.fang, due)
    assert [row.worker for row in ticket.works.open()] == [cast.wu]


ABSENCES = st.dictionaries(
    st.sampled_from(WHO),
    st.tuples(st.sampled_from((None, *WHO)), st.integers(0, 3), st.integers(1, 3)),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=ABSENCES, on=st.integers(0, 5))
def test_the_chain_on_any_day(cast, said, on):
    """Whoever is away, with whatever covers (also in a circle): the database's answer is the one that walking the chain gives."""
    day = TODAY + on * DAY
    people = {who: getattr(cast, who) for who in WHO}

    def here(who):
        seen = set()
        while who in said and said[who][1] <= on < said[who][1] + said[who][2]:
            if who in seen or said[who][0] in (None, who):
                return None
            seen.add(who)
            who = said[who][0]
        return who

    with transaction.atomic():
        post(cast.sunny, cast.he, Role.STEWARD, cast.east, deputy=True)
        post(cast.sunny, cast.jing, Role.ASSISTANT_STEWARD, cast.east)
        for who, (cover, first, days) in said.items():
            span = (TODAY + first * DAY, TODAY + (first + days) * DAY)
            Absence.objects.create(
                estate=cast.sunny, person=people[who], during=span, cover=people[cover] if cover and cover != who else None
            )  # fmt: skip
        expected = next((name for name in map(here, ("ming", "he", "jing")) if name), "ming")
        found = responsible_for(cast.sunny, cast.east.pk, at=TUESDAY + on * DAY)
        assert found == people[expected]
        assert holders_of_zones(cast.sunny, day)[cast.east.pk] == found.name
        for who, person in people.items():
            there = present(cast.sunny, person.pk, day)
            assert there == (people[here(who)].pk if here(who) else None)
        assert set(stood_in_for(cast.sunny, day)) == {people[who].pk for who in said if said[who][1] <= on < sum(said[who][1:])}
        transaction.set_rollback(True)


def test_stand_ins_follow_each_other():
    assert stand_ins(Role.STEWARD) == ("assistant_steward",) and stand_ins(Role.MANAGER) == ("deputy_manager",)
