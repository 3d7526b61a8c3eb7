"""Workbooks: what a round came to; the opinion library. Nothing that a page does not show."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia.tenancy.workbooks import book_of

if TYPE_CHECKING:
    from .results import Results

MOST = 20000


def results_book(found: Results) -> IO[bytes]:
    """Three sheets: the round, each question, each zone."""
    poll = found.poll
    overall = found.overall
    facts: list[list[Any]] = [
        [_("问卷"), poll.title], [_("期限"), f"{poll.begins_on} — {poll.ends_on}"], [_("对象"), poll.get_audience_display()], [_("问谁"), poll.get_draw_display()],
        [_("总体"), poll.population], [_("抽样种子"), "" if poll.seed is None else str(poll.seed)], [_("发出"), found.asked], [_("收回"), found.answered],
        [_("回收率"), f"{found.rate:.1f}%"], [_("不记名"), _("是") if poll.anonymous else _("否")],
    ]  # fmt: skip
    if overall:
        facts.append([_("总体满意度"), overall.words])
        if overall.low is not None and overall.high is not None:
            facts.append([_("95% 置信区间"), f"{overall.low:.1f} – {overall.high:.1f}"])
    lines = [[_(line.question.title), words, count, f"{share:.1f}%"] for line in found.lines for words, count, share in line.bars]
    groups = [[group.title, group.asked, group.answered, _shown(group.measured, found.small)] for group in found.groups]
    return book_of([
        (_("概况"), [_("项"), _("值")], facts),
        (_("各题"), [_("题目"), _("答案"), _("份数"), _("占比")], lines),
        (_("各片区"), [_("片区"), _("发出"), _("收回"), _("总体满意度")], groups),
    ])  # fmt: skip


def _shown(measured: Any, small: int) -> str:
    return measured.words if measured and measured.whole >= small else _("不足 %(n)s 份，不显示") % {"n": small}


def opinions_book(estate: Any, rows: Any) -> IO[bytes]:
    """F-06 客户意见征集库: opinion, source, date, state."""
    tz = ZoneInfo(estate.time_zone)
    heads = [_("日期"), _("来源"), _("关于"), _("意见"), _("片区"), _("怎样办"), _("答复"), _("现在"), _("答复日期")]
    cells = [
        [f"{row.at.astimezone(tz):%Y-%m-%d}", row.get_source_display(), row.topic_title, row.words, row.zone.name if row.zone else "", row.get_outcome_display() if row.outcome else "",
         row.reply, row.became[0], f"{row.settled_at.astimezone(tz):%Y-%m-%d}" if row.settled_at else ""]
        for row in rows[:MOST]
    ]  # fmt: skip
    return book_of([(_("客户意见征集库"), heads, cells)])
