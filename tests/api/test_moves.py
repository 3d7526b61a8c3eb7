"""Moving in and out, and the gate, over the API (MOV-01..04, SEC-12, SEC-13)."""

import pytest

from guanjia.gate.models import Guest

pytestmark = pytest.mark.django_db


def test_a_move_is_booked_and_released(api, cast):
    said = {"unit": "3-1-501", "direction": "out", "day": "2026-03-10", "slot": "morning", "goods": "沙发"}
    made = api("mei").post("/moves", **said)
    assert made.status_code == 200, made.content
    there = f"/moves/{made.json()['id']}"
    assert api("mei").post("/moves", **said).status_code == 409 and api("lu").post("/moves", **said).status_code == 404
    assert api("mei").post(f"{there}/release", owner_agrees=True).status_code == 403
    assert api("he").post(f"{there}/release", owner_agrees=False).status_code == 409
    assert api("he").post(f"{there}/release", owner_agrees=True).json()["released"]
    assert api("lu").get("/moves").json()["items"] == [] and len(api("mei").get("/moves").json()["items"]) == 1
    assert api("mei").get("/moves/free", day="2026-03-10").json()["morning"] >= 0
    assert len(api("qian").get("/moves/weeks").json()) >= 12


def test_a_handover_is_booked(api, cast):
    said = {"unit": "3-1-501", "direction": "in", "day": "2026-03-10", "hour": "10:00"}
    made = api("mei").post("/handovers", **said)
    assert made.status_code == 200 and "agreements" in made.json()["left"], made.content
    there = f"/handovers/{made.json()['id']}"
    assert api("mei").post("/handovers", **said).status_code == 409 and api("lu").post("/handovers", **said).status_code == 404
    assert api("fang").post(f"{there}/completion").status_code == 404 and api("he").post(f"{there}/completion").status_code == 409
    assert api("mei").post(f"{there}/cancellation").json()["stage"] == "cancelled"
    assert [row["stage"] for row in api("ming").get("/handovers").json()["items"]] == ["cancelled"]


def test_the_gate(api, cast):
    said = {"unit": "3-1-501", "visitor": "王小姐", "first_at": "2026-03-10T02:00:00Z", "until_at": "2026-03-10T12:00:00Z"}
    made = api("mei").post("/guests", **said)
    assert made.status_code == 200 and not made.json()["refusal"], made.content
    assert api("lu").post("/guests", **said).status_code == 404 and api("mei").get("/guests/seen", mark=made.json()["code"]).status_code == 403
    assert api("zheng").get("/guests/seen", mark=made.json()["mark"]).json()["visitor"] == "王小姐"
    assert api("zheng").get("/guests/seen", mark=made.json()["mark"] + "x").status_code == 404
    assert api("zheng").post(f"/guests/{made.json()['id']}/entry").json()["entered"]
    assert api("zheng").post(f"/guests/{made.json()['id']}/entry").status_code == 409
    assert api("zheng").post("/guests/met", unit="3-1-501", visitor="推销员", answered="").json()["entered"] is False
    assert Guest.objects.count() == 2 and len(api("mei").get("/guests").json()["items"]) == 2 and api("lu").get("/guests").json()["items"] == []
    card = api("he").post("/cards", unit="3-1-501", holder="梅女士", number="K000123").json()
    assert api("mei").post(f"/cards/{card['id']}/loss").json()["state"] == "lost" and api("lu").post(f"/cards/{card['id']}/loss").status_code == 404
    assert api("zheng").post("/articles", unit="3-1-501", what="纸箱", place="门岗").json()["code"] is None
    assert len(api("mei").get("/articles").json()["items"][0]["code"]) == 6
