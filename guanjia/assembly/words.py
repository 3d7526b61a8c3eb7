"""The count in words: what the minutes begin with, and how each topic stands."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from .book import ShareEntry, assembly_book


def percent(part: Any, whole: Any) -> str:
    """Two decimals, cut off and never rounded up: 66.66 % is no two thirds."""
    whole = Decimal(whole)
    return f"{(Decimal(part) * 10000 // whole) / 100:.2f}%" if whole else "—"


def lines(assembly: Any) -> list[dict[str, Any]]:
    """Each topic with both shares of those who took part."""
    said = assembly.result
    return [
        {
            **one, "matter_title": str(assembly_book().matters[one["matter"]]), "asks": str(ShareEntry(share=one["share"], strict=one["strict"])),
            "area_share": percent(one["yes_area"], said["area"]), "heads_share": percent(one["yes_heads"], said["heads"]),
        }
        for one in said.get("topics", [])
    ]  # fmt: skip


def minutes_of(assembly: Any) -> str:
    """The draft, in the house's words."""
    zone, said = ZoneInfo(assembly.estate.time_zone), assembly.result
    text = [
        _("%(estate)s业主大会“%(title)s”于 %(begins)s 至 %(ends)s 表决。")
        % {"estate": assembly.estate.name, "title": assembly.title, "begins": f"{assembly.begins_at.astimezone(zone):%Y-%m-%d %H:%M}", "ends": f"{assembly.ends_at.astimezone(zone):%Y-%m-%d %H:%M}"},
        _("应参与 %(units)s 套、%(area)s 平方米、%(heads)s 人；实际参与 %(n)s 套、%(part)s 平方米（%(area_share)s）、%(people)s 人（%(heads_share)s），%(quorum)s。")
        % {
            "units": assembly.units, "area": assembly.area, "heads": assembly.heads, "n": said["units"], "part": said["area"], "people": said["heads"],
            "area_share": percent(said["area"], assembly.area), "heads_share": percent(said["heads"], assembly.heads),
            "quorum": _("达到法定人数") if said["quorate"] else _("未达到法定人数"),
        },
    ]  # fmt: skip
    for one in lines(assembly):
        text.append(
            _("议题 %(n)s：%(title)s。同意 %(area)s 平方米（%(area_share)s）、%(heads)s 人（%(heads_share)s），要求%(asks)s，%(passed)s。")
            % {**one, "area": one["yes_area"], "heads": one["yes_heads"], "passed": _("通过") if one["passed"] else _("未通过")}
        )
    text.append(_("依据：%(law)s。") % {"law": str(assembly_book().law)})
    return "\n".join(text)
