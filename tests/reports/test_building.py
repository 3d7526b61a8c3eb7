"""What residents read of their building this week, once more in plain Python from the rows (issue 3 §7, issue 6)."""

from __future__ import annotations

import random
from datetime import timedelta

from guanjia.duties.models import Task
from guanjia.reports.building import building_of, week
from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY

from .conftest import lay, task

MONDAY = TUESDAY.replace(hour=0) - timedelta(hours=32)  # midnight of the 9th in Shanghai
SORTS = {"cln_stairs": ("cleaner", "note", "保洁"), "pat_ovs_daily": ("steward", "patrol", "巡查"), "sec_post": ("order_keeper", "note", "秩序值守"), "ast_look": ("repairer", "note", "设施与其他检查")}


def fill(cast, dice):
    """Tasks of a building, its units, the zone, the estate; reports of two buildings, old ones too, done about Monday's midnight."""
    units = [cast.home, cast.home_next, cast.home_west]
    edges = [MONDAY, MONDAY - timedelta(seconds=1), TUESDAY, TUESDAY - timedelta(hours=3), MONDAY + timedelta(hours=5), None]
    for n in range(40):
        done = dice.choice(edges)
        stage = dice.choice(["done", "archived", "merged", "cancelled"]) if done else dice.choice(["handling", "handling", "merged", "cancelled"])
        said = {"kind": dice.choice(["repair", "complaint"]), "unit": dice.choice([*units, None]), "place": None, "done_at": done, "stage": stage}
        if said["unit"] is None:
            said["place"] = cast.lift
        said["closed_at"] = TUESDAY if stage in ("archived", "merged", "cancelled") else None
        Ticket.objects.create(estate=cast.sunny, number=f"26{n:06d}", channel="phone", words="灯", reported_at=TUESDAY - timedelta(days=dice.choice([0, 1, 20, 120])), **said)
    n = 0
    for key, (role, form, _label) in SORTS.items():
        duty = lay(cast, key, rows=["CLN-01"], role=role, form=form)
        for place in ({"building": cast.b3}, {"building": cast.b5}, {"zone": cast.east}, {"zone": cast.west}, {}, {"building": cast.b3, "unit": cast.home}):
            for day in (0, 1, 2):
                n += 1
                done = dice.choice([None, -1])
                task(cast, duty, day, done=done, person=cast.wu, subject_id=n, **place, **({"waived_at": TUESDAY} if not done and dice.random() < 0.4 else {}))


def done_and_due(cast, role):
    """At building 3: what is its own, or the whole zone's or estate's; nothing of a single home."""
    rows = [row for row in Task.objects.all() if row.role == role and MONDAY <= row.due_at < TUESDAY and not row.waived_at and not row.unit_id]
    rows = [row for row in rows if row.building_id == cast.b3.pk or (row.building_id is None and row.zone_id in (None, cast.east.pk))]
    return sum(row.done_at is not None for row in rows), len(rows)


def test_the_week_equals_the_rows(cast):
    """A report of long ago that was done this week counts; what was merged or called off does not."""
    fill(cast, random.Random(3))
    building, _known = building_of(cast.as_("mei"), "")
    found = {one.label: (one.done, one.of, one.note) for one in week(cast.as_("mei"), building, TUESDAY).done}
    for role, _form, label in SORTS.values():
        assert found.get(label, (0, 0, ""))[:2] == done_and_due(cast, role), label
    rows = [row for row in Ticket.objects.all() if row.stage not in ("merged", "cancelled") and (row.place_id or row.unit_id in (cast.home.pk, cast.home_next.pk))]
    ended = [row for row in rows if row.done_at and row.done_at >= MONDAY]
    left = sum(row.done_at is None and row.closed_at is None for row in rows)
    assert found["修好的报修"] == (sum(row.kind == "repair" for row in ended), 0, f"还有 {left} 件在办")
    assert found["办结的其他诉求"][0] == sum(row.kind != "repair" for row in ended)
