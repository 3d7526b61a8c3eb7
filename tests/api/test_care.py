"""Care over the API: what each role may read of a household, and the verbs (issue 4 lines 6 and 9, CF-20, CF-64)."""

from __future__ import annotations

import pytest

from guanjia.care.models import Visit
from guanjia.households.models import Consent, Member, Need

pytestmark = pytest.mark.django_db


@pytest.fixture
def needy(cast):
    mei = Member.objects.get(name="梅女士")
    Consent.objects.give(mei, "health", "paper", by=cast.as_("ming"))
    Need.objects.add(cast.meis, "chronic", "心脏支架", by=cast.as_("ming"), member=mei)
    return cast.meis


@pytest.mark.parametrize(
    "who", ["ming", "fang", "zhou", "zheng", "sun", "jing", "he", "zhao", "qian", "mei", "mr_mei", "lu"]
)
def test_no_role_reads_a_number_or_a_health_note(api, cast, needy, who):
    caller = api(who)
    for path in ("", f"/{needy.pk}", f"/{needy.pk}/care", f"/{needy.pk}/visits"):
        answer = caller.get(f"/households{path}")
        text = answer.content.decode()
        assert who not in ("ming", "qian", "mei") or answer.status_code == 200, (who, path)
        assert "19900000001" not in text and "心脏支架" not in text, (who, path)


def test_kinds_of_needs_are_for_who_may_know_them(api, cast, needy):
    assert [need["kind"] for need in api("ming").get(f"/households/{needy.pk}/care").json()["needs"]] == [
        "chronic"
    ]
    assert api("mei").get(f"/households/{needy.pk}/care").json()["needs"] is None


def test_a_visit_is_noted_once_and_read_again(api, cast, needy):
    """HSE-17: what cannot be answered becomes a ticket."""
    said = {"outcome": "met", "heard": "楼道灯太暗", "file_ticket": True, "client_key": "a1"}
    there = f"/households/{needy.pk}/visits"
    first, second = api("ming").post(there, **said).json(), api("ming").post(there, **said).json()
    assert first["id"] == second["id"] and first["ticket"]
    assert [row["id"] for row in api("qian").get(there).json()["items"]] == [first["id"]]
    assert api("mei").get(there).json()["items"][0]["heard"] is None
    assert Visit.objects.count() == 1


def test_coverage_tells_its_formula(api, cast):
    """CF-06."""
    rows = api("qian").get("/coverage").json()
    assert {row["metric"] for row in rows} == {"familiarity", "contact", "questionnaire"}
    assert all(row["formula"] for row in rows) and rows[0]["target"] == 95


def test_members_vehicles_and_consents(api, cast, needy):
    """Issue 4 line 9, HSE-13: numbers masked; a consent given and withdrawn takes the health notes with it."""
    there, ming = f"/households/{needy.pk}", api("ming")
    made = ming.post(f"{there}/members", name="梅小宝", born_on="2019-05-01").json()
    assert made["kind"] == "family" and ming.post(f"{there}/members", name="梅", phone="12").status_code == 409
    changed = ming.post(f"{there}/phone", member=made["id"], phone="13900001234").json()
    assert changed["phone"] == "139****1234"
    assert ming.post(f"{there}/vehicles", plate="川a12345").json()["plate"] == "川A12345"
    assert api("mei").get(f"{there}/vehicles").json()[0]["plate"] == "川A12345"
    mei = Member.objects.get(name="梅女士")
    assert ming.post(f"{there}/consent-withdrawal", member=mei.pk, purpose="health").json()["withdrawn_at"]
    assert Need.objects.get().words == "" and ming.post(f"{there}/consent-withdrawal", member=mei.pk, purpose="health").status_code == 404
    assert ming.post(f"{there}/consents", member=mei.pk, purpose="birthday", how="spoken").json()["how"] == "spoken"
    assert len(ming.get(f"{there}/consents").json()) == 2 and api("mr_mei").get(f"{there}/consents").json() == []
    assert api("fang").post(f"{there}/members", name="谁").status_code == 404
