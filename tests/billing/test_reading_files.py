"""Readings from a workbook: new meters are made, wrong rows come back with their reasons."""

from __future__ import annotations

import io
from decimal import Decimal

from django.core.files.base import ContentFile

from guanjia.billing.models import Meter, Reading
from guanjia.importing.readings import KIND, write
from guanjia.jobs.models import Job
from guanjia.jobs.registry import work_of

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
    import pytest
    import xlsxwriter

    from guanjia.tenancy.errors import Refused

    settings.MEDIA_ROOT = tmp_path
    client.force_login(cast.cash)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet().write_row(0, 0, ["姓名", "电话"])
    client.post("/e/sunny/import/readings/", {"file": ContentFile(content.getvalue(), name="x.xlsx"), "key": "k" * 32})
    with pytest.raises(Refused, match="表号"):
        work_of(KIND)(Job.objects.get(kind=KIND), lambda *_bar: None)
    assert not Reading.objects.exists()
