"""The demo's history (issue 2.10): told by the real verbs, day by day, today first, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F

from guanjia import clock
from guanjia.demo import happenings, rules, work
from guanjia.demo import history as demo
from guanjia.demo.work import demo_history
from guanjia.duties.generation import make_up
from guanjia.duties.models import Duty, Record, Task
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
    for part in ("bill_months", "collect", "homes"):  # the books' and the households' parts need the demo's own estate
        monkeypatch.setattr(work, part, lambda estate, now: None)
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


@pytest.fixture
def ruled(cast, job, monkeypatch):
    """The books adopted nine days ago; the storm lies within."""
    monkeypatch.setattr(rules, "DAYS", 9)
    monkeypatch.setattr(happenings, "STORM", 3)
    rules.keep_rules(cast.sunny)
    return job


def tasks(cast):
    return Task.objects.at_estate(cast.sunny)


def test_the_duties_of_the_last_weeks_are_told(cast, ruled):
    """Issue 3.7: most was done in time by those who answer for it, some late, some never; nobody's slot lies open unsaid."""
    demo_history(ruled, lambda *told: None)
    over = tasks(cast).filter(due_at__lt=clock.now(), person__isnull=False, waived_at__isnull=True)
    kept = over.filter(done_at__lte=F("due_at")).count()
    assert 0.85 < kept / over.count() < 1
    assert over.filter(done_at__gt=F("due_at")).exists()
    assert not over.filter(
        done_at__isnull=True, missed_at__isnull=True, due_at__lt=clock.now() - timedelta(days=1)
    ).exists()
    assert not tasks(cast).filter(done_at__gt=clock.now()).exists()
    # A verdict may have struck a record out and opened its task again.
    counted = Record.objects.at_estate(cast.sunny).counted()
    assert counted.count() == tasks(cast).filter(done_at__isnull=False).count()


def test_tasks_are_made_with_the_clock_set_back(cast, ruled):
    """Only what stood open when the rules were adopted was made after it opened."""
    demo_history(ruled, lambda *told: None)
    since = Duty.objects.at_estate(cast.sunny).earliest("laid_at").laid_at
    assert not tasks(cast).filter(opens_at__gte=since, late_made=True).exists()
    assert tasks(cast).filter(day__lt=clock.today(cast.sunny)).count() > 100


def test_every_slot_has_its_task_however_often_it_is_told(cast, ruled):
    """Design decision 10: killed within the second week it goes on; the live generation finds nothing to add."""

    def killed(done, total, words):
        if done == 1:
            raise Killed

    with pytest.raises(Killed):
        demo_history(ruled, killed)
    first = set(Record.objects.at_estate(cast.sunny).values_list("client_id", flat=True))
    assert first and len(ruled.result["rounds"]) == 1
    demo_history(Job.objects.at_estate(cast.sunny).get(pk=ruled.pk), lambda *told: None)
    records = Record.objects.at_estate(cast.sunny)
    assert first < set(records.values_list("client_id", flat=True))
    assert records.count() == records.values("task").distinct().count()
    assert make_up(cast.sunny, clock.now() - timedelta(days=8), clock.now()) == 0
