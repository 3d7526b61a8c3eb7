"""Activities over the API: planned, judged by another, full is 409, others' zones are not there (COM-32)."""

import pytest

from guanjia.activities.models import Activity

pytestmark = pytest.mark.django_db
SAID = {"kind": "culture", "title": "敬老茶会", "words": "量血压", "place": "大堂", "theme": "elders", "begins_at": "2026-03-12T07:00:00Z", "ends_at": "2026-03-12T09:00:00Z", "places": 1}


def test_from_plan_to_a_full_activity(api, cast):
    assert api("mei").post("/activities", **SAID).status_code == 403 and api("zhou").post("/activities", **SAID).status_code == 403
    made = api("ming").post("/activities", **SAID)
    there = f"/activities/{made.json()['id']}"
    Activity.objects.update(zone=cast.east)
    assert api("ming").post(f"{there}/sending").json()["state"] == "asked"
    assert api("mei").get(there).status_code == 404 and api("ming").post(f"{there}/verdict", approved=True).status_code == 403
    assert api("zhao").post(f"{there}/verdict", approved=True).json()["state"] == "open"
    assert api("lu").get(there).status_code == 404 and api("fang").get(there).status_code == 404
    assert api("mei").post(f"{there}/signup", heads=1).json()["joined"] is True
    full = api("ming").post(f"{there}/signup", heads=1, room="5-1-101")
    assert full.status_code == 409 and full.json()["code"] == "full", full.content
    assert api("ming").post(f"{there}/signup", heads=1, room="5-1-101", wait=True).status_code == 200
    assert api("mei").post(f"{there}/withdrawal", heads=1).json()["free"] == 0
