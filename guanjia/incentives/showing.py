"""A proposal as people read it: each thing with the line that began it, its numbers in words, corrections, appeals, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.quality.rubric_book import rubrics_book

from .book import book, indicators
from .models import Appeal, Contract, Line, Proposal
from .models.line import net
from .rules import Share

if TYPE_CHECKING:
    from guanjia.people.reach import Reach


@dataclass
class Entry:
    line: Line
    further: list[Line] = field(default_factory=list)
    appeals: list[Appeal] = field(default_factory=list)
    may_appeal: bool = False

    @property
    def amount(self) -> Decimal:
        return net([self.line, *self.further])[0]

    @property
    def grades(self) -> int:
        return net([self.line, *self.further])[1]

    @property
    def numbers(self) -> list[tuple[str, str]]:
        """(what, how much), in the reader's language."""
        return numbers(self.line)


def shown(proposal: Proposal, reach: Reach, *, own: bool = False) -> list[Entry]:
    """What of a proposal the reader sees, in the order of the lines; `own`: only what is about them."""
    rows = Line.objects.visible_to(reach).filter(proposal=proposal).select_related("zone", "person", "by", "proposal").order_by("pk")
    mine = set(Line.objects.about(reach).filter(proposal=proposal).values_list("pk", flat=True))
    found: dict[int, Entry] = {}
    for line in rows:
        if own and line.pk not in mine:
            continue
        if line.corrects_id is None:
            found[line.pk] = Entry(line)
        elif line.corrects_id in found:
            found[line.corrects_id].further.append(line)
    for appeal in Appeal.objects.visible_to(reach).filter(line_id__in=list(found)).select_related("by", "judged_by").order_by("pk"):
        found[appeal.line_id].appeals.append(appeal)
    for entry in found.values():
        entry.may_appeal = entry.line.pk in mine and all(one.by_id != reach.person_id for one in entry.appeals)
    return list(found.values())


def _share(kept: list[str]) -> str:
    one = Share(Decimal(kept[0]), Decimal(kept[1]))
    return f"{one.part / one.whole * 100:.1f}% · {kept[0]} / {kept[1]}" if one.known else _("没有数据")


def _top(said: dict[str, Any]) -> list[tuple[str, str]]:
    """How far the post may climb, and how far it has."""
    if "top" not in said:
        return []
    if said["top"] is None:
        return [(_("岗位最高档"), _("未设，暂不封顶"))]
    return [(_("岗位最高档"), _("%(top)s，此前已升 %(gained)s") % {"top": said["top"], "gained": said["gained"]})]


def _promise(row: dict[str, Any]) -> tuple[str, str]:
    one = indicators()[row["indicator"]]
    sign = "≥" if one.better == "up" else "≤"
    words = f"{_share([row['part'], row['whole']])} · {_('目标')} {sign}{row['target']} · {_('达到') if row['reached'] else _('未达到')}"
    return one.label, words + (" · " + _("完成 %(done)s%%，得奖金的 %(share)s%%") % {"done": row["completion"], "share": row["share"]} if "share" in row else "")


def numbers(line: Line) -> list[tuple[str, str]]:
    said = line.inputs
    if line.kind in ("zone_bonus", "zone_penalty"):
        return [
            (_("收缴率"), f"{_share(said['collection'])} · {_('目标')} {said['collection_target']}%"),
            (_("满意度"), f"{_share(said['satisfaction'])} · {_('目标')} {said['satisfaction_target']}%"), (_("有效投诉"), str(said["complaints"])),
        ]  # fmt: skip
    if line.kind == "star" and "marks" in said:
        marks = Share(Decimal(said["marks"][0]), Decimal(said["marks"][1]))
        return [(_("管家评分"), f"{marks.part / marks.whole:.1f}"), (_("表扬"), str(said["praises"])), (_("任务按时"), _share(said["tasks"]))]
    if line.kind == "support" and "failures" in said:
        return [(_("查实次数"), str(said["failures"])), (_("每次"), f"{said['each']} {_('元')}")]
    if line.kind in ("ladder", "half_year") and "rate" in said:
        return [(_("总收缴率"), f"{said['rate']}%"), (_("起点"), f"{said['threshold']}%"), (_("每升"), f"{said['step']} → {said['each']} {_('档')}"), *_top(said)]
    if line.kind == "campaign" and "score" in said:
        band = rubrics_book().bands[said["band"]]
        return [(said["title"], f"{said['score']} {_('分')} · {_(band.title)}"), *([(_("岗位"), said["post"])] if said["post"] else [])]
    if line.kind == "contract" and "targets" in said:
        department = book().departments[said["department"]]
        scale = [(_("怎样发"), str(Contract.Scale(said["scale"]).label))] if "scale" in said else []
        return [(_("部门"), _(department.title)), *scale, *(_promise(row) for row in said["targets"])]
    return [(_("事由"), said["why"])] if said.get("why") else []
