"""Papers: the report of an emergency, the evaluation of a drill, the plan that hangs on the wall (F-71, AST-07)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia.keys.models import Autograph
from guanjia.keys.paper import paper_pdf

from .book import emergency_book
from .contacts import tree

if TYPE_CHECKING:
    from .models import Emergency, Evaluation, Plan


def _at(row: Any, moment: Any) -> str:
    return f"{moment.astimezone(ZoneInfo(row.estate.time_zone)):%Y-%m-%d %H:%M}" if moment else ""


def _facts(row: Emergency) -> list[tuple[Any, Any]]:
    return [
        (_("编号"), row.number), (_("事件"), row.title), (_("地点"), row.where), (_("启动"), f"{_at(row, row.started_at)} {row.started_by.name}"),
        (_("解除"), f"{_at(row, row.down_at)} {row.down_by.name if row.down_by else ''} {row.down_words}"), (_("预案"), str(row.plan) if row.plan else _("通用预案")),
        *([(_("申报"), f"{row.declared_to} {_at(row, row.declared_at)} {row.declared_words}")] if row.declared_at else []),
    ]  # fmt: skip


def _course(row: Emergency) -> list[dict[str, Any]]:
    names, rows = row.names(), list(row.orders.select_related("done_by").order_by("due_at", "pk"))
    tasks = [
        [_(order.title), order.post, "、".join(names.get(person, "") for person in order.people) or _("无人"), _at(row, order.due_at),
         f"{_at(row, order.done_at)} {order.done_by.name}" if order.done_by else _("随解除结束") if order.dropped_at else ""]
        for order in rows
    ]  # fmt: skip
    log = [[_at(row, entry.at), entry.get_kind_display(), entry.name, f"{entry.words}{' ' + _('（附照片）') if entry.photo else ''}"] for entry in row.entries.order_by("at", "pk")]
    return [
        {"title": _("任务"), "heads": [_("任务"), _("岗位"), _("人"), _("时限"), _("完成")], "rows": tasks},
        {"title": _("处置记录"), "heads": [_("时间"), _("类别"), _("人"), _("内容")], "rows": log},
    ]


def _measures(row: Emergency) -> dict[str, Any]:
    rows = [one.rectification for one in row.measured.select_related("rectification__responsible").order_by("pk")]
    return {
        "title": _("整改"), "heads": [_("整改"), _("责任人"), _("完成时间"), _("状态")],
        "rows": [[fix.words, fix.responsible.name, f"{fix.due_on:%F}", _("已关闭") if fix.closed_at else _("整改中")] for fix in rows],
    }  # fmt: skip


def report_pdf(row: Emergency) -> bytes:
    """Facts, analysis, what was done when, homes, damage, claims, and who signed."""
    report = row.analyses.select_related("written_by", "signed_by").first()
    parts = [(_("原因分析"), "cause"), (_("处置经过"), "course"), (_("责任认定"), "liable"), (_("防范措施"), "measures"), (_("经验教训"), "lessons")]
    words = [f"{title}：{getattr(report, part)}" for title, part in parts if getattr(report, part)] if report else []
    homes = [[home.unit.code, home.words, home.hurt or "", _at(row, home.visited_at), home.visit] for home in row.homes.select_related("unit").order_by("unit__code")]
    things = [[one.home.unit.code if one.home else _("公共部位"), one.item, f"{one.amount:.2f}" if one.amount is not None else ""] for one in row.damages.select_related("home__unit").order_by("pk")]
    claims = [[one.insurer, one.policy, f"{one.amount:.2f}", one.get_outcome_display() if one.outcome else _("处理中"), f"{one.paid:.2f}" if one.paid else ""] for one in row.claims.order_by("pk")]
    tables = [
        *_course(row),
        {"title": _("受影响住户"), "heads": [_("房号"), _("情况"), _("伤者"), _("走访时间"), _("走访情况")], "rows": homes},
        {"title": _("受损物品"), "heads": [_("归属"), _("物品"), _("估值（元）")], "rows": things},
        {"title": _("保险理赔"), "heads": [_("保险公司"), _("保单号"), _("索赔（元）"), _("结果"), _("赔付（元）")], "rows": claims},
        _measures(row),
    ]  # fmt: skip
    facts = [*_facts(row), *([(_("报告人"), f"{report.written_by.name} {_at(row, report.written_at)}")] if report else [])]
    signed = [(_("签认"), Autograph.objects.at_estate(row.estate_id).filter(subject_type="emergency_report", subject_id=report.pk).first())] if report else []
    return paper_pdf(row.estate, _("突发事件分析结论报告"), facts, words=words, tables=tables, signed=signed)


def drill_pdf(row: Emergency, judged: Evaluation) -> bytes:
    book, said = emergency_book().points, {"ok": _("合格"), "bad": _("不合格"), "na": _("不适用")}
    points = [[_(book[key].title), said[value]] for key, value in judged.points.items() if key in book]
    facts = [*_facts(row), (_("参加人数"), judged.present), (_("评估人"), f"{judged.by.name} {_at(row, judged.at)}")]
    tables = [{"title": _("评估"), "heads": [_("项目"), _("结果")], "rows": points}, *_course(row), _measures(row)]
    return paper_pdf(row.estate, _("应急演练评估报告"), facts, words=[judged.words], tables=tables)


def plan_pdf(estate: Any, kind: str, plan: Plan | None, tasks: list[dict[str, Any]]) -> bytes:
    """To be hung on the wall: who does what within which minutes, whom to call."""
    entry, book = emergency_book().kinds[kind], emergency_book()
    rows = [[number, task["post"], task["title"], _("%(n)s 分钟内") % {"n": task["minutes"]}] for number, task in enumerate(tasks, 1)]
    people = [[branch.title, "、".join(dict.fromkeys(f"{one.name} {one.phone}" for one in branch.people)) or "；".join(branch.gaps)] for branch in tree(estate)]
    facts = [(_("版本"), str(plan) if plan else _("通用预案第 %(n)s 版") % {"n": entry.version}), *((_(book.numbers[call].title), book.numbers[call].number) for call in entry.calls)]
    tables = [{"title": _("任务"), "heads": [_("序"), _("岗位"), _("任务"), _("时限")], "rows": rows}, {"title": _("联络"), "heads": [_("级别"), _("人员和电话")], "rows": people}]
    return paper_pdf(estate, _("%(kind)s应急预案") % {"kind": _(entry.title)}, facts, words=[plan.words] if plan else [], tables=tables, foot=_("请张贴在值班室、监控室和配电室。"))
