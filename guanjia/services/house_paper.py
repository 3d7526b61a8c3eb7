"""屋宇健康管理报告 as PDF: equipment by class, what was mended, the diagnosis, advice (VAS-14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.keys.paper import paper_pdf
from guanjia.rulebooks.form_book import form

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.duties.models import Record

    from .models import HouseFile, HouseItem


def said(value: str) -> str:
    return {"ok": _("正常"), "bad": _("需要处理"), "na": _("没有")}.get(value, value)


def answers(record: Record) -> list[tuple[str, str, str]]:
    """What was looked at, how it is (ok, bad, na), in words."""
    entry = form(record.form)
    found = []
    for name, item in entry.items.items():
        said = record.answers.get(name, {})
        if item.kind == "check" and said:
            found.append((_(item.title), str(said.get("value", "")), str(said.get("words", ""))))
    return found


def _day(day: Any) -> str:
    return f"{day:%F}" if day else "—"


def by_class(file: HouseFile) -> list[HouseItem]:
    return sorted(file.items.all(), key=lambda row: (row.title, row.name))


def report_pdf(file: HouseFile, record: Record, advice: str, at: datetime) -> bytes:
    zone = ZoneInfo(file.estate.time_zone)
    rows = answers(record)
    bad = sum(1 for _title, value, _words in rows if value == "bad")
    repairs = [
        [_day(one.on), item.title, item.name, one.words, one.order.number if one.order else one.ticket.number if one.ticket else ""]
        for item in by_class(file) for one in item.repairs.select_related("order", "ticket").order_by("-on")
    ]  # fmt: skip
    facts = [
        (_("房号"), file.unit.code), (_("住户"), file.household.name), (_("诊断人"), record.by.name), (_("诊断时间"), f"{record.done_at.astimezone(zone):%Y-%m-%d %H:%M}"),
        (_("出具日期"), _day(clock.today(file.estate, at))), (_("结论"), _("%(n)s 项需要处理") % {"n": bad} if bad else _("各项正常")),
    ]  # fmt: skip
    tables = [
        {"title": _("诊断"), "heads": [_("项目"), _("情况"), _("说明")], "rows": [[title, said(value), words] for title, value, words in rows]},
        {"title": _("户内设备"), "heads": [_("类别"), _("名称"), _("品牌型号"), _("位置"), _("安装"), _("保修到")],
         "rows": [[row.title, row.name, row.brand, row.place, _day(row.installed_on), _day(row.warranty_until)] for row in by_class(file)]},
        {"title": _("维修记录"), "heads": [_("日期"), _("类别"), _("名称"), _("内容"), _("单号")], "rows": repairs},
    ]  # fmt: skip
    words = [record.words, _("保养建议：%(words)s") % {"words": advice}]
    return paper_pdf(file.estate, _("屋宇健康管理报告"), facts, words=[line for line in words if line], tables=[table for table in tables if table["rows"]])
