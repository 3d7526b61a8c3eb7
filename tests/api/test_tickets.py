"""Filing, reading and listing tickets over HTTP (REQ-02, REQ-03, REQ-37..39; issue 2.3, 2.4, 2.9)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guanjia import clock
from guanjia.clocks.models import Clock
from guanjia.events.models import Event, Outbox
from guanjia.households.models import Household
from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY, household

from .test_door import is_problem


def test_a_resident_files(api, cast):
    """Number, steward, clocks, event and outbox are there; the household is theirs without their saying so."""
    response = api("mei").post("/tickets", words="厨房水管漏水", unit="3-1-501", wishes="下午来")
    told = response.json()
    assert response.status_code == 201, told
    assert response.headers["Location"] == f"/api/v1/estates/sunny/tickets/{told['number']}"
    assert (told["stage"], told["kind"], told["steward"], told["channel"], told["zone"]) == ("received", "repair", "李明", "online", "E")
    assert told["reporter_phone"] == "199****0001" and told["due_at"] and not told["overdue"]
    ticket = Ticket.objects.at_estate(cast.sunny).get(number=told["number"])
    assert ticket.household_id == cast.meis.pk and ticket.reporter == cast.mei
    assert Clock.objects.of(ticket).exists() and Outbox.objects.at_estate(cast.sunny).filter(event_id=Event.objects.about(ticket).get().pk).exists()


def test_the_desk_files_for_a_household(api, cast):
    """REQ-37, REQ-38: channel, caller and the checklist are kept; who took it stays responsible."""
    told = api("he").post(
        "/tickets", words="电梯异响", place="3-1-lift", household=cast.meis.pk, channel="phone", reporter_name="梅女士",
        reporter_phone="13800138000", checklist={"heard": True, "asked": True, "written": True},
    ).json()  # fmt: skip
    ticket = Ticket.objects.at_estate(cast.sunny).get(number=told["number"])
    assert ticket.taken_by == cast.he and ticket.checklist["written"] and ticket.channel == "phone"
    assert told["reporter_phone"] == "138****8000" and told["place"] == "3-1-lift"


@pytest.mark.parametrize(
    ("who", "body", "at"),
    [
        ("mei", {"unit": "5-1-101"}, "body/unit"),  # a neighbour's
        ("mei", {"unit": "9-9-999"}, "body/unit"),
        ("mei", {"household": 1}, "body/household"),
        ("mei", {"channel": "phone"}, "body/channel"),
        ("mei", {"reporter_phone": "13800138000"}, "body/reporter_phone"),
        ("he", {"place": "nowhere"}, "body/place"),
        ("he", {"household": 10**12}, "body/household"),
        ("he", {"wished_from": "2026-03-10T10:00:00"}, "body/wished_from"),  # no zone
        ("he", {"wished_from": "2026-03-11T10:00:00Z", "wished_until": "2026-03-10T10:00:00Z"}, "body"),
        ("he", {"words": ""}, "body/words"),
        ("he", {"words": "长" * 2001}, "body/words"),
    ],
)
def test_what_cannot_be_filed(api, who, body, at):
    response = api(who).post("/tickets", **{"words": "漏水", **body})
    assert is_problem(response, 422) and [slip["at"] for slip in response.json()["errors"]] == [at]
    assert not Ticket.objects.exists()


def test_other_estates_households_do_not_exist(api, cast):
    from guanjia.tenancy.scope import estate_scope

    with estate_scope(cast.lake):
        foreign = Household.objects.create(estate=cast.lake, number="1", name="外人")
    assert is_problem(api("he").post("/tickets", words="漏水", household=foreign.pk), 422)


def test_an_owner_of_two_homes_files_for_the_one_named(api, cast):
    other = household(cast.sunny, cast.home_next, "9", cast.mei)
    for unit, owner in (("3-1-501", cast.meis.pk), ("3-1-502", other.pk), (None, None)):
        told = api("mei").post("/tickets", words=f"漏水 {unit}", **({"unit": unit} if unit else {})).json()
        assert told["household"] == owner


def test_an_anonymous_complaint_keeps_nobody(api, cast):
    """Its way back is told once; only complaints can be anonymous."""
    told = api("mei").post("/tickets", words="保洁敷衍", kind="complaint", anonymous=True).json()
    assert told["way_back"] and told["reporter"] == "" and told["household"] is None
    ticket = Ticket.objects.at_estate(cast.sunny).get(number=told["number"])
    assert ticket.reporter_id is None and not Event.objects.about(ticket).filter(actor_id__isnull=False).exists()
    assert is_problem(api("mei").get(f"/tickets/{told['number']}"), 404)
    assert is_problem(api("mei").post("/tickets", words="漏水", kind="repair", anonymous=True), 409, "not_a_complaint")


def test_spam_is_told_to_wait(api):
    """Issue 2.3: the same words twice at most while open; so many a day."""
    mei = api("mei")
    assert [mei.post("/tickets", words="漏水").status_code for _ in range(3)] == [201, 201, 409]
    codes = {mei.post("/tickets", words=f"漏水{n}").json().get("code") for n in range(40)}
    assert codes >= {"too_many"} and mei.post("/tickets", words="再来").status_code == 429


def test_one_ticket_in_full(api, work, ticket):
    """Clocks with the sentence of each deadline, work, story, and what can be done now; residents read their part."""
    staff = api("ming").get(f"/tickets/{ticket.number}").json()
    assert staff["stage"] == "dispatched" and staff["works"][0]["worker"] == "周工"
    onsite = next(row for row in staff["clocks"] if row["limit"] == "sla_urgent_onsite")
    assert "→" in onsite["explanation"] and not onsite["late"]
    assert [row["action"] for row in staff["events"]] == ["ticket.reported", "ticket.classified", "work.dispatched"]
    assert {"progress", "hold", "cancellation"} <= set(staff["acts"])
    theirs = api("mei").get(f"/tickets/{ticket.number}").json()
    assert theirs["clocks"] == [] and sorted(theirs["acts"]) == ["addition", "cancellation", "photos", "urge"]


def test_internal_notes_stay_inside(api, ticket, cast):
    ticket.note("业主脾气急", by=cast.as_("ming"))
    assert "业主脾气急" in api("ming").get(f"/tickets/{ticket.number}").content.decode()
    assert "业主脾气急" not in api("mei").get(f"/tickets/{ticket.number}").content.decode()


def test_pages_follow_one_another(api, cast):
    """By keyset, newest first, each row once; also by deadline."""
    for n in range(7):
        with clock.at(TUESDAY + timedelta(minutes=n // 2)):
            Ticket.objects.report(by=cast.as_("he"), estate=cast.sunny, words=f"路灯 {n}", place=cast.lift)
    for query in ({}, {"overdue": "true"}):
        seen, cursor = [], None
        with clock.at(TUESDAY + timedelta(hours=1)):
            while True:
                response = api("he").get("/tickets", limit=3, **query, **({"cursor": cursor} if cursor else {}))
                told = response.json()
                seen += [row["number"] for row in told["items"]]
                cursor = told["next"]
                assert bool(cursor) == ("Link" in response.headers)
                if not cursor:
                    break
        assert len(seen) == len(set(seen)) == 7
    assert is_problem(api("he").get("/tickets", cursor=cursor or "AAAA"), 422)
    assert is_problem(api("he").get("/tickets", limit=101), 422)


def test_filters(api, cast, classified):
    other = Ticket.objects.report(by=cast.as_("lu"), estate=cast.sunny, words="建议增设座椅", kind="suggestion", unit=cast.home_west)

    def numbers(**query):
        return {row["number"] for row in api("he").get("/tickets", **query).json()["items"]}

    assert numbers() == {classified.number, other.number}
    assert numbers(stage="classified") == numbers(klass="urgent") == numbers(kind="repair") == {classified.number}
    assert numbers(open="true") == numbers() and numbers(open="false") == numbers(overdue="true") == set()
    with clock.at(TUESDAY + timedelta(hours=1)):
        classified.hold("等配件", by=cast.as_("ming"))
    assert numbers(changed_since="2026-03-10T02:30:00Z") == {classified.number}
    assert is_problem(api("he").get("/tickets", stage="nonsense"), 422)


def test_lists_cost_the_same_at_any_length(api, cast, django_assert_num_queries):
    """House rule: no query per row."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(path):
        with CaptureQueriesContext(connection) as seen:
            assert api("he").get(path, limit=100).status_code == 200
        return len(seen)

    api("he"), api("ming")
    before = {}
    for count in (2, 10):
        for n in range(count):
            made = Ticket.objects.report(by=cast.as_("he"), estate=cast.sunny, words=f"{count} {n}", unit=cast.home, household_id=cast.meis.pk)
            made.classify(by=cast.as_("he"), klass="routine", category="other")
            made.dispatch(by=cast.as_("he"), worker=cast.zhou, priority="low", wishes="无")
        for path in ("/tickets", "/work?mine=false", "/households", "/units", "/places", "/zones"):
            assert before.setdefault(path, cost(path)) == cost(path), path


def test_a_number_that_is_taken_is_drawn_again(api, cast, monkeypatch):
    """Numbers are drawn, not counted; a clash costs another draw, never a ticket."""
    monkeypatch.setattr("guanjia.tickets.models.reportable.secrets.randbelow", lambda among: 7)
    told = [api("he").post("/tickets", words=f"路灯 {n}").json()["number"] for n in range(3)]
    assert told == ["260310-0007", "260310-00007", "260310-000007"]
