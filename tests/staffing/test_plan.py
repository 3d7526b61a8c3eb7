"""The plan and the unit board (issue 4, line 3)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from guanjia import clock
from guanjia.estates.planning import place_buildings
from guanjia.staffing.board import board
from guanjia.staffing.plan import spots
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY, home


@pytest.fixture
def leak(cast):
    ticket = Ticket.objects.report(
        by=cast.as_("mei"), estate=cast.sunny, words="漏水", unit=cast.home, household_id=cast.meis.pk
    )
    ticket.classify(by=cast.as_("jing"), klass="routine", category="leak")
    return ticket


def heats(cast, who="qian"):
    return {spot.building.number: (spot.words, spot.heat, spot.late) for spot in spots(cast.as_(who), "tickets")}


def test_a_building_is_coloured_by_its_open_reports(cast, leak):
    assert heats(cast) == {"3": ("1", 1, 0), "5": ("", 0, 0)}
    with clock.at(TUESDAY + timedelta(days=20)):
        assert heats(cast)["3"] == ("1", 3, 1)
    assert heats(cast, "fang")["3"] == ("", 0, 0)  # another zone's reports are not hers to see


def test_patrols_and_collection_colour_it_too(cast):
    assert {spot.heat for spot in spots(cast.as_("qian"), "coverage")} == {3}
    assert [spot.words for spot in spots(cast.as_("qian"), "collection")] == ["", ""]


def test_buildings_are_placed_on_the_plan(cast):
    place_buildings(cast.sunny, {cast.b3.pk: (12.34, 56)}, by=cast.as_("qian"))
    cast.b3.refresh_from_db()
    assert (cast.b3.plan_x, cast.b3.plan_y) == (12.3, 56)
    with pytest.raises(Refused):
        place_buildings(cast.sunny, {cast.b3.pk: (101, 0)}, by=cast.as_("qian"))
    with pytest.raises(NotAllowed):
        place_buildings(cast.sunny, {cast.b3.pk: (1, 1)}, by=cast.as_("zhao"))


def test_the_board_is_floors_by_rooms(cast, leak):
    """房态图: state, reports and arrears of each home, the top floor first."""
    cast.meis.in_arrears = True
    cast.meis.save()
    home(cast.sunny, cast.b3, cast.e31, "1201", cast.east)
    (stair,), states = board(cast.b3, cast.as_("qian"))
    assert stair.columns == ["01", "02"] and [floor for floor, _cells in stair.floors] == [12, 5]
    top, low = (cells for _floor, cells in stair.floors)
    assert top[1] is None and (low[0].name, low[0].owes, low[0].tickets) == ("梅女士", True, 1)
    assert states == {"occupied": 3}


def test_the_pages_for_who_may_see_them(client, cast, leak, django_assert_max_num_queries):
    client.force_login(cast.qian)
    address = reverse("staffing:building", args=["sunny", cast.b3.pk])
    with django_assert_max_num_queries(20):
        assert "梅女士" in client.get(address).content.decode()
    for query in ("", "?by=coverage", "?by=collection", "?draw=1"):
        assert client.get(reverse("staffing:plan", args=["sunny"]) + query).status_code == 200
    client.force_login(cast.zhou)
    assert "梅女士" not in client.get(address).content.decode()  # a repairer sees rooms, not names
    assert client.post(reverse("staffing:positions", args=["sunny"])).status_code == 404


def test_places_come_by_dragging_or_by_pasting(client, cast):
    client.force_login(cast.qian)
    where = reverse("staffing:positions", args=["sunny"])
    client.post(where, {f"x_{cast.b3.pk}": "10.5", f"y_{cast.b3.pk}": "20", "pasted": "5栋\t70\t30.5"})
    cast.b3.refresh_from_db()
    cast.b5.refresh_from_db()
    assert (cast.b3.plan_x, cast.b5.plan_x, cast.b5.plan_y) == (10.5, 70, 30.5)
    answer = client.post(where, {"pasted": "99 1 1"}, follow=True)
    assert "99 1 1" in answer.content.decode()
