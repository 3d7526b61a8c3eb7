"""Workbooks: the register of activities; who comes to one (COM-32)."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from guanjia.tenancy.workbooks import book_of

from .finding import rooms_of

if TYPE_CHECKING:
    from .models import Activity

MOST = 5000


def register(estate: Any, rows: Any) -> IO[bytes]:
    tz = ZoneInfo(estate.time_zone)
    here = Q(signups__left_at__isnull=True)
    rows = rows.annotate(
        joined=Count("signups", filter=here & Q(signups__waiting=False), distinct=True), came_n=Count("signups", filter=here & Q(signups__came_at__isnull=False), distinct=True),
        pictures=Count("photos", distinct=True), asked=Count("signups", filter=here & Q(signups__mood__isnull=False), distinct=True),
    )  # fmt: skip
    heads = [_("活动"), _("种类"), _("主题"), _("范围"), _("地点"), _("开始"), _("结束"), _("名额"), _("报名（户）"), _("到场（户）"), _("预算（元）"), _("花费（元）"), _("照片"), _("回访（户）"), _("状态"), _("小结")]
    cells = [
        [row.title, str(row.entry), row.theme_title, row.zone.name if row.zone else _("全小区"), row.place, row.begins_at, row.ends_at,
         row.places or "", row.joined, row.came_n, row.budget, row.spent, row.pictures, row.asked, row.get_state_display(), row.summary]
        for row in rows.order_by("-begins_at")[:MOST]
    ]  # fmt: skip
    return book_of([(_("社区活动"), heads, cells)], tz)


def guests(activity: Activity) -> IO[bytes]:
    tz = ZoneInfo(activity.estate.time_zone)
    rows = list(activity.signups.select_related("household").order_by("left_at", "waiting", "entered_at", "pk"))
    rooms = rooms_of(activity.estate, {row.household_id for row in rows})

    heads = [_("房号"), _("住户"), _("人数"), _("状态"), _("报名时间"), _("补上名额"), _("退出"), _("到场"), _("评分"), _("意见")]
    cells = [
        [rooms.get(row.household_id, ""), row.household.name, row.heads, _("已退出") if row.left_at else _("排队") if row.waiting else _("已报名"), row.entered_at, row.moved_at,
         row.left_at, row.came_at, row.mood or "", row.words]
        for row in rows
    ]  # fmt: skip
    return book_of([(_("名单"), heads, cells)], tz)
