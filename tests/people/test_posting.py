"""Appointing people and relieving them (design decision 6)."""

from datetime import date

import pytest

from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.people.models import Post
from guanjia.people.posting import appoint, relieve
from guanjia.people.reach import reach_of
from guanjia.people.responsibility import responsible_for
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.cast import TUESDAY


@pytest.fixture
def stewardship(cast):
    return Post.objects.get(person=cast.ming)


def test_a_relieved_steward_is_out_from_that_day_on(cast, stewardship):
    relieve(stewardship, by=cast.as_("qian"))
    assert reach_of(cast.ming, cast.sunny) is None
    assert responsible_for(cast.sunny, cast.east.pk) is None
    event = Event.objects.get(action=Action.POST_ENDED)
    assert event.sentence == "李明卸任片区管家"


def test_the_past_keeps_its_holder_and_a_successor_may_begin(cast, stewardship):
    relieve(stewardship, by=cast.as_("qian"))
    appoint(cast.fang, cast.sunny, "steward", by=cast.as_("qian"), zone=cast.east)
    assert responsible_for(cast.sunny, cast.east.pk) == cast.fang
    assert responsible_for(cast.sunny, cast.east.pk, at=TUESDAY.replace(day=9)) == cast.ming


def test_not_twice_not_before_it_began_and_not_by_anybody(cast, stewardship):
    with pytest.raises(NotAllowed):
        relieve(stewardship, by=cast.as_("zhao"))
    with pytest.raises(Refused):
        relieve(stewardship, by=cast.as_("qian"), until=date(2025, 1, 1))
    relieve(stewardship, by=cast.as_("qian"))
    with pytest.raises(Refused):
        relieve(stewardship, by=cast.as_("qian"))
