"""A household that moved out of a steward's zone is no longer theirs to look up (design §7)."""

from __future__ import annotations

import pytest
from django.test import Client

from guanjia.api.households import households_within
from guanjia.households.models import Member, Occupancy


@pytest.fixture
def moved(cast):
    """吕先生 lived in the east until last year."""
    Occupancy.objects.create(estate=cast.sunny, household=cast.lus, unit=cast.home_next, during=("2025-01-01", "2025-12-31"))
    return Member.objects.get(household=cast.lus)


def test_the_old_zone_sees_neither_file_nor_telephone(cast, moved):
    client = Client(HTTP_HOST="localhost")
    client.force_login(cast.ming)
    assert client.get(f"/e/sunny/households/acts/home/{cast.lus.pk}/preferences/").status_code == 404
    assert client.post(f"/e/sunny/households/readings/member/{moved.pk}/", {"why": "想看看"}).status_code == 404
    assert cast.lus not in households_within(cast.as_("ming"))
    assert cast.lus in households_within(cast.as_("fang")) and cast.meis in households_within(cast.as_("ming"))
