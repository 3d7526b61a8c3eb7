"""A report beside its periods before: previous values, charts with their numbers, words filled in to begin with (RPT-01, issue 6)."""

from __future__ import annotations

import io
import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from guanjia.reports.figures import figures_of
from guanjia.reports.models import Report
from guanjia.reports.periods import covered
from guanjia.reports.trend import before, charts, number, spans, values
from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY

from .conftest import lay, task


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=3", "FREQ=YEARLY"]))
def test_the_period_before_is_the_one_a_report_of_its_day_covers(day, cadence):
    """Property: spans touch, and each is what the cadence itself makes of its first day."""
    found = spans(*covered(cadence, day))
    assert all(left[1] == right[0] for left, right in itertools.pairwise(found))
    assert all(covered(cadence, first) == (first, last) for first, last in found)
    assert before(*found[-1]) == found[-2]


@given(st.decimals(0, 10**9, places=2, allow_nan=False))
def test_numbers_are_read_as_they_are_written(value):
    assert number(f"{value:,.2f}") == float(value) and number(f"{value:.2f}%", "%") == float(value)
    assert number(f"{value:.2f}%") is None and number("—") is None and number("NaN") is None


def reported(cast, words, unit, days, household, **more):
    return Ticket.objects.report(by=cast.as_("jing"), estate=cast.sunny, words=words, kind="repair", unit=unit, household_id=household.pk, at=TUESDAY - timedelta(days=days), **more)


@pytest.fixture
def weekly(cast):
    """Four reports in the east and one in the west this week, two in the east the week before."""
    for days, unit, household in ((0, cast.home, cast.meis), (0, cast.home, cast.meis), (1, cast.home, cast.meis), (1, cast.home, cast.meis), (0, cast.home_west, cast.lus), (7, cast.home, cast.meis), (7, cast.home, cast.meis)):
        reported(cast, f"漏水 {days}", unit, days, household)
    duty = lay(cast, "rpt_week_stats", rows=["RPT-08"], form="analysis")
    duty.cadence = "FREQ=WEEKLY"
    duty.save(update_fields=["cadence"])
    return task(cast, duty, 1, person=cast.ming)


def of(cast, key, zone):
    found = figures_of(key, cast.sunny, date(2026, 3, 9), date(2026, 3, 16), zone.pk if zone else None)
    return {one["key"]: one["value"] for one in found}


def test_a_zones_report_tells_of_its_zone(cast, weekly):
    """RPT-08: the zones add up to the estate, for every count that has a zone."""
    estate, east, west = (of(cast, "rpt_other", zone) for zone in (None, cast.east, cast.west))
    assert (estate["tickets"], east["tickets"], west["tickets"]) == ("5", "4", "1")
    for key in ("tickets", "tickets_done", "complaints", "vacant", "ratings"):
        assert int(estate[key]) == int(east[key]) + int(west[key]), key


def test_the_week_before_stands_beside_this_week(cast, weekly):
    weekly.zone = cast.east
    weekly.save(update_fields=["zone"])
    report = Report.objects.of(weekly, by=cast.as_("ming"))
    said = values(report)
    assert [each["tickets"] for each in said] == ["0", "0", "0", "0", "2", "4"]
    chart = charts(report, said)[0]
    assert chart.names == ["02-02", "02-09", "02-16", "02-23", "03-02", "03-09"] and dict(chart.rows)["诉求"] == [0, 0, 0, 0, 2, 4]


def test_what_was_handed_in_then_stands(cast, weekly):
    """A report of the week before keeps the figures it was handed in with, whatever came later."""
    earlier = task(cast, weekly.duty, 7, person=cast.ming)
    old = Report.objects.of(earlier, by=cast.as_("ming"), at=TUESDAY - timedelta(days=6))
    old.submit({"frequent": "漏水", "causes": "老化", "measures": "换管"}, by=cast.as_("ming"), at=TUESDAY - timedelta(days=6))
    reported(cast, "补报", cast.home, 7, cast.meis)
    assert values(Report.objects.of(weekly, by=cast.as_("ming")))[-2]["tickets"] == "2"


def test_what_is_so_now_is_not_said_of_the_past(cast, weekly):
    """RPT-08, COM-05: vacant homes, what is in hand: of a week that nobody handed in nothing is known; handed in it stands."""
    now = Report.objects.of(weekly, by=cast.as_("ming"))
    assert "vacant" in values(now)[-1] and not any("vacant" in each for each in values(now)[:-1])
    old = Report.objects.of(task(cast, weekly.duty, 7, person=cast.ming), by=cast.as_("ming"), at=TUESDAY - timedelta(days=6))
    old.submit({"frequent": "漏水", "causes": "老化", "measures": "换管"}, by=cast.as_("ming"), at=TUESDAY - timedelta(days=6))
    assert values(now)[-2]["vacant"] == "0"


def test_the_page_is_filled_in_drawn_and_taken_along(client, cast, weekly):
    """RPT-01: figures in words to begin with, never over what was written; a table beside the chart; PDF and Excel have the past too."""
    client.force_login(cast.ming)
    here = f"/e/sunny/reports/{weekly.pk}/"
    page = client.get(here).content.decode()
    assert "诉求 5 件（上期 2）" in page and "trend-1" in page and "看数字" in page
    client.post(here, {"frequent": "我自己写的", "causes": "", "measures": "", "keep": "1"})
    page = client.get(here).content.decode()
    assert "我自己写的" in page and "（上期" not in page
    assert client.get(here + "pdf/").content.startswith(b"%PDF")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(client.get(here + "xlsx/").streaming_content)))
    rows = {row[0]: row[1:3] for row in book.get_sheet_by_index(0).to_python()}
    assert rows["诉求"] == ["5 件", 2] or rows["诉求"] == ["5 件", "2"]
