"""Workbooks of trainings, outline, bank, certificates and readiness."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia.tenancy.workbooks import book_of

from .book import group_titles, title
from .models import Attendee
from .spelling import key_words

if TYPE_CHECKING:
    from collections.abc import Iterable

BANK = ["编号", "题型", "主题", "岗位组", "题目", "选项", "答案", "解答", "出处", "百问百答", "试卷"]  # as the import reads them
KINDS = {"single": "单选", "multiple": "多选", "true_false": "判断", "short": "简答"}
STATES = {"good": "达标", "soon": "快到期", "bad": "缺"}


def sessions_sheet(estate: Any, rows: Iterable[Any]) -> IO[bytes]:
    """Trainings with their figures, and everybody's sign-in and notes (F-56)."""
    tz = ZoneInfo(estate.time_zone)
    rows = list(rows[:2000])  # type: ignore[index]
    lines = [
        [
            f"{row.starts_at.astimezone(tz):%Y-%m-%d %H:%M}", row.title, title("courses", row.course), group_titles(row.groups), row.trainer.name, row.place,
            row.asked, row.came, row.noted, row.summary, row.effect or "", row.effect_words, row.why,
        ]
        for row in rows
    ]  # fmt: skip
    heads = [_("时间"), _("主题"), _("类别"), _("对象"), _("讲师"), _("地点"), _("应到"), _("实到"), _("有笔记"), _("培训记录"), _("效果分"), _("效果依据"), _("取消原因")]
    seats = Attendee.objects.at_estate(estate).filter(session__in=[row.pk for row in rows]).select_related("session", "person")
    signed = [
        [
            f"{seat.session.starts_at.astimezone(tz):%Y-%m-%d}", seat.session.title, seat.person.name, _("应到") if seat.expected else _("自愿"),
            f"{seat.signed_at.astimezone(tz):%H:%M}" if seat.signed_at else (_("缺席") if seat.session.held_at else ""), seat.get_way_display(), seat.notes, seat.rating or "",
        ]
        for seat in seats.order_by("-session__starts_at", "person__name")
    ]  # fmt: skip
    more = [_("日期"), _("主题"), _("姓名"), _("应到"), _("签到"), _("方式"), _("笔记"), _("评分")]
    return book_of([(_("培训"), heads, lines), (_("签到与笔记"), more, signed)])


def outline_sheet(rows: Iterable[Any]) -> IO[bytes]:
    heads = [_("岗位组"), _("月份"), _("培训内容"), _("类别"), _("课时"), _("已安排"), _("已完成"), _("发布")]
    lines = [
        [row.title, item.month, item.title, item.course_title, str(item.hours), item.planned, item.held, f"{row.issued_by.name}" if row.issued_by else ""]
        for row in rows for item in row.lines
    ]  # fmt: skip
    return book_of([(_("培训大纲"), heads, lines)])


def bank_sheet(rows: Iterable[Any]) -> IO[bytes]:
    """The headings are those that the import reads, in whatever language the page is."""
    lines = [
        [
            row.code, KINDS[row.kind], row.topic, "、".join(row.groups), row.stem, "\n".join(row.choices), key_words(row.kind, row.key) if row.key else "",
            row.answer, row.source, "是" if row.in_handbook else "否", "是" if row.in_exams else "否",
        ]
        for row in rows
    ]  # fmt: skip
    return book_of([("题库", BANK, lines)])


def certificates_sheet(rows: Iterable[tuple[Any, int | None]]) -> IO[bytes]:
    """Numbers stay masked."""
    heads = [_("姓名"), _("证书"), _("编号"), _("发证日期"), _("有效期至"), _("剩余天数")]
    lines = [
        [row.person.name, str(row), row.masked, f"{row.issued_on or ''}", f"{row.valid_until or _('长期')}", left if left is not None else ""] for row, left in rows
    ]
    return book_of([(_("证书"), heads, lines)])


def profiles_sheet(rows: Iterable[Any]) -> IO[bytes]:
    """A line for everything that a post asks for."""
    heads = [_("姓名"), _("岗位"), _("要求"), _("状态"), _("有效期至")]
    lines = [
        [row.person.name, "、".join(row.titles), need.title, _(STATES[need.state]), f"{need.until or ''}"] for row in rows for need in row.needs
    ]
    return book_of([(_("任职资格"), heads, lines)])
