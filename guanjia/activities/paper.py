"""Papers of an activity: the scheme with its approval, the list to sign on, the whole file (COM-32, QLT-39)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia.keys.paper import paper_pdf
from guanjia.people.models import Person

from .finding import rooms_of

if TYPE_CHECKING:
    from .models import Activity

BLANKS = 6  # empty lines for who had not signed up


def _at(row: Activity, moment: Any) -> str:
    return f"{moment.astimezone(ZoneInfo(row.estate.time_zone)):%Y-%m-%d %H:%M}" if moment else ""


def _facts(row: Activity) -> list[tuple[Any, Any]]:
    names = dict(Person.objects.filter(pk__in=[pk for pk in (row.writer_id, row.judge_id, row.held_by_id) if pk]).values_list("pk", "name"))
    facts: list[tuple[Any, Any]] = [
        (_("活动"), row.title), (_("种类"), f"{row.entry} {row.theme_title}".strip()), (_("时间"), f"{_at(row, row.begins_at)} – {_at(row, row.ends_at)}"), (_("地点"), row.place),
        (_("范围"), row.zone.name if row.zone else _("全小区")), (_("名额"), row.places or _("不限")), (_("预算（元）"), f"{row.budget:.2f}"), (_("策划"), names.get(row.writer_id, "")),
        (_("审批"), f"{names.get(row.judge_id or 0, '')} {_at(row, row.judged_at)}".strip() or "—"),
    ]  # fmt: skip
    if row.held_at:
        facts += [(_("花费（元）"), f"{row.spent:.2f} {row.over_why}".strip()), (_("总结人"), f"{names.get(row.held_by_id or 0, '')} {_at(row, row.held_at)}")]
    return facts


def plan_pdf(row: Activity) -> bytes:
    return paper_pdf(row.estate, _("活动方案"), _facts(row), words=[row.words])


def _guests(row: Activity) -> list[Any]:
    return list(row.signups.filter(left_at__isnull=True, waiting=False).select_related("household").order_by("entered_at", "pk"))


def list_pdf(row: Activity) -> bytes:
    """To sign on at the door, with some empty lines."""
    guests = _guests(row)
    rooms = rooms_of(row.estate, {one.household_id for one in guests})
    rows = [[n, rooms.get(one.household_id, ""), one.household.name, one.heads, _at(row, one.came_at), ""] for n, one in enumerate(guests, 1)]
    rows += [[len(guests) + n, "", "", "", "", ""] for n in range(1, BLANKS + 1)]
    table = {"title": _("签到"), "heads": [_("序号"), _("房号"), _("住户"), _("人数"), _("到场"), _("签名")], "rows": rows}
    return paper_pdf(row.estate, _("活动签到表"), _facts(row)[:4], tables=[table])


def file_pdf(row: Activity) -> bytes:
    """Everything: scheme, approval, guests, what they thought, summary."""
    guests = _guests(row)
    rooms = rooms_of(row.estate, {one.household_id for one in guests})
    yes = _("到场")
    tables: list[dict[str, Any]] = [
        {"title": _("名单"), "heads": [_("房号"), _("住户"), _("人数"), _("到场")], "rows": [[rooms.get(one.household_id, ""), one.household.name, one.heads, f"{yes} {_at(row, one.came_at)}" if one.came_at else ""] for one in guests]},
        {"title": _("问答"), "heads": [_("问题"), _("答复")], "rows": [[one.words, one.answer] for one in row.questions.order_by("pk")]},
        {"title": _("会后回访"), "heads": [_("房号"), _("评分"), _("感受和意见"), _("时间")], "rows": [[rooms.get(one.household_id, ""), one.mood, one.words, _at(row, one.followed_at)] for one in guests if one.mood]},
    ]  # fmt: skip
    words = [row.words, *([_("小结：%(words)s") % {"words": row.summary}] if row.summary else []), _("现场照片 %(n)s 张，存于系统。") % {"n": row.photos.count()}]
    return paper_pdf(row.estate, _("活动档案"), _facts(row), words=words, tables=tables)
