"""The words rulebooks may use, and their names for people: marked here, translated where they are shown."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop as _

# What may happen to a ticket that a limit starts from or stops at.
MOMENTS: dict[str, str] = {
    "received": _("受理"),
    "classified": _("分类"),
    "dispatched": _("派单"),
    "responded": _("响应"),
    "arrived": _("到场"),
    "plan_replied": _("答复方案"),
    "progressed": _("告知进度"),
    "done": _("完工"),
    "confirmed": _("电话确认"),
    "followed_up": _("线上回访"),
    "group_replied": _("群内响应"),
    "group_fed_back": _("群内反馈"),
    "fed_back": _("反馈"),
    "resolved": _("解决"),
    "archived": _("归档"),
    "reopened": _("重新打开"),
    "missed": _("上次到期"),
}

# Who a step of a ladder is told to.
TOLD: dict[str, str] = {
    "responsible": _("责任人"),
    "deputy": _("代班人"),
    "dispatcher": _("调度员"),
    "supervisor": _("专业主管"),
    "manager": _("项目经理"),
    "company": _("公司"),
    "dispatcher+manager": _("调度员和项目经理"),
    "": _("无人"),
}

CLASSES = ("urgent", "routine", "suggestion")
KINDS = ("repair", "enquiry", "complaint", "suggestion", "praise")
CHANNELS = ("phone", "online", "on_site", "patrol", "group", "letter")


def known(value: Any, among: Any, what: str) -> Any:
    """`value`, if the rulebooks know it; `$key` stands for a parameter and is checked where it is resolved."""
    if isinstance(value, str) and (value.startswith("$") or value in among):
        return value
    raise ValueError(f"no such {what}: {value!r}")
