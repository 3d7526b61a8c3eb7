"""Readings from a workbook: new meters are made, wrong rows come back with their reasons."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.files.base import ContentFile

from guanjia.billing.models import Meter, Reading
from guanjia.importing.readings import KIND, write
from guanjia.jobs.models import Job
from guanjia.jobs.registry import work_of
from guanjia.people.models import Post
from guanjia.tenancy.errors import Refused

from .conftest import MARCH


def upload(client, lines):
    content = io.BytesIO()
    write(content, lines)
    file = ContentFile(content.getvalue(), name="readings.xlsx")
    answer = client.post("/e/sunny/import/readings/?period=2026-03", {"file": file, "key": "k" * 32})
    assert answer.status_code == 302
    job = Job.objects.get(kind=KIND)
    return work_of(KIND)(job, lambda *_bar: None), job


def test_a_file_of_readings(client, cast, books, settings, tmp_path):
    """Issue 5: meters with import; what is wrong stays out and is told."""
    settings.MEDIA_ROOT = tmp_path
    known = Meter.objects.create(estate=cast.sunny, unit=cast.home, kind="water", number="W1", initial=10)
    client.force_login(cast.cash)
    result, job = upload(client, [
        ["3-1-501", "水表", "W1", "1,012.5", "", ""], ["3-1-502", "电表", "E2", "150", "100", "2"], ["9-9-999", "水表", "W9", "5", "", ""], ["3-1-501", "水表", "W1", "很多", "", ""],
    ])  # fmt: skip
    assert (result["read"], result["refused"]) == (2, 2) and [number for number, _why in result["reasons"]] == [4, 5]
    assert (
        known.readings.get().usage == Decimal("1002.500")
        and Reading.objects.get(meter__number="E2", period=MARCH).usage == 100
    )
    page = client.get("/e/sunny/import/readings/?period=2026-03").content.decode()
    assert "已导入 2 个读数" in page and "第 4 行" in page and job.result_file
    assert client.get("/e/sunny/import/readings/list.xlsx?period=2026-03").status_code == 200


def test_a_file_without_headings_says_so(client, cast, books, settings, tmp_path):
    """A file that is something else is refused whole."""
    settings.MEDIA_ROOT = tmp_path
    client.force_login(cast.cash)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet().write_row(0, 0, ["姓名", "电话"])
    client.post("/e/sunny/import/readings/", {"file": ContentFile(content.getvalue(), name="x.xlsx"), "key": "k" * 32})
    with pytest.raises(Refused, match="表号"):
        work_of(KIND)(Job.objects.get(kind=KIND), lambda *_bar: None)
    assert not Reading.objects.exists()


def test_a_meter_s_number_may_be_typed_as_a_number(client, cast, books, settings, tmp_path):
    """Excel keeps 20260001 as a number; it is the meter of that number all the same."""
    settings.MEDIA_ROOT = tmp_path
    known = Meter.objects.create(estate=cast.sunny, unit=cast.home, kind="water", number="20260001")
    client.force_login(cast.cash)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["表号", "读数"])
        sheet.write_row(1, 0, [20260001, 12.5])
    client.post("/e/sunny/import/readings/?period=2026-03", {"file": ContentFile(content.getvalue(), name="x.xlsx"), "key": "k" * 32})
    result = work_of(KIND)(Job.objects.get(kind=KIND), lambda *_bar: None)
    assert result["read"] == 1 and known.readings.get().value == Decimal("12.5")


def test_a_refused_row_leaves_no_meter(client, cast, books, settings, tmp_path):
    """Mended and sent again, its first reading and multiplier still count; numbers out of range refuse their row only."""
    settings.MEDIA_ROOT = tmp_path
    client.force_login(cast.cash)
    result, _job = upload(client, [
        ["3-1-502", "电表", "E2", "很多", "100", "2"], ["3-1-502", "电表", "E3", "5", "0", "1000000"], ["3-1-502", "电表", "E" * 41, "5", "", ""], ["3-1-502", "电表", "", "5", "", ""],
    ])  # fmt: skip
    assert (result["read"], result["refused"]) == (0, 4) and not Meter.objects.exists()


def test_who_lost_the_post_imports_nothing(client, cast, books, settings, tmp_path):
    """The job acts as the person who asked, never as the house."""
    settings.MEDIA_ROOT = tmp_path
    Meter.objects.create(estate=cast.sunny, unit=cast.home, kind="water", number="W1")
    client.force_login(cast.cash)
    content = io.BytesIO()
    write(content, [["3-1-501", "水表", "W1", "12", "", ""]])
    client.post("/e/sunny/import/readings/?period=2026-03", {"file": ContentFile(content.getvalue(), name="x.xlsx"), "key": "k" * 32})
    Post.objects.at_estate(cast.sunny).filter(person=cast.cash).delete()
    with pytest.raises(Refused):
        work_of(KIND)(Job.objects.get(kind=KIND), lambda *_bar: None)
    assert not Reading.objects.exists()
