"""The control room's screen tells what the rows say now: running limits, rounds, who is on shift, the day (issue 6 line 9)."""

from datetime import timedelta

from guanjia import clock
from guanjia.duties.models import Roster
from guanjia.incentives.wall import wall
from guanjia.people.models import Post
from guanjia.staffing.models import Attendance
from guanjia.staffing.turns import on_shift
from guanjia.tickets.models import Ticket
from tests.duties.doing import task


def test_urgent_reports_stand_on_top_with_the_clock_that_is_due_first(cast):
    by = cast.as_("ming")
    slow = Ticket.objects.report(by=by, estate=cast.sunny, words="灯不亮", unit=cast.home, household_id=cast.meis.pk, at=clock.now() - timedelta(minutes=20))
    fast = Ticket.objects.report(by=by, estate=cast.sunny, words="冒烟", unit=cast.home, household_id=cast.meis.pk)
    fast.classify(by=by, klass="urgent", category="gas_fire")
    found = wall(cast.sunny, clock.now())
    assert (found.open, found.urgent, found.reported) == (2, 1, 2)
    assert [line.urgent for line in found.waiting] == [True, False]
    for line, row in zip(found.waiting, (fast, slow), strict=True):
        assert line.due == min(one.due_at for one in row.clocks.filter(stopped_at=None, paused_at=None))
    assert found.waiting[1].late and not found.waiting[0].late  # ten minutes to classify are over
    assert len(found.newest) == 2


def test_rounds_and_tasks_of_the_day(cast):
    task(cast, opens=-60, due=60)
    task(cast, opens=60, due=120, slot="2026-03-10-later")
    task(cast, opens=-240, due=-60, slot="2026-03-10-missed")
    task(cast, opens=-60, due=60, slot="2026-03-10-x", key="other", form="report")
    found = wall(cast.sunny, clock.now())
    assert [line.late for line in found.patrols] == [True, False]
    assert (found.tasks, found.tasks_done, found.tasks_late) == (4, 0, 1)


def test_who_is_on_shift_and_who_came(cast):
    """By the roster before the post's pattern; somebody off duty is none."""
    now = clock.now()
    today, due = clock.today(cast.sunny), on_shift(cast.sunny, now)
    assert due[cast.ming.pk] == "steward"
    Roster.objects.create(estate=cast.sunny, person=cast.ming, day=today, shift="rest")
    assert cast.ming.pk not in on_shift(cast.sunny, now)
    Attendance.objects.create(
        estate=cast.sunny, person=cast.fang, day=today, shift="day", starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=5), in_at=now - timedelta(hours=1), proof="code"
    )
    stewards = next(row for row in wall(cast.sunny, now).posts if row[0] == "片区管家")
    assert stewards[1:] == (1, sum(role == "steward" for role in due.values()) - 1)
    assert Post.objects.at_estate(cast.sunny).exists()
