"""A tea party of two places and a themed activity of four persons, open for the east zone and for everybody."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from guanjia import clock
from guanjia.activities.models import Activity

SAID = {"title": "重阳敬老茶会", "words": "包饺子、量血压、拍合影", "place": "客服中心", "theme": "elders"}


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def planned(cast):
    """`planned(places=2)`: a themed activity tomorrow at 15:00, in draft, written by 李明."""

    def plan(by="ming", kind="culture", **more):
        begins = clock.now() + timedelta(hours=29)
        said = SAID | {"begins_at": begins, "ends_at": begins + timedelta(hours=2), "places": 2, "budget": Decimal("300.00")}
        return Activity.objects.plan(kind, by=cast.as_(by), **(said | more))

    return plan


@pytest.fixture
def opened(cast, planned):
    def open_it(**more):
        row = planned(**more)
        row.send_in(by=cast.as_("ming"))
        if row.state == "asked":
            row.judge_it(True, by=cast.as_("zhao"))
        return row

    return open_it
