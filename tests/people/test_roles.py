"""Posts as data: the sixty lines of requirements §2 (R-01 … R-60), whom each answers to, who stands in."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from guanjia.people.models import Post
from guanjia.people.posting import appoint
from guanjia.people.reach import reach_of
from guanjia.people.roles import Role, fallbacks, known_role, permissions_of, roles, title_of, working_as, works_as
from guanjia.tenancy.errors import Refused


def test_every_line_of_the_sources_has_a_post():
    """R-01 … R-60."""
    assert {number for entry in roles().values() for number in entry["number"]} == {f"R-{n:02d}" for n in range(1, 61)}


def test_reporting_lines_have_no_circle_and_end_at_the_top():
    """§2: who answers to whom."""

    def climb(key, below=()):
        assert key not in below, (*below, key)
        for above in roles()[key]["reports_to"]:
            climb(above, (*below, key))

    for key in roles():
        climb(key)
    assert [key for key, entry in roles().items() if not entry["reports_to"]] == ["general_manager"]


@pytest.mark.parametrize("role", sorted(roles()))
def test_work_of_an_empty_post_falls_to_somebody(role):
    """Every chain ends at the manager, by way of a post the code names, so no duty is nobody's."""
    assert (role, *fallbacks(role))[-1] == Role.MANAGER
    assert len(set(fallbacks(role))) == len(fallbacks(role))
    assert works_as(role) in set(Role)
    assert len(role) <= Post._meta.get_field("role").max_length


def test_a_post_of_a_kind_may_what_its_kind_may():
    """R-40, R-54: a plumber takes work as a repairer does; a patrol guard as an order keeper."""
    for role, kind in {"plumber": "repairer", "patrol_guard": "order_keeper", "room_attendant": "cleaner", "senior_steward": "supervisor"}.items():
        assert works_as(role) == kind
    assert permissions_of("plumber") == permissions_of("repairer")
    assert working_as(Role.ORDER_KEEPER) >= {"order_keeper", "patrol_guard", "park_guard"}


def test_titles_are_the_files_own_in_both_languages():
    for key, entry in roles().items():
        assert title_of(key) == entry["title"]
        with override("en"):
            assert title_of(key) == entry["title_en"], key


def test_an_unknown_post_is_refused(cast):
    with pytest.raises(ValidationError):
        known_role("astronaut")
    with pytest.raises(Refused):
        appoint(cast.fang, cast.sunny, "astronaut", by=cast.as_("qian"))


def test_a_post_from_the_file_alone_can_be_held(cast):
    """R-57: no line of code names the electrician."""
    appoint(cast.fang, cast.sunny, "electrician", by=cast.as_("qian"))
    assert reach_of(cast.fang, cast.sunny).roles >= {"electrician"}
