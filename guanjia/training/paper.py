"""The exam's report as a file: PDF by typst on the house's sheet, Excel with every sitting (QLT-16, F-57)."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.billing.paper import printed
from guanjia.tenancy.workbooks import book_of

from .book import group_titles
from .results import results

if TYPE_CHECKING:
    from .models import Exam


def report_pdf(exam: Exam) -> bytes:
    """A4: figures, a line for each sitting, what was hard. The words go in as data."""
    told, zone = results(exam), ZoneInfo(exam.estate.time_zone)
    words: dict[str, Any] = {
        "title": _("考试报告"), "estate": exam.estate.name, "company": exam.estate.company.name, "hotline": exam.estate.hotline,
        "facts": [
            [_("考试"), exam.title], [_("对象"), group_titles(exam.groups)],
            [_("时间"), f"{exam.opens_at.astimezone(zone):%Y-%m-%d} – {exam.closes_at.astimezone(zone):%Y-%m-%d}"],
            [_("及格线"), f"{exam.pass_mark}%"], [_("打印日期"), f"{clock.today(exam.estate)}"],
            [_("提交"), exam.reported_by.name if exam.reported_by else _("未提交")],
        ],
        "heads": [_("姓名"), _("次"), _("结果"), _("得分")],
        "lines": [[row.person.name, str(row.number), _result(row), f"{row.score.normalize():f}" if row.score is not None else "—"] for row in told.attempts],
        "sums": [
            [_("应考"), str(told.asked)], [_("参考"), str(told.sat)], [_("及格"), f"{told.passed} · {told.pass_rate}%"],
            [_("平均分"), f"{told.average}" if told.average is not None else "—"],
        ],
        "foot": " ".join(filter(None, [exam.words, _hard(told)])),
    }  # fmt: skip
    return printed(words)


def _result(row: Any) -> str:
    if row.passed is None:
        return _("待阅卷") if row.ended_at else _("考试中")
    return _("通过") if row.passed else _("未通过")


def _hard(told: Any) -> str:
    stems = "；".join(row["stem"] for row in told.hardest[:3])
    return _("错得最多：%(stems)s") % {"stems": stems} if stems else ""


def report_sheet(exam: Exam) -> IO[bytes]:
    told, zone = results(exam), ZoneInfo(exam.estate.time_zone)
    lines = [
        [
            row.person.name, row.number, f"{row.began_at.astimezone(zone):%Y-%m-%d %H:%M}", f"{row.ended_at.astimezone(zone):%H:%M}" if row.ended_at else "",
            f"{row.score.normalize():f}" if row.score is not None else "", _result(row),
        ]
        for row in told.attempts
    ] + [[row.name, "", "", "", "", _("缺考")] for row in told.absent]  # fmt: skip
    hard = [[row["stem"], row["asked"], row["right"]] for row in told.hardest]
    heads = [_("姓名"), _("次"), _("开始"), _("交卷"), _("得分"), _("结果")]
    return book_of([(_("成绩"), heads, lines), (_("错得多的题"), [_("题目"), _("人次"), _("答对")], hard)])
