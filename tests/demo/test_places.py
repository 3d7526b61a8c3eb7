"""The demo estate's places: the workbook's lobbies do not keep its gates and boards away."""

from __future__ import annotations

import pytest

from guanjia.demo.places import places
from guanjia.estates.models import Place, PlaceKind

pytestmark = pytest.mark.django_db


def test_boards_and_gates_stand_beside_what_the_workbook_brought(cast):
    Place.objects.create(estate=cast.sunny, code="3-1-lobby", name="3栋1单元大堂", kind=PlaceKind.LOBBY, building=cast.b3)
    for _ in range(2):
        places(cast.sunny)
    kinds = list(Place.objects.at_estate(cast.sunny).values_list("kind", flat=True))
    assert (kinds.count(PlaceKind.GATE), kinds.count(PlaceKind.LOBBY) >= 2, PlaceKind.BOARD in kinds) == (2, True, True)
