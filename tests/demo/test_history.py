"""The demo's history (issue 2.10): told by the real verbs, day by day, today first, once."""

from __future__ import annotations

import pytest

from guanjia import clock
from guanjia.demo import history as demo
from guanjia.demo.work import demo_history
from guanjia.events.models import Event
from guanjia.households.models import Member
from guanjia.jobs.models import Job
from guanjia.people.models import Post
from guanjia.people.roles import Role
from guanjia.tickets.models import Ticket
from guanjia.tickets.resident_acts import is_unrated
from tests.cast import ALWAYS


@pytest.fixture
def job(cast, monkeypatch):
    """The cast with a post for everybody the demo needs; three short days."""
    monkeypatch.setattr(demo, "DAYS", 2)
    monkeypatch.setattr(demo, "TODAY", 6)
    monkeypatch.setattr(demo, "PER_DAY", 2.0)
    Member.objects.at_estate(cast.sunny).exclude(login=cast.mei).update(login=None)
    Post.objects.create(estate=cast.sunny, person=cast.wu, role=Role.CLEANER, during=ALWAYS)
    return Job.objects.ask("demo_history", estate=cast.sunny, key="ninety days")


class Killed(Exception):
    pass


def test_the_printed_resident_finds_each_kind_of_report(cast, job):
    """Issue 2.10, every screen looks alive: one under way, one to rate, two archived."""
    demo_history(job, lambda *told: None)
    told = {row.words: row for row in Ticket.objects.visible_to(cast.as_("mei"))}
    under_way, to_rate = told["卫生间天花板渗水，顺着灯往下滴"], told["我家门口的楼道灯一闪一闪的"]
    assert under_way.is_open and under_way.works.get().stage == "arrived"
    assert to_rate.stage in ("done", "fed_back") and is_unrated(to_rate)
    assert [told[words].stage for words in ("厨房下水慢，有异味", "单元门关不严，风一吹就开")] == ["archived"] * 2


def test_today_is_told_first_and_nothing_twice(cast, job):
    """Design decision 10: killed after the first day, it goes on with the second; killed within a day, the day is not there."""

    def killed_at(day):
        def show(done, total, words):
            if done == day:
                raise Killed

        return show

    with pytest.raises(Killed):
        demo_history(job, killed_at(1))
    first = set(Ticket.objects.at_estate(cast.sunny).values_list("pk", flat=True))
    assert first and list(job.result["days"]) == [clock.today(cast.sunny).isoformat()]
    again = Job.objects.at_estate(cast.sunny).get(pk=job.pk)
    made = demo_history(again, lambda *told: None)["tickets"]
    rows = Ticket.objects.at_estate(cast.sunny)
    assert rows.count() == made == Event.objects.filter(action="ticket.reported").count()
    assert first < set(rows.values_list("pk", flat=True))


def test_a_day_half_told_is_not_there(cast, job, monkeypatch):
    monkeypatch.setattr(Job, "remember", lambda self, **so_far: (_ for _ in ()).throw(Killed))
    with pytest.raises(Killed):
        demo_history(job, lambda *told: None)
    assert not Ticket.objects.at_estate(cast.sunny).exists()
