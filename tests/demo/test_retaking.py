"""The demo's reports say what its rows say, whatever was told later than they were written (RPT-08)."""

from datetime import timedelta

from guanjia import clock
from guanjia.demo.retaking import retake
from guanjia.reports.models import Report
from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY
from tests.reports.conftest import lay, task


def test_figures_are_taken_again_as_of_their_day(cast):
    duty = lay(cast, "rpt_week_stats", rows=["RPT-08"], form="report")
    duty.cadence = "FREQ=WEEKLY"
    duty.save(update_fields=["cadence"])
    one = Report.objects.of(task(cast, duty, 0, person=cast.ming), by=cast.as_("ming"))
    one.submit({"summary": "本周平稳"}, by=cast.as_("ming"))
    before = one.submitted_at
    for hours in (1, 2):
        Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="漏水", kind="repair", unit=cast.home, household_id=cast.meis.pk, at=TUESDAY - timedelta(hours=hours))
    assert retake(cast.sunny) == 1
    one.refresh_from_db()
    assert next(row["value"] for row in one.figures if row["key"] == "tickets") == "2"
    assert (one.submitted_at, one.state) == (before, "submitted") and clock.now() == TUESDAY
