"""Emergencies and hazards over the API (EMG-08, EMG-09, EMG-13)."""

from guanjia.emergencies.book import emergency_book
from tests.duties.doing import task


def test_started_worked_on_stood_down(api, cast):
    made = api("zheng").post("/emergencies", kind="fire", building="3", words="有烟").json()
    again = api("ming").post("/emergencies", kind="fire", building="3").json()
    assert made["id"] == again["id"] and made["stage"] == "live" and len(made["orders"]) == 8
    site = next(row for row in made["orders"] if row["key"] == "site")
    assert api("zhou").post(f"/emergency-orders/{site['id']}/completion").status_code == 403
    assert api("ming").post(f"/emergency-orders/{site['id']}/completion").json()["done_at"]
    there = f"/emergencies/{made['id']}"
    assert api("zheng").post(f"{there}/log", words="火已扑灭").status_code == 200
    assert api("zheng").post(f"{there}/stand-down", words="已扑灭").status_code == 403
    assert api("sun").post(f"{there}/stand-down", words="已扑灭").json()["stage"] == "down"
    assert api("mei").get(there).status_code == 403


def test_found_and_cleared(api, cast):
    row = api("zheng").post("/hazards", words="通道被占", severity="high", where="5 栋北侧").json()
    assert api("zheng").post(f"/hazards/{row['id']}/clearance", words="已移走").status_code == 403
    assert api("zhao").post(f"/hazards/{row['id']}/clearance", words="已移走").json()["cleared_at"]
    assert [one["id"] for one in api("ming").get("/hazards").json()["items"]] == [row["id"]]


def test_a_drill_for_a_duty_is_evaluated(api, cast):
    """EMG-08: started for the duty's task, which its evaluation does."""
    asks = task(cast, person="zhao", form="drill", key="emg_fire_check", proof=[])
    boss = api("zhao")
    assert boss.post("/emergencies", kind="fire", drill=True, task=asks.pk + 99).status_code == 404
    made = boss.post("/emergencies", kind="fire", building="3", drill=True, task=asks.pk).json()
    assert made["task"] == asks.pk
    there = f"/emergencies/{made['id']}"
    boss.post(f"{there}/stand-down", words="演练结束")
    good = dict.fromkeys(emergency_book().points, "ok")
    assert boss.post(f"{there}/evaluation", points=good | {"talk": "odd"}, present=3, words="好的").status_code == 422
    assert boss.post(f"{there}/evaluation", points=good, present=30, words="好的").json()["stage"] == "archived"
    asks.refresh_from_db()
    assert asks.done_at
