"""Reports and meetings as duties: figures fill themselves, words are somebody's, the signature somebody else's (RPT-01 … RPT-29)."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from guanjia import clock
from guanjia.events.models import Event
from guanjia.reports.figures import FIGURES, ORDINARY, REPORTS, figures_of
from guanjia.reports.models import FORMS, Report
from guanjia.reports.periods import covered
from guanjia.rulebooks.books import duties
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY

from .conftest import lay, task

WORDS = {"summary": "本周报修两件", "problems": "电梯常停", "sent_to": "项目经理"}


@pytest.fixture
def weekly(cast):
    """RPT-08: 李明 owes this week's statistics by noon today."""
    duty = lay(cast, "rpt_week_stats", rows=["RPT-08"], form="report")
    duty.cadence = "FREQ=WEEKLY"
    duty.save(update_fields=["cadence"])
    row = task(cast, duty, 0, person=cast.ming)
    for words in ("厨房漏水", "灯不亮"):
        Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words=words, kind="repair", unit=cast.home, household_id=cast.meis.pk, at=TUESDAY - timedelta(hours=1))
    return row


def value(report, key):
    return next(one["value"] for one in report.figures if one["key"] == key)


@pytest.mark.parametrize(
    ("cadence", "day", "first", "last"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=5", date(2026, 3, 5), date(2026, 2, 1), date(2026, 3, 1)),  # RPT-01: covers the month before
        ("FREQ=MONTHLY;BYMONTHDAY=25", date(2026, 3, 25), date(2026, 3, 1), date(2026, 4, 1)),  # RPT-19
        ("FREQ=MONTHLY;BYMONTHDAY=5", date(2026, 1, 5), date(2025, 12, 1), date(2026, 1, 1)),
        ("FREQ=MONTHLY;INTERVAL=3", date(2026, 5, 1), date(2026, 4, 1), date(2026, 7, 1)),  # RPT-10
        ("FREQ=WEEKLY", date(2026, 3, 10), date(2026, 3, 9), date(2026, 3, 16)),  # RPT-08
        ("FREQ=YEARLY;BYMONTH=11", date(2026, 11, 30), date(2026, 1, 1), date(2027, 1, 1)),
        ("FREQ=DAILY", date(2026, 3, 10), date(2026, 3, 10), date(2026, 3, 11)),  # RPT-25
    ],
)
def test_which_days_a_report_covers(cadence, day, first, last):
    assert covered(cadence, day) == (first, last)


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=3", "FREQ=YEARLY"]))
def test_periods_follow_one_another(day, cadence):
    """Property: a period contains its day, and the next one begins where it ends."""
    first, last = covered(cadence, day)
    assert first <= day < last
    assert covered(cadence, last)[0] == last


def test_every_set_of_figures_answers_on_an_empty_estate(cast):
    """Every set that a report names is there, and answers where nothing has happened."""
    assert {name for sets in REPORTS.values() for name in sets} | set(ORDINARY) <= set(FIGURES)
    for key in (*REPORTS, "rpt_other"):
        for one in figures_of(key, cast.lake, date(2026, 3, 1), date(2026, 4, 1)):
            assert one["label"] and one["value"] != ""


def test_every_report_of_the_table_has_a_form_and_somebody():
    """RPT-01 … RPT-28: every report duty of the books is written on a page of reports."""
    rows = {key: entry for key, (_book, entry) in duties().items() if key.startswith("rpt_") and not entry.register_only}
    assert len(rows) >= 25
    odd = {key for key, entry in rows.items() if entry.form not in FORMS}
    assert odd <= {"rpt_prep_comm"}, odd


def test_a_report_fills_itself_is_handed_in_and_signed_by_another(cast, weekly):
    """RPT-08: figures as of now until it is handed in, then they stand; the author signs nothing of his own."""
    ming, zhao = cast.as_("ming"), cast.as_("zhao")
    report = Report.objects.of(weekly, by=ming)
    assert value(report, "tickets") == "2" and report.state == "draft"
    Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="又漏了", kind="repair", unit=cast.home, household_id=cast.meis.pk, at=TUESDAY)
    report = Report.objects.of(weekly, by=ming)
    assert value(report, "tickets") == "3"
    report.write({"summary": "草稿"}, by=ming)
    report.submit(WORDS, by=ming)
    weekly.refresh_from_db()
    assert weekly.done_at == clock.now() and weekly.records.get().form == "report"
    Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="后来的", kind="repair", unit=cast.home, household_id=cast.meis.pk, at=TUESDAY)
    assert value(Report.objects.of(weekly, by=zhao), "tickets") == "3"
    for refused, act in ((Refused, lambda: report.write(WORDS, by=ming)), (NotAllowed, lambda: report.sign(by=ming)), (Refused, lambda: report.send_back(" ", by=zhao))):
        with pytest.raises(refused):
            act()
    report.send_back("少了电梯", by=zhao)
    assert report.state == "returned"
    report.submit(WORDS, by=ming)
    report.sign(by=zhao)
    assert report.state == "signed"
    assert list(Event.objects.filter(subject_type="report").order_by("pk").values_list("action", flat=True)) == ["report.submitted", "report.returned", "report.submitted", "report.signed"]


def test_looking_at_a_report_begins_none(client, cast, weekly):
    """RPT: who only looks is not its author; it is there once somebody has written."""
    client.force_login(cast.zhao)
    assert client.get(f"/e/sunny/reports/{weekly.pk}/").status_code == 200
    assert not Report.objects.at_estate(cast.sunny).exists()


def test_a_report_is_written_by_who_owes_it_and_judged_once(cast, weekly):
    """RPT: no resident, no steward of another zone writes it; of two who judge it at once the second is told."""
    report = Report.objects.of(weekly, by=cast.as_("ming"))
    for who in ("mei", "fang"):
        with pytest.raises(NotAllowed):
            report.write(WORDS, by=cast.as_(who))
    report.submit(WORDS, by=cast.as_("ming"))
    stale = Report.objects.of(weekly, by=cast.as_("zhao"))
    report.send_back("少了电梯", by=cast.as_("zhao"))
    with pytest.raises(Refused):
        stale.sign(by=cast.as_("zhao"))
    stale = Report.objects.of(weekly, by=cast.as_("ming"))
    report.submit(WORDS, by=cast.as_("ming"))
    with pytest.raises(Refused):
        stale.write({"summary": "旧页"}, by=cast.as_("ming"))


def test_the_pages_of_reports(client, cast, weekly):
    """RPT: who must report what by when and how it stands; draft, hand in, sign, Excel and PDF."""
    client.force_login(cast.ming)
    page = client.get("/e/sunny/reports/").content.decode()
    assert "周统计" in page and "李明" in page
    here = f"/e/sunny/reports/{weekly.pk}/"
    assert "报修" in client.get(here).content.decode()
    assert client.post(here, {"summary": "", "submit": "1"}).status_code == 422
    assert client.post(here, {"summary": "写了一半", "keep": "1"}).status_code == 302
    assert "写了一半" in client.get(here).content.decode()
    assert client.post(here, WORDS | {"submit": "1"}).status_code == 302
    assert client.post(here, WORDS | {"submit": "1"}).status_code == 409
    assert client.post(f"{here}signature/").status_code == 404  # a steward signs nothing
    client.force_login(cast.zhao)
    assert "待签阅" in client.get("/e/sunny/reports/?show=waiting").content.decode()
    assert client.post(f"{here}signature/", {"sign": "1"}).status_code == 302
    assert "已签阅" in client.get("/e/sunny/reports/?show=all").content.decode()
    assert client.get(f"{here}pdf/").content.startswith(b"%PDF")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(client.get(f"{here}xlsx/").streaming_content)))
    cells = [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert "本周报修两件" in cells
    client.force_login(cast.fang)
    assert client.get(here).status_code == 404  # another zone's
