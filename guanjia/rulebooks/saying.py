"""Values and lengths of rules as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.people.roles import roles, title_of

if TYPE_CHECKING:
    from datetime import timedelta

    from .books import Window

WEEK = {
    "MO": lambda: _("周一"),
    "TU": lambda: _("周二"),
    "WE": lambda: _("周三"),
    "TH": lambda: _("周四"),
    "FR": lambda: _("周五"),
    "SA": lambda: _("周六"),
    "SU": lambda: _("周日"),
}


def said(entry: Any, value: Any) -> str:
    """A parameter's value in words."""
    if entry.type == "flag":
        return _("启用") if value else _("停用")
    if value is None:
        return _("待公司填定")
    if getattr(entry, "what", "") == "role" and value in roles():
        return title_of(value)
    if getattr(entry, "what", "") == "cadence":
        return cadence_words(value)
    return _(entry.choices[value]) if value in entry.choices else str(value)


def minutes(span: timedelta) -> str:
    """30 分钟, 2 小时, 1 天 12 小时."""
    whole = int(span.total_seconds() // 60)
    days, hours, rest = whole // 1440, whole // 60 % 24, whole % 60
    parts = [(days, _("%d 天")), (hours, _("%d 小时")), (rest, _("%d 分钟"))]
    return " ".join(words % count for count, words in parts if count) or _("即时")


def cadence_words(cadence: str) -> str:
    """每天 06:00, 每 2 周, 每月 25 日 … ; several joined by ；."""
    return "；".join(_one(part.strip()) for part in cadence.split("+") if part.strip())


def _one(part: str) -> str:
    if part.startswith("EVENT:"):
        return _("事件发生时")
    if part.startswith("COUNT_PER_DAY="):
        return _("每天 %(n)s 次") % {"n": part.partition("=")[2]}
    if part.startswith(("PER_SHIFT", "CONTINUOUS")):
        return _("每班")
    said_of = dict(each.split("=", 1) for each in part.split(";") if "=" in each)
    words = _every(said_of.get("FREQ", ""), said_of.get("INTERVAL", "1"))
    days = said_of.get("BYDAY", "").split(",") if said_of.get("BYDAY") else []
    words += "、".join(_day(day) for day in days)
    if "BYMONTH" in said_of:
        words += _(" %(months)s 月") % {"months": said_of["BYMONTH"]}
    if "BYMONTHDAY" in said_of:
        words += _(" %(days)s 日") % {
            "days": said_of["BYMONTHDAY"].replace("-1", _("最后一"))
            if "-1" in said_of["BYMONTHDAY"]
            else said_of["BYMONTHDAY"]
        }
    if "BYHOUR" in said_of:
        times = [
            f"{hour.zfill(2)}:{said_of.get('BYMINUTE', '0').split(',')[0].zfill(2)}"
            for hour in said_of["BYHOUR"].split(",")
        ]
        words += " " + "、".join(times)
    return words or part


def _every(freq: str, interval: str) -> str:
    once = {"DAILY": _("每天"), "WEEKLY": _("每周"), "MONTHLY": _("每月"), "YEARLY": _("每年"), "HOURLY": _("每小时")}
    many = {
        "DAILY": _("每 %(n)s 天"),
        "WEEKLY": _("每 %(n)s 周"),
        "MONTHLY": _("每 %(n)s 个月"),
        "YEARLY": _("每 %(n)s 年"),
        "HOURLY": _("每 %(n)s 小时"),
    }
    return once.get(freq, "") if interval == "1" else many.get(freq, "") % {"n": interval} if freq in many else ""


def _day(day: str) -> str:
    number, name = day[:-2], day[-2:]
    words = WEEK[name]() if name in WEEK else name
    if not number:
        return words
    return (
        _("最后一个%(day)s") % {"day": words}
        if number == "-1"
        else _("第 %(n)s 个%(day)s") % {"n": number, "day": words}
    )


def window_words(window: Window) -> str:
    """08:00–18:00; nothing where the whole period is open."""
    if window.opens or window.closes:
        return f"{window.opens or '00:00'}–{window.closes or '24:00'}"
    return ""
