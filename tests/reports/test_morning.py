"""Fifteen minutes in the morning: yesterday's requests, what is in hand, whom to call back, what is due (COM-05, 004 一2a)."""

from datetime import date, timedelta

from guanjia import clock
from guanjia.reports.figures import figures_of
from guanjia.reports.models import Report
from guanjia.reports.periods import period_of
from guanjia.reports.prefill import prefill
from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY
from tests.duties.doing import task


def standup(cast):
    row = task(cast, key="com_standup", form="meeting", opens=-60, due=0)
    row.duty.cadence = "FREQ=DAILY"
    return row


def test_it_tells_of_the_day_before(cast):
    assert period_of(standup(cast)) == (date(2026, 3, 9), date(2026, 3, 10))
    evening = task(cast, key="rpt_day_clear", form="report", due=480, slot="2026-03-10-x")
    evening.duty.cadence = "FREQ=DAILY"
    for minutes, days in ((120, (9, 10)), (121, (10, 11))):  # by noon, and a minute past it
        around = task(cast, key="rpt_day_clear", form="report", due=minutes, slot=f"2026-03-10-{minutes}")
        around.duty.cadence = "FREQ=DAILY"
        assert period_of(around) == tuple(date(2026, 3, day) for day in days)
    assert period_of(evening) == (date(2026, 3, 10), date(2026, 3, 11))


def test_every_figure_equals_the_rows(cast):
    """Recomputed in plain Python from what is there, the zone's alone."""
    now = clock.now()
    for n in range(6):
        Ticket.objects.create(
            estate=cast.sunny, number=f"26{n:06d}", kind="repair", channel="phone", words="灯", zone=cast.east if n else cast.west, klass="urgent" if n == 2 else "routine",
            stage="done" if n > 3 else "handling", reported_at=TUESDAY - timedelta(hours=12 * n + 1), due_at=now - timedelta(hours=1) if n == 3 else now + timedelta(hours=5),
            done_at=now - timedelta(hours=2) if n > 3 else None, confirmed_at=now if n == 5 else None,
        )  # fmt: skip
    meeting = standup(cast)
    found = {row["key"]: row["value"] for row in figures_of("com_standup", cast.sunny, *period_of(meeting), cast.east.pk)}
    rows = list(Ticket.objects.filter(zone=cast.east))
    yesterday = [row for row in rows if date(2026, 3, 9) == clock.today(cast.sunny, row.reported_at)]
    left = [row for row in rows if row.done_at is None]
    said = {
        "tickets": len(yesterday), "in_hand": len(left), "in_hand_urgent": sum(row.klass == "urgent" for row in left), "in_hand_late": sum(row.due_at < now for row in left),
        "to_call": sum(row.done_at is not None and row.confirmed_at is None for row in rows), "to_follow_up": sum(row.done_at is not None for row in rows), "due_today": 1, "due_left": 1,
    }  # fmt: skip
    assert {key: int(found[key]) for key in said} == said
    report = Report.objects.of(meeting, by=cast.as_("ming"))
    assert "还没办完" in prefill(report, {})["topics"]
