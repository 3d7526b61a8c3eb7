"""Homes that change hands about the edges of March 2026, and what residents said of it; beside rows.py."""

from __future__ import annotations

from datetime import date

from guanjia.estates.models import UnitState
from guanjia.households.models import Household, Member, Occupancy
from guanjia.surveys.models import Opinion
from tests.cast import home

# (begun, day after the last): about both edges of the month, within it, over it
SPANS = [
    (date(2026, 2, 28), None), (date(2026, 3, 1), None), (date(2026, 3, 31), None), (date(2026, 4, 1), None), (date(2025, 5, 1), date(2026, 3, 1)),
    (date(2025, 5, 1), date(2026, 3, 2)), (date(2025, 5, 1), date(2026, 4, 1)), (date(2025, 5, 1), date(2026, 4, 2)), (date(2026, 3, 9), date(2026, 3, 16)),
]  # fmt: skip


def moving(dice):
    """Nine homes of both zones, two of them let twice over by one household; some vacant, some files without a telephone."""
    cast, known = dice.cast, None
    for n, (begun, ended) in enumerate(SPANS):
        zone, building, entrance = dice.random.choice([(cast.east, cast.b3, cast.e31), (cast.west, cast.b5, cast.e51)])
        unit = home(cast.sunny, building, entrance, f"{700 + n}", zone)
        if dice.random.random() < 0.4:
            unit.state = UnitState.VACANT
            unit.save(update_fields=["state"])
        if n != 2 or known is None:
            known = Household.objects.create(estate=cast.sunny, number=f"7{n}", name=f"住户{n}")
            left = date(2026, 3, 5) if n % 4 == 1 else None
            Member.objects.create(estate=cast.sunny, household=known, number=f"7{n}", name=f"住户{n}", phone=f"+861970000{n:04d}" if n % 3 else "", left_on=left)
        Occupancy.objects.create(estate=cast.sunny, household=known, unit=unit, during=(begun, ended))


def opining(dice):
    """Opinions of every zone and none, answered or not."""
    for n in range(24):
        outcome = dice.random.choice(["", "done", "noted", "no"])
        settled = {"outcome": outcome, "reply": "已办", "settled_at": dice.moment(), "settled_by": dice.cast.zhao} if outcome else {}
        Opinion.objects.create(
            estate=dice.cast.sunny, source="desk", topic=dice.random.choice(["steward", "repair", "clean", "clean", "green", "order", "parking", "fee"]), words=f"意见{n}",
            zone=dice.random.choice([dice.cast.east, dice.cast.west, None]), at=dice.moment(), **settled,
        )  # fmt: skip
