"""The control room's screen tells what the rows say now: running limits, rounds, who is on shift, the day (issue 6 line 9)."""

from datetime import timedelta

from guanjia import clock
from guanjia.duties.models import Roster, Task
from guanjia.incentives.wall import wall
from guanjia.people.models import Post
from guanjia.staffing.models import Attendance
from guanjia.staffing.turns import on_shift
from guanjia.tickets.models import Ticket
from tests.billing.again import fill as ledger
from tests.billing.again import grouped, per_cent
from tests.duties.doing import task
from tests.reports.again import HERE, Again

from .rows import END, fill


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


def test_every_number_equals_the_rows(cast, books):
    """Once more in plain Python from rows of every kind, the day's first and last second included; what was merged or called off is none."""
    fill(cast, 7)
    ledger(books, 7)
    now = END - timedelta(hours=3)  # 21:00 on the 31st
    day = now.astimezone(HERE).date()
    for name in ("reported_at", "done_at"):  # nothing has happened yet that is to come
        Ticket.objects.filter(**{f"{name}__gt": now}).update(**{name: now})
    with clock.at(now):
        found = wall(cast.sunny, now)
    again = Again(day, day + timedelta(days=1), None, now)
    real = [row for row in Ticket.objects.all() if row.stage not in ("merged", "cancelled")]
    left = [row for row in real if row.done_at is None and row.stage != "archived"]
    tasks = [row for row in Task.objects.all() if again.within(row.due_at) and not row.waived_at]
    charged, paid, opening, since = grouped(day)[""]
    assert (found.open, found.urgent, found.late) == (len(left), sum(row.klass == "urgent" for row in left), sum(row.due_at < now for row in left))
    assert (found.reported, found.done) == (len(again.reported()), sum(again.within(row.done_at) for row in real))
    assert (found.tasks, found.tasks_done) == (len(tasks), sum(row.done_at is not None for row in tasks))
    assert found.tasks_late == sum(row.done_at is None and row.due_at < now for row in tasks)
    assert found.buildings == 2 and found.patrolled * 50 == float(again.patrols()["patrols"][0].rstrip("%"))
    assert found.collection == per_cent(paid + since, charged + opening)
    assert min(found.open, found.late, found.reported, found.done, found.tasks) > 0


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
