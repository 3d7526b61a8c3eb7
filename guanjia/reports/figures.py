"""The figures a report fills itself: sets by name, and which report takes which (`REPORTS`).

A set is `(Of) → [Figure]`; what it cannot tell it leaves out. A zone's report tells of its zone alone; money and files have
no zone and stay the estate's.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.clocks import counting as clocks
from guanjia.clocks.models import Clock
from guanjia.duties import counting as duties
from guanjia.rulebooks.form_book import covering
from guanjia.tickets import counting as tickets
from guanjia.tickets.kinds import Kind, Klass

from .counting import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from guanjia.estates.models import Estate


@dataclass(frozen=True)
class Figure:
    """`value` is a number or per cent in words; `note` says of what."""

    key: str
    label: str
    value: str
    unit: str = ""
    note: str = ""


FIGURES: dict[str, Any] = {}
# Report (key of its duty) → sets. What is not named here takes ORDINARY.
ORDINARY = ("tickets", "on_time", "complaints", "duties", "patrols", "homes", "ratings")
REPORTS: dict[str, tuple[str, ...]] = {
    "rpt_monthly_quality": ("tickets", "categories", "on_time", "complaints", "ratings"),
    "rpt_week_stats": ("tickets", "complaints", "homes"),
    "rpt_complaint_month": ("complaints", "ratings"),
    "rpt_complaint_quarter": ("complaints", "ratings"),
    "rpt_demand_quarter": ("tickets", "categories"),
    "rpt_liaison_weekly": ("files", "money"),
    "rpt_liaison_monthly": ("tickets", "on_time", "complaints", "money", "files"),
    "rpt_quality": ("tickets", "on_time", "complaints", "ratings", "duties"),
    "rpt_board": ("money", "tickets", "complaints", "homes"),
    "rpt_fund_plan_25": ("money",),
    "rpt_dept_budget": ("money",),
    "rpt_day_clear": ("tickets", "duties"),
    "rpt_task_sheet": ("duties", "due_today"),
    "com_standup": ("tickets", "in_hand", "follow_ups", "due_today", "ratings"),
    "com_survey_annual": ("survey", "satisfaction", "opinions", "ratings", "complaints"),
    "com_survey_half": ("survey", "satisfaction", "opinions"),
    "com_opinion_q": ("survey", "opinions"),
    "com_survey_reg": ("satisfaction", "opinions", "ratings"),
}


def figures(name: str) -> Callable[[Any], Any]:
    """Register a set."""

    def keep(make: Any) -> Any:
        FIGURES[name] = make
        return make

    return keep


@dataclass(frozen=True)
class Of:
    """What figures are of: [begins, ends) at an estate, or in one of its zones."""

    estate: Estate
    begins: date
    ends: date
    zone: int | None = None

    @cached_property
    def named(self) -> dict[str, Any]:
        """Parameters of the statements below."""
        here = ZoneInfo(self.estate.time_zone)
        return {
            "estate": self.estate.pk, "begins": datetime.combine(self.begins, time(), here), "ends": datetime.combine(self.ends, time(), here), "now": clock.now(),
            "first": self.begins, "last": self.ends, "forms": covering(), "zone_name": self.estate.time_zone, "zone": self.zone,
        }  # fmt: skip


def figures_of(key: str, estate: Estate, begins: date, ends: date, zone: int | None = None) -> list[dict[str, Any]]:
    """Everything that a report of this key fills in, ready to keep. One or two statements a set."""
    return [asdict(one) for name in REPORTS.get(key, ORDINARY) for one in FIGURES[name](Of(estate, begins, ends, zone))]


def percent(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.1f}%" if whole else "—"


def _figure(key: str, label: Any, value: Any, unit: str = "", note: str = "") -> Figure:
    return Figure(key, str(label), str(value), unit, note)


TICKETS = """
SELECT t.kind, t.klass, count(*), count(*) FILTER (WHERE t.done_at IS NOT NULL) FROM tickets_ticket t
WHERE t.estate_id = %(estate)s AND t.reported_at >= %(begins)s AND t.reported_at < %(ends)s AND t.stage NOT IN ('merged', 'cancelled')
  AND (%(zone)s::bigint IS NULL OR t.zone_id = %(zone)s) GROUP BY 1, 2
"""


@figures("tickets")
def _tickets(of: Of) -> list[Figure]:
    rows = run(TICKETS, of.named)
    total, done = sum(row[2] for row in rows), sum(row[3] for row in rows)
    found = [_figure("tickets", _("诉求"), total, _("件")), _figure("tickets_done", _("已办完"), done, _("件"), percent(done, total))]
    found += [_figure(f"kind_{kind}", label, sum(row[2] for row in rows if row[0] == kind), _("件")) for kind, label in Kind.choices]
    return found + [_figure(f"class_{klass}", label, sum(row[2] for row in rows if row[1] == klass), _("件")) for klass, label in Klass.choices]


CATEGORIES = """
SELECT t.category, count(*) FROM tickets_ticket t WHERE t.estate_id = %(estate)s AND t.reported_at >= %(begins)s AND t.reported_at < %(ends)s
  AND t.stage NOT IN ('merged', 'cancelled') AND t.category <> '' AND (%(zone)s::bigint IS NULL OR t.zone_id = %(zone)s) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5
"""


@figures("categories")
def _categories(of: Of) -> list[Figure]:
    """The five most frequent problems (004 一3f)."""
    from guanjia.tickets.categories import categories

    known = categories()
    rows = run(CATEGORIES, of.named)
    return [_figure(f"category_{key}", known[key].title if key in known else key, count, _("件"), _("高频问题")) for key, count in rows]


CLOCKS = f"""
SELECT c.kind, count(*), count(*) FILTER (WHERE {clocks.KEPT}) FROM clocks_clock c
WHERE c.estate_id = %(estate)s AND c.due_at >= %(begins)s AND c.due_at < least(%(ends)s, %(now)s) AND {clocks.COUNTED}
  AND (%(zone)s::bigint IS NULL OR EXISTS (SELECT 1 FROM tickets_ticket t WHERE t.estate_id = c.estate_id AND t.id = c.ticket_id AND t.zone_id = %(zone)s))
GROUP BY 1 ORDER BY 1
"""


@figures("on_time")
def _on_time(of: Of) -> list[Figure]:
    rows = run(CLOCKS, of.named)
    return [_figure(f"on_time_{kind}", Clock(kind=kind).title, percent(met, due), "", f"{met} / {due}") for kind, due, met in rows]


COMPLAINTS = f"""
SELECT count(*), count(*) FILTER (WHERE t.done_at IS NOT NULL), count(*) FILTER (WHERE {tickets.VALID}), count(*) FILTER (WHERE v.ruling = 'invalid'),
  count(*) FILTER (WHERE t.reopened > 0)
FROM tickets_ticket t {tickets.VERDICT}
WHERE t.estate_id = %(estate)s AND {tickets.COMPLAINT} AND t.reported_at >= %(begins)s AND t.reported_at < %(ends)s
  AND (%(zone)s::bigint IS NULL OR t.zone_id = %(zone)s)
"""


@figures("complaints")
def _complaints(of: Of) -> list[Figure]:
    total, done, valid, invalid, again = run(COMPLAINTS, of.named)[0]
    return [
        _figure("complaints", _("投诉"), total, _("件")), _figure("complaints_done", _("投诉已办完"), done, _("件"), percent(done, total)),
        _figure("complaints_valid", _("有效投诉"), valid, _("件")), _figure("complaints_invalid", _("无效投诉"), invalid, _("件")),
        _figure("complaints_reopened", _("重新打开的投诉"), again, _("件")),
    ]  # fmt: skip


TASKS = f"""
SELECT count(*), count(*) FILTER (WHERE {duties.KEPT}), count(*) FILTER (WHERE k.done_at > k.due_at), count(*) FILTER (WHERE k.done_at IS NULL)
FROM duties_task k WHERE k.estate_id = %(estate)s AND k.due_at >= %(begins)s AND k.due_at < least(%(ends)s, %(now)s) AND {duties.DUE}
  AND (%(zone)s::bigint IS NULL OR k.zone_id = %(zone)s)
"""


@figures("duties")
def _duties(of: Of) -> list[Figure]:
    due, kept, late, missed = run(TASKS, of.named)[0]
    return [
        _figure("tasks", _("应做任务"), due, _("项")), _figure("tasks_kept", _("按时完成"), kept, _("项"), percent(kept, due)),
        _figure("tasks_late", _("逾期完成"), late, _("项")), _figure("tasks_missed", _("没有完成"), missed, _("项")),
    ]  # fmt: skip


@figures("patrols")
def _patrols(of: Of) -> list[Figure]:
    """Building-days with a patrol, of those that there were (PAT-03)."""
    from guanjia.duties.coverage import walked
    from guanjia.estates.models import Building

    until = min(of.ends - timedelta(days=1), clock.today(of.estate))
    rows = Building.objects.at_estate(of.estate)
    buildings = set((rows.filter(zone_id=of.zone) if of.zone else rows).values_list("pk", flat=True))
    days = max((until - of.begins).days + 1, 0)
    seen = sum(len(per_day) for building, per_day in walked(of.estate, of.begins, until).items() if building in buildings) if days else 0
    return [_figure("patrols", _("巡查覆盖"), percent(seen, len(buildings) * days), "", _("%(n)s 栋·天") % {"n": seen})] if buildings else []


RATINGS = """
SELECT count(*), round(avg(r.speed), 1), round(avg(r.result), 1), round(avg(r.attitude), 1) FROM tickets_rating r
JOIN tickets_ticket t ON t.estate_id = r.estate_id AND t.id = r.ticket_id
WHERE r.estate_id = %(estate)s AND r.at >= %(begins)s AND r.at < %(ends)s AND (%(zone)s::bigint IS NULL OR t.zone_id = %(zone)s)
"""


@figures("ratings")
def _ratings(of: Of) -> list[Figure]:
    count, *marks = run(RATINGS, of.named)[0]
    labels = (("speed", _("速度评分")), ("result", _("结果评分")), ("attitude", _("态度评分")))
    found = [_figure("ratings", _("评价"), count, _("次"))]
    return found + [_figure(f"rating_{key}", label, mark, _("分")) for (key, label), mark in zip(labels, marks, strict=True) if mark is not None]


@figures("money")
def _money(of: Of) -> list[Figure]:
    """Charged, paid and the rate of the year up to the last day (FEE rows); nothing where nothing was charged."""
    from guanjia.billing.arrears import rates

    found = rates(of.estate, min(of.ends - timedelta(days=1), clock.today(of.estate)))
    if not found or not (found[0].charged or found[0].opening):
        return []
    one = found[0]
    return [
        _figure("charged", _("本年应收"), f"{one.charged:,.2f}", _("元")), _figure("paid", _("本年已收"), f"{one.paid:,.2f}", _("元")),
        _figure("rate", _("本年收缴率"), f"{one.current}%" if one.current is not None else "—"),
        _figure("rate_previous", _("往年欠费收回率"), f"{one.previous}%" if one.previous is not None else "—"), _figure("owed", _("尚欠"), f"{one.owed:,.2f}", _("元")),
    ]  # fmt: skip
