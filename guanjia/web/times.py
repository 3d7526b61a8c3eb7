"""Times in words. Instants in, words out; the zone is the estate's (design decision 9)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from datetime import tzinfo

SOON = timedelta(minutes=30)
COUNTED = timedelta(hours=2)


def zone_of(context: Any) -> tzinfo:
    """The zone of the estate in the page's context, else Django's current one."""
    estate = context.get("estate")
    name = getattr(estate, "time_zone", "") if estate else ""
    return ZoneInfo(name) if name else timezone.get_current_timezone()


def span_words(span: timedelta) -> str:
    """25 分, 1 小时 12 分, 3 天 4 小时. Never below one minute."""
    minutes = max(1, int(span.total_seconds() // 60))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return _("%(d)s 天 %(h)s 小时") % {"d": days, "h": hours} if hours else _("%(d)s 天") % {"d": days}
    if hours:
        return _("%(h)s 小时 %(m)s 分") % {"h": hours, "m": rest} if rest else _("%(h)s 小时") % {"h": hours}
    return _("%(m)s 分") % {"m": rest}


def day_words(at: datetime, now: datetime, zone: tzinfo) -> str:
    """今天 14:00, 明天 09:30, 昨天 21:40, 11-24 14:00, 2025-11-24 14:00."""
    there, here = at.astimezone(zone), now.astimezone(zone)
    days, at_time = (there.date() - here.date()).days, f"{there:%H:%M}"
    near = {0: _("今天 %s"), 1: _("明天 %s"), -1: _("昨天 %s")}.get(days)
    if near:
        return near % at_time
    return f"{there:%m-%d} {at_time}" if there.year == here.year else f"{there:%Y-%m-%d} {at_time}"


def due_words(at: datetime, now: datetime, zone: tzinfo, done: datetime | None = None) -> str:
    if done:
        late = done > at
        return _("超时 %s 完成") % span_words(done - at) if late else _("按时完成")
    if now > at:
        return _("已超时 %s") % span_words(now - at)
    return _("剩 %s") % span_words(at - now) if at - now <= COUNTED else day_words(at, now, zone)


def due_tone(at: datetime, now: datetime, done: datetime | None = None) -> str:
    if done:
        return "bad" if done > at else "good"
    return "bad" if now > at else "soon" if at - now <= SOON else "mute"


def when_words(at: datetime | date, now: datetime, zone: tzinfo) -> str:
    """刚刚, 6 分钟前, then the day; a plain date says 今天 or 11-22."""
    if not isinstance(at, datetime):
        days = (at - now.astimezone(zone).date()).days
        near = {0: _("今天"), 1: _("明天"), -1: _("昨天")}.get(days)
        return near or (f"{at:%m-%d}" if at.year == now.astimezone(zone).year else f"{at:%Y-%m-%d}")
    ago = now - at
    if timedelta(0) <= ago < timedelta(hours=1):
        minutes = int(ago.total_seconds() // 60)
        return _("%s 分钟前") % minutes if minutes else _("刚刚")
    return day_words(at, now, zone)


def exact(at: datetime | date, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if isinstance(at, datetime) else f"{at:%Y-%m-%d}"


def script_words(now: datetime) -> dict[str, Any]:
    """What `app.js` needs to say. `now` lets it follow the house clock instead of the device's."""
    return {
        "now": now.isoformat(), "left": _("剩 %s"), "late": _("已超时 %s"), "days": _("%(d)s 天"),
        "daysHours": _("%(d)s 天 %(h)s 小时"), "hours": _("%(h)s 小时"), "hoursMinutes": _("%(h)s 小时 %(m)s 分"),
        "minutes": _("%(m)s 分"), "offline": _("没有网络，内容留在这里，连上后再提交"), "back": _("网络已恢复"),
        "failed": _("没有成功，内容都还在。请稍后再试"), "refused": _("没有权限做这件事"),
        "gone": _("这一条已不在了，请刷新"), "busy": _("操作太频繁，请稍等再试"),
        "copied": _("已复制"), "close": _("关闭"), "remove": _("移除这张照片"),
        "tooMany": _("最多 %s 张，多出的没有加入"), "notPhoto": _("这个文件不是照片，没有加入"),
        "draft": _("已恢复上次没提交的内容"), "discard": _("清空重填"), "of": _("%(n)s / %(all)s"),
        "again": _("没有网络。照片要重新选择，文字已保留"),
        **field_words(),
    }  # fmt: skip


def field_words() -> dict[str, str]:
    """What the scripts say about records that wait on the phone, and about scanning."""
    return {
        "done": _("已完成"), "doneLate": _("已完成，晚于时限"), "pickOne": _("请选一项。"), "sayWhat": _("请写一句哪里不合格。"),
        "takePhoto": _("请拍一张照片。"), "askEach": _("请逐个确认。"), "sign": _("请签名。"), "fillIn": _("请填写。"),
        "full": _("手机存储满了，这份记录没能存下，内容还在这一页。请清理一些空间，再按完成。"),
        "fullDraft": _("手机存储快满了，照片没能存下。请先不要离开这一页。"),
        "keptAt": _("%s 完成，等有信号时自动发送"), "signIn": _("登录过期了。登录后会接着发送"), "sentSome": _("已发送 %s 份记录"),
        "othersKept": _("另有 %s 份是别的同事的，等他登录后发送"), "goneTask": _("这项任务已经不在了"),
        "aim": _("把二维码放进框里"), "fromPicture": _("从照片识别"), "noCamera": _("用不了相机，可以从照片识别"),
        "noCode": _("照片里没有找到二维码"), "notOurs": _("这不是本小区的位置二维码"),
    }  # fmt: skip
