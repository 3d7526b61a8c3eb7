"""Workbooks: a month's indicators at every level; a company's estates beside each other; a month's rewards and penalties with their entries."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia.estates.models import Zone
from guanjia.tenancy.workbooks import book_of

from .book import indicators
from .company import is_few, ranked
from .models import Level
from .models.line import names_of
from .reading import table

if TYPE_CHECKING:
    from datetime import date

    from .company import Compared
    from .models import Proposal


def scores_book(estate: Any, month: date) -> IO[bytes]:
    """One sheet a level: subject, indicator, value, target, part, whole, formula."""
    heads = [_("对象"), _("指标"), _("数值"), _("单位"), _("目标"), _("达标"), _("分子"), _("分母"), _("算法")]
    sheets = []
    for level in Level.values:
        found = table(estate, month, level)
        names = {0: estate.name} if level == Level.ESTATE else dict(Zone.objects.at_estate(estate).values_list("pk", "name")) if level == Level.ZONE else names_of(set(found))
        rows = [
            [names.get(pk, ""), one.label, float(score.value) if score.value is not None else "", one.unit_words, float(score.target),
             {True: _("是"), False: _("否"), None: ""}[score.reached], float(score.part), float(score.whole), one.formula]
            for pk in sorted(found, key=lambda pk: names.get(pk, "")) for key, one in indicators().items() if (score := found[pk].get(key))
        ]  # fmt: skip
        sheets.append((str(Level(level).label), heads, rows))
    return book_of(sheets)


def proposal_book(proposal: Proposal) -> IO[bytes]:
    """Every line and every entry that put it right."""
    here = ZoneInfo(proposal.estate.time_zone)
    lines = list(proposal.lines.select_related("zone", "person", "appeal", "by").order_by("pk"))
    heads = [_("类别"), _("片区"), _("人员"), _("金额（元）"), _("档数"), _("说明"), _("更正哪一笔"), _("指标版本"), _("记入"), _("时间")]
    numbers = {line.pk: n for n, line in enumerate(lines, 1)}
    rows = [
        [line.get_kind_display(), str(line.zone or ""), line.person.name if line.person else "", float(line.amount), line.grades, line.words or line.inputs.get("why", ""),
         numbers.get(line.corrects_id or 0, ""), line.version, line.by.name if line.by else "", f"{line.at.astimezone(here):%Y-%m-%d %H:%M}"]
        for line in lines
    ]  # fmt: skip
    return book_of([(f"{proposal.month:%Y-%m}", [_("序号"), *heads], [[numbers[line.pk], *row] for line, row in zip(lines, rows, strict=True)])])


def company_book(rows: Compared, size: dict[int, int]) -> IO[bytes]:
    """Every estate by every indicator with its place: one sheet to read, one with what stands behind."""
    heads = [_("指标"), _("小区"), _("户数"), _("名次"), _("数值"), _("单位"), _("目标"), _("达标"), _("分子"), _("分母"), _("样本少")]
    lines, across = [], {estate.pk: [estate.name, size.get(estate.pk, 0)] for estate, _scores in rows}
    for key, one in indicators().items():
        for row in ranked(rows, key):
            score = row.scores.get(key)
            value: Any = float(score.value) if score is not None and score.value is not None else ""
            across[row.estate.pk].append(value)
            if score is not None and score.whole:
                reached = _("是") if score.reached else _("否")
                lines.append([
                    one.label, row.estate.name, size.get(row.estate.pk, 0), row.place or "", value, one.unit_words, float(score.target), reached, float(score.part), float(score.whole),
                    _("是") if is_few(score) else "",
                ])  # fmt: skip
    return book_of([(_("各小区"), [_("小区"), _("户数"), *(one.label for one in indicators().values())], list(across.values())), (_("名次和分子分母"), heads, lines)])
