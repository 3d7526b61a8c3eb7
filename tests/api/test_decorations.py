"""Decorations over the API: applied, decided in order, others' are not there (MOV-05)."""

from datetime import date

import pytest

from guanjia.decoration.book import wanted
from guanjia.decoration.models import Permit
from guanjia.households.models import Occupancy

pytestmark = pytest.mark.django_db
SAID = {"works": "厨房翻新改造", "company": "宏达", "foreman": "刘工", "phone": "1990", "begins_on": "2026-03-12", "ends_on": "2026-04-01"}


def test_an_application_is_decided_by_two(api, cast):
    made = api("mei").post("/decorations", unit="3-1-501", **SAID)
    assert made.status_code == 200 and made.json()["missing"], made.content
    there = f"/decorations/{made.json()['id']}"
    assert api("lu").get(there).status_code == 404 and api("lu").post("/decorations", unit="3-1-501", **SAID).status_code == 404
    assert api("mei").post(f"{there}/submission").status_code == 409
    row = Permit.objects.get()
    for key in wanted(True):
        row.supply(key, by=cast.as_("he"))
    assert api("mei").post(f"{there}/submission").json()["stage"] == "review"
    assert api("mei").post(f"{there}/decision", granted=True).status_code == 403
    assert api("qian").post(f"{there}/decision", granted=True).status_code == 403
    assert api("zhao").post(f"{there}/decision", granted=True).json()["stage"] == "review"
    assert api("qian").post(f"{there}/decision", granted=True).json()["stage"] == "approved"
    assert api("ming").post(f"{there}/beginning").status_code == 409
    assert [row["stage"] for row in api("mei").get("/decorations").json()["items"]] == ["approved"]


def test_only_for_a_home_that_somebody_has_today(api, cast):
    """MOV-05: not for who moved out; a steward not outside their zones."""
    assert api("fang").post("/decorations", unit="3-1-501", **SAID).status_code == 403
    Occupancy.objects.filter(unit=cast.home).update(during=(date(2025, 1, 1), date(2026, 1, 1)))
    assert api("he").post("/decorations", unit="3-1-501", **SAID).status_code == 404
