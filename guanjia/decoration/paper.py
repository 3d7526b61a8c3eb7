"""Papers of a decoration: the permit, worker passes, the letter to the authority, the whole file (MOV-08, MOV-10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia.keys.paper import paper_pdf
from guanjia.people.models import Person

from .book import decoration_book
from .story import inspections

if TYPE_CHECKING:
    from .models import Permit, Violation


def _facts(permit: Permit) -> list[tuple[Any, Any]]:
    return [
        (_("编号"), permit.number), (_("房号"), permit.unit.code), (_("业主"), permit.household.name), (_("施工单位"), permit.company),
        (_("现场负责人"), f"{permit.foreman} {permit.phone}"), (_("工期"), f"{permit.begins_on:%F} – {permit.ends_on:%F}"),
    ]  # fmt: skip


def _at(permit: Permit, moment: Any) -> str:
    return f"{moment.astimezone(ZoneInfo(permit.estate.time_zone)):%Y-%m-%d %H:%M}" if moment else ""


def permit_pdf(permit: Permit) -> bytes:
    """To be hung at the site."""
    decided = [[row.title, row.by.name, _at(permit, row.at)] for row in permit.decisions.filter(granted=True, round=permit.round).select_related("by").order_by("step")]
    words = [permit.works, *(_(rule.title) for rule in decoration_book().rules)]
    table = {"title": _("审批"), "heads": [_("环节"), _("审批人"), _("时间")], "rows": decided}
    return paper_pdf(permit.estate, _("装修施工许可"), _facts(permit), words=words, tables=[table], foot=_("请张贴在施工现场，接受每日巡查。"))


def letter_pdf(violation: Violation) -> bytes:
    """What was found, when it was stopped, and what is asked of the authority."""
    permit = violation.permit
    words = [
        _("%(authority)s：") % {"authority": violation.letter_to or _("有关执法部门")},
        _("我单位管理的%(estate)s %(where)s 在装修施工中存在以下行为：%(kind)s。%(words)s")
        % {"estate": permit.estate.name, "where": permit.unit.code, "kind": violation.get_kind_display(), "words": violation.words},
        _("我单位已于 %(at)s 当场制止并责令停工，当事人拒不整改。现报请贵单位依法处理。") % {"at": _at(permit, violation.at)},
    ]
    return paper_pdf(permit.estate, _("违规装修情况报告函"), _facts(permit), words=words, foot=_("附件：现场照片、巡查记录。"))


def file_pdf(permit: Permit) -> bytes:
    """Everything, for the archive."""
    who = dict(Person.objects.filter(pk__in={row.by_id for rows in (permit.decisions, permit.violations, permit.acceptances, permit.progresses) for row in rows.all()}).values_list("pk", "name"))
    yes, no, points = _("同意"), _("不同意"), decoration_book().acceptance
    records, _open = inspections(permit)
    tables: list[dict[str, Any]] = [
        {"title": _("资料"), "heads": [_("资料"), _("收件时间")], "rows": [[row.title, _at(permit, row.at)] for row in permit.papers.order_by("pk")]},
        {"title": _("审批"), "heads": [_("环节"), _("结果"), _("审批人"), _("时间")],
         "rows": [[row.title, yes if row.granted else f"{no} {row.words}", who.get(row.by_id, ""), _at(permit, row.at)] for row in permit.decisions.order_by("at")]},
        {"title": _("施工人员"), "heads": [_("姓名"), _("工种"), _("有效期")], "rows": [[row.name, row.trade, f"{row.first} – {row.last}"] for row in permit.workers.order_by("pk")]},
        {"title": _("每日巡查"), "heads": [_("时间"), _("巡查"), _("人")], "rows": [[_at(permit, row.done_at), row.task.title, row.by.name if row.by else ""] for row in records]},
        {"title": _("违规与整改"), "heads": [_("时间"), _("违规"), _("整改复查"), _("报送")],
         "rows": [[_at(permit, row.at), f"{row.get_kind_display()} {row.words}", f"{_at(permit, row.mended_at)} {row.mended_words}", row.letter_to] for row in permit.violations.order_by("at")]},
        {"title": _("进度告知"), "heads": [_("时间"), _("内容"), _("邻居")], "rows": [[_at(permit, row.at), row.words, row.neighbours] for row in permit.progresses.order_by("at")]},
        {"title": _("验收"), "heads": [_("时间"), _("结果"), _("说明"), _("验收人")],
         "rows": [[_at(permit, row.at), _("合格") if row.passed else "、".join(_(points[key].title) for key, said in row.points.items() if said == "bad" and key in points), row.words, who.get(row.by_id, "")] for row in permit.acceptances.order_by("at")]},
        {"title": _("押金"), "heads": [_("退还（元）"), _("扣除（元）"), _("原因"), _("时间")],
         "rows": [[f"{row.amount:.2f}", f"{row.withheld:.2f}", row.why, _at(permit, row.judged_at)] for row in permit.returns.filter(state="approved")]},
    ]  # fmt: skip
    return paper_pdf(permit.estate, _("装修档案"), _facts(permit), words=[permit.works], tables=tables)
