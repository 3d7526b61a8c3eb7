"""入住统计 week by week, once more in plain Python from the handovers (MOV-02)."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, time, timedelta

from guanjia import clock
from guanjia.moves.counting import weeks
from guanjia.moves.models import Handover

TODAY, MONDAY = date(2026, 3, 10), date(2026, 3, 9)


def test_every_week_and_zone_equals_the_rows(cast):
    """Sundays and Mondays, the first of twelve weeks and the one before it; booked and cancelled ones are none; a week without any is nought."""
    dice = random.Random(4)
    days = [MONDAY, MONDAY - timedelta(days=1), TODAY, MONDAY - timedelta(weeks=11), MONDAY - timedelta(weeks=11, days=1), MONDAY - timedelta(days=12)]
    for n in range(40):
        stage = dice.choice(["done", "archived", "cancelled", "cancelled"])
        unit = dice.choice([cast.home, cast.home_next, cast.home_west])
        Handover.objects.create(
            estate=cast.sunny, unit=unit, household=cast.meis, direction=dice.choice(["in", "out"]), stage=stage, day=TODAY + timedelta(days=n), hour=time(9), desk=1, by=cast.he, at=clock.now(),
            done_on=dice.choice(days) if stage != "cancelled" else None,
        )  # fmt: skip
    for zones in (None, [cast.east.pk], [cast.west.pk]):
        said = Counter()
        for row in Handover.objects.select_related("unit__zone"):
            if row.done_on and (zones is None or row.unit.zone_id in zones):
                said[row.done_on - timedelta(days=row.done_on.weekday()), row.unit.zone.name, row.direction] += 1
        found = weeks(cast.sunny, TODAY, zones=zones)
        for monday in (MONDAY - timedelta(weeks=n) for n in range(12)):
            rows = {row.zone: (row.came, row.went) for row in found if row.monday == monday}
            names = {zone for week, zone, _way in said if week == monday} or {""}
            assert rows == {zone: (said[monday, zone, "in"], said[monday, zone, "out"]) for zone in names}, monday
