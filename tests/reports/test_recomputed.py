"""Weekly statistics, the complaint monthly, the service-quality analysis: each figure again in plain Python from the rows (RPT-01, RPT-08, RPT-09)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from guanjia import clock
from guanjia.clocks.models import Clock
from guanjia.reports.figures import figures_of
from guanjia.tickets.kinds import Kind, Klass
from guanjia.tickets.models import Ticket
from guanjia.tickets.models.complainable import Verdict
from guanjia.tickets.models.completable import Rating
from tests.incentives.conftest import AFTER
from tests.incentives.rows import BEGIN, END, fill

FIRST, LAST = (BEGIN + timedelta(hours=8)).date(), (END + timedelta(hours=8)).date()  # March, Shanghai


@pytest.fixture
def counted(cast):
    fill(cast, 5)
    with clock.at(AFTER):
        yield cast


def share(part, whole):
    return f"{part * 100 / whole:.1f}%" if whole else "—"


def within(at):
    return BEGIN <= at < END


def reported(zone):
    return [row for row in Ticket.objects.all() if within(row.reported_at) and row.stage not in ("merged", "cancelled") and zone in (None, row.zone_id)]


def tickets(zone):
    rows = reported(zone)
    said = {"tickets": len(rows), "tickets_done": sum(row.done_at is not None for row in rows)}
    said |= {f"kind_{kind}": sum(row.kind == kind for row in rows) for kind in Kind.values}
    return said | {f"class_{klass}": sum(row.klass == klass for row in rows) for klass in Klass.values}


def categories(zone):
    found = Counter(row.category for row in reported(zone) if row.category)
    return {f"category_{key}": count for key, count in sorted(found.items(), key=lambda one: (-one[1], one[0]))[:5]}


def complaints(zone):
    rows = [row for row in reported(zone) if row.kind == "complaint"]
    last = {one.ticket_id: one.ruling for one in Verdict.objects.order_by("round")}
    rulings = Counter(last.get(row.pk) for row in rows)
    return {
        "complaints": len(rows), "complaints_done": sum(row.done_at is not None for row in rows), "complaints_valid": rulings["valid"],
        "complaints_invalid": rulings["invalid"], "complaints_reopened": sum(row.reopened > 0 for row in rows),
    }  # fmt: skip


def ratings(zone):
    rows = [row for row in Rating.objects.select_related("ticket") if within(row.at) and zone in (None, row.ticket.zone_id)]
    marks = {f"rating_{name}": round(sum(getattr(row, name) for row in rows) / len(rows) + 1e-9, 1) for name in ("speed", "result", "attitude")} if rows else {}
    return {"ratings": len(rows)} | marks


def on_time(zone):
    due, met = Counter(), Counter()
    for row in Clock.objects.select_related("ticket"):
        if within(row.due_at) and row.outcome not in ("superseded", "cancelled") and zone in (None, row.ticket.zone_id):
            due[row.kind] += 1
            met[row.kind] += bool(row.stopped_at and row.stopped_at <= row.due_at)
    return {f"on_time_{kind}": share(met[kind], due[kind]) for kind in due}


@pytest.mark.parametrize(
    ("report", "sets"),
    [
        ("rpt_week_stats", (tickets, complaints)),
        ("rpt_complaint_month", (complaints, ratings)),
        ("rpt_monthly_quality", (tickets, categories, on_time, complaints, ratings)),
    ],
)
def test_every_figure_equals_the_rows(counted, report, sets):
    for zone in (None, counted.east.pk):
        found = {one["key"]: one["value"] for one in figures_of(report, counted.sunny, FIRST, LAST, zone)}
        said = {key: str(value) for make in sets for key, value in make(zone).items()}
        assert {key: found.get(key) for key in said} == said
        assert report == "rpt_week_stats" or set(found) == set(said), "no figure without its second computation"
        assert int(said["complaints"]) > 0
