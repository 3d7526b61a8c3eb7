"""Zones, units, places and households: who is shown what (HSE-02, HSE-14, EST-01)."""

from __future__ import annotations

from .test_door import is_problem


def test_zones_name_their_stewards(api):
    assert {(row["code"], row["steward"]) for row in api("zhou").get("/zones").json()} == {("E", "李明"), ("W", "王芳")}
    assert is_problem(api("mei").get("/zones"), 403)


def test_staff_see_every_address_and_residents_their_own(api):
    assert {row["code"] for row in api("zhou").get("/units").json()["items"]} == {"3-1-501", "3-1-502", "5-1-101"}
    assert {row["code"] for row in api("he").get("/units", building="3", zone="E").json()["items"]} == {"3-1-501", "3-1-502"}
    assert [row["code"] for row in api("mei").get("/units").json()["items"]] == ["3-1-501"]
    assert api("mei").get("/units/3-1-501").json()["area"] == "89.50"
    assert is_problem(api("mei").get("/units/5-1-101"), 404)
    assert [row["code"] for row in api("mei").get("/places", kind="lift").json()["items"]] == ["3-1-lift"]


def test_households_are_masked(api, cast):
    """No telephone in full, no identity number at all, for anybody."""
    cast.meis.members.update(identity_print="x")
    member = cast.meis.members.first()
    member.identity = "510101199001011234"
    member.save()
    for who in ("he", "qian", "mei"):
        text = api(who).get(f"/households/{cast.meis.pk}").content.decode()
        assert "199****0001" in text and "19900000001" not in text and "5101" not in text


def test_whose_households(api, cast):
    """Estate posts: all; a steward: their zone; a resident: their own; without the permission: none."""

    def names(who, **query):
        return {row["name"] for row in api(who).get("/households", **query).json()["items"]}

    assert names("he") == {"梅女士", "吕先生"}
    assert names("ming") == names("mei") == {"梅女士"} and names("fang") == names("lu") == {"吕先生"}
    assert is_problem(api("zhou").get("/households"), 403)
    assert is_problem(api("mei").get(f"/households/{cast.lus.pk}"), 404) and is_problem(api("ming").get(f"/households/{cast.lus.pk}"), 404)
    assert api("mei").get(f"/households/{cast.meis.pk}").json()["hints"] is None


def test_the_search_box(api, cast):
    """Room, telephone tail, initials: the desk's one box; within one's own reach only."""
    from guanjia.households.keys import rebuild

    rebuild(cast.sunny)
    for text in ("3-1-501", "0001", "梅女士"):
        assert [row["id"] for row in api("he").get("/households", q=text).json()["items"]] == [cast.meis.pk]
    assert api("fang").get("/households", q="梅女士").json()["items"] == []
