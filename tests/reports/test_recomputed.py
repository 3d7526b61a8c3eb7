"""Every figure of every report once more in plain Python from the rows, numbers in notes included (RPT-01 … RPT-29, issue 6)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from guanjia import clock
from guanjia.reports.figures import FIGURES, ORDINARY, REPORTS, figures_of
from guanjia.reports.models import FORMS, Report
from guanjia.rulebooks.books import duties
from tests.billing.again import fill as ledger
from tests.incentives.conftest import AFTER, books
from tests.incentives.rows import fill

from .again import SPANS, Again

__all__ = ["books"]
MIDDLE = datetime(2026, 3, 17, 4, 0, tzinfo=UTC)  # noon of a running month
SURVEYS = {"survey", "satisfaction"}  # of the whole estate, in a zone's report too


def report_keys():
    """Every duty of the books that is written on the page of reports."""
    return sorted(key for key, (_book, entry) in duties().items() if entry.form in FORMS and not entry.register_only)


def test_every_report_is_made_of_sets_that_are_computed_twice():
    """A new report takes sets that are there; a new set needs its second computation in again.py."""
    keys = report_keys()
    assert len(keys) > 40 and set(REPORTS) <= set(keys)
    named = {name for key in keys for name in REPORTS.get(key, ORDINARY)}
    assert named == set(FIGURES), "a set that no report takes, or a report that takes what is not there"
    assert [name for name in sorted(named) if not hasattr(Again, name)] == []


@pytest.fixture
def counted(cast, books):
    fill(cast, 5)
    ledger(books, 5)
    return cast


def compared(cast, now):
    """Every set × zone × period. Which sets had something to say."""
    spoke = set()
    for zone in (None, cast.east.pk, cast.west.pk):
        for first, last in SPANS if now == AFTER else SPANS[2:]:
            again = Again(first, last, zone, now)
            for name in FIGURES:
                REPORTS["probe"] = (name,)
                found = {one["key"]: (one["value"], one["note"]) for one in figures_of("probe", cast.sunny, first, last, zone)}
                said = {key: (str(value), found.get(key, ("", ""))[1] if note is None else note) for key, (value, note) in getattr(again, name)().items()}
                assert found == said, (name, zone, first)
                spoke |= {name} if any(value not in ("0", "—", "0.0%") for value, _note in found.values()) else set()
    return spoke


@pytest.mark.parametrize("now", [AFTER, MIDDLE])
def test_every_figure_equals_the_rows(counted, monkeypatch, now):
    """RPT-01, RPT-08, RPT-09, RPT-11 and all others: months, a week, a month that still runs; the estate and each zone."""
    monkeypatch.setitem(REPORTS, "probe", ())
    with clock.at(now):
        spoke = compared(counted, now)
    assert now == MIDDLE or spoke == set(FIGURES)


def test_a_correction_leaves_what_was_handed_in(counted):
    """Issue 6: figures that were handed in stand as they were; a new report of the days says the corrected ones; the rows moved, no report did."""
    from guanjia.tickets.models import Ticket

    from .conftest import lay, task

    with clock.at(AFTER):
        duty = lay(counted, "rpt_complaint_month", rows=["RPT-09"], form="analysis")
        duty.cadence = "FREQ=MONTHLY;BYMONTHDAY=5"
        duty.save(update_fields=["cadence"])
        first, second = (task(counted, duty, -day, person=counted.ming, subject_id=day) for day in (24, 25))
        one = Report.objects.of(first, by=counted.as_("ming"))
        assert one.begins == date(2026, 3, 1)
        one.submit({"frequent": "漏水", "causes": "老化", "measures": "换管"}, by=counted.as_("ming"))
        before = {row["key"]: row["value"] for row in one.figures}
        wrong = next(row for row in Again(date(2026, 3, 1), date(2026, 4, 1), None, AFTER).reported() if row.kind == "complaint")
        Ticket.objects.filter(pk=wrong.pk).update(kind="inquiry")
        stands = Report.objects.of(first, by=counted.as_("qian"))
        fresh = Report.objects.of(second, by=counted.as_("ming"))
        now = {row["key"]: row["value"] for row in fresh.figures}
        assert {row["key"]: row["value"] for row in stands.figures} == before
        assert int(now["complaints"]) == int(before["complaints"]) - 1
