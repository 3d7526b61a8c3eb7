"""The side bar and the bottom bar: one list per kind of person, in the order of their day."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.notices.reading import unread_count
from guanjia.tickets.models import Ticket, WorkOrder

Entry = tuple[str, str, str, Any, tuple[str, ...]]
THUMB = ("today", "tickets", "patrols", "homes", "counter")  # first on a phone
MOST = 1000  # open tickets looked at for the badges; more are shown as 999+
# key, url name, icon, label, permissions (any): by what people come for, in the order of the day
STAFF: list[tuple[Any, list[Entry]]] = [
    (lambda: "", [
        ("today", "tickets:today", "sun", lambda: _("今日"), ()),
        ("tickets", "tickets:list", "clipboard-list", lambda: _("报事单"), ()),
        ("tasks", "duties:tasks", "list-checks", lambda: _("任务"), ("duty.read",)),
        ("board", "tickets:board", "columns-3", lambda: _("看板"), ("ticket.dispatch",)),
        ("desk", "tickets:desk", "phone-call", lambda: _("前台登记"), ("household.read",)),
        ("services", "keys:hub", "concierge-bell", lambda: _("前台服务"), ()),
        ("emergencies", "emergencies:board", "siren", lambda: _("应急"), ()),
        ("incidents", "tickets:incidents", "zap", lambda: _("区域事件"), ("incident.open",)),
    ]),
    (lambda: _("制度"), [
        ("patrols", "duties:patrols", "footprints", lambda: _("巡查"), ()),
        ("quality", "quality:inspections", "star", lambda: _("品质"), ("quality.read", "quality.inspect")),
        ("voice", "surveys:satisfaction", "message-square-heart", lambda: _("满意度"), ("opinion.read", "poll.run", "poll.ask")),
        ("reports", "reports:reports", "file-text", lambda: _("报告与会议"), ()),
        ("proof", "reports:proof", "badge-check", lambda: _("制度执行"), ("report.read",)),
        ("scores", "incentives:scores", "gauge", lambda: _("指标与奖惩"), ()),
        ("occasions", "duties:occasions", "cloud-lightning", lambda: _("天气与节点"), ("occasion.declare",)),
    ]),
    (lambda: _("住户与人员"), [
        ("homes", "care:homes", "users", lambda: _("住户"), ("household.read",)),
        ("bulletins", "bulletins:list", "megaphone", lambda: _("公告"), ("bulletin.write", "bulletin.check", "board.keep")),
        ("activities", "activities:list", "party-popper", lambda: _("社区活动"), ("activity.manage", "activity.judge", "assembly.assist")),
        ("shift", "staffing:shift", "notebook-pen", lambda: _("交接班"), ()),
        ("staffing", "staffing:whose", "map-pinned", lambda: _("责任"), ()),
        ("training", "training:mine", "graduation-cap", lambda: _("培训考试"), ()),
        ("roster", "duties:roster", "calendar-clock", lambda: _("排班"), ("duty.roster",)),
    ]),
    (lambda: _("费用"), [
        ("counter", "collection:counter", "banknote", lambda: _("收费"), ("payment.take",)),
        ("calls", "collection:calls", "notebook-pen", lambda: _("催收"), ("chase.act",)),
        ("billing", "billing:month", "receipt-text", lambda: _("账务"), ("bill.read",)),
        ("meters", "billing:meters", "gauge", lambda: _("抄表"), ("meter.read",)),
    ]),
    (lambda: _("系统设置"), [
        ("import", "importing:imports", "file-up", lambda: _("导入"), ("estate.import",)),
        ("rules", "rulebooks:rules", "scroll-text", lambda: _("时限与参数"), ("rule.change", "report.read")),
        ("labels", "tickets:labels", "qr-code", lambda: _("位置二维码"), ("post.manage",)),
    ]),
    (lambda: _("我"), [
        ("inbox", "notices:inbox", "bell", lambda: _("消息"), ()),
        ("me", "people:me", "circle-user", lambda: _("我的账号"), ()),
    ]),
]  # fmt: skip
RESIDENT: list[Entry] = [
    ("home", "tickets:home", "house", lambda: _("首页"), ()),
    ("report", "tickets:report", "circle-plus", lambda: _("报事"), ()),
    ("pay", "collection:pay", "wallet", lambda: _("缴费"), ()),
    ("mine", "tickets:mine", "clipboard-list", lambda: _("我的报事"), ()),
    ("inbox", "notices:inbox", "bell", lambda: _("消息"), ()),
    ("me", "people:me", "circle-user", lambda: _("我的"), ()),
]
# Tabs of an entry whose addresses stand beside its own.
TABS = {
    "counter": ("receipts", "undoings", "shifts", "counts", "bank", "debits"),
    "calls": ("register", "households", "holds", "letters", "reasons", "handings", "mailings"),
}
# The tiles of a resident's first page, below what waits: url name, icon, label.
SERVICES: list[tuple[str, str, Any]] = [
    ("care:family", "users", lambda: _("家人")),
    ("bulletins:mine", "megaphone", lambda: _("公告")),
    ("keys:hub", "concierge-bell", lambda: _("办事")),
    ("surveys:mine", "message-square-heart", lambda: _("听您说")),
    ("reports:building", "building-2", lambda: _("本楼本周")),
]


def services_for(reach: Any) -> list[dict[str, Any]]:
    """What a resident finds on the first page besides reporting."""
    return [{"url": reverse(name, args=[reach.estate.code]), "icon": icon, "label": label()} for name, icon, label in SERVICES]


def _nearness(entry: dict[str, Any], path: str) -> int:
    """How much of a path an entry's address is; its tabs beside it count as much."""
    beside = entry["url"].rstrip("/").rpartition("/")[0]
    mine = [entry["url"], *(f"{beside}/{tab}/" for tab in TABS.get(entry["key"], ()))]
    return max((len(url) for url in mine if path.startswith(url)), default=0)


def nav_for(request: HttpRequest, reach: Any) -> list[dict[str, Any]]:
    """Only what the reach opens; the current entry is the longest address that the path begins with."""
    entries = [
        entry
        for head, group in (STAFF if reach.is_staff else [(lambda: "", RESIDENT)])
        for entry in _group(reach, head(), group)
    ]
    here = max(entries, key=lambda entry: _nearness(entry, request.path), default={"key": ""})
    for entry in entries:
        entry |= {"current": entry is here and bool(_nearness(entry, request.path)), "main": entry["key"] == "report", "thumb": entry["key"] in THUMB}
    if not (request.htmx and not request.htmx.boosted):
        if reach.is_staff:
            _count(entries, reach)
        _ring(entries, reach)
    return entries


def _group(reach: Any, head: str, group: list[Entry]) -> list[dict[str, Any]]:
    """What of a group the reach opens; a bar writes the heading where a group begins."""
    return [
        {
            "key": key,
            "url": reverse(name, args=[] if key == "me" else [reach.estate.code]),
            "icon": icon,
            "label": label(),
            "count": 0,
            "head": head,
        }
        for key, name, icon, label, permissions in group
        if not permissions or any(map(reach.may, permissions))
    ]


def _ring(entries: list[dict[str, Any]], reach: Any) -> None:
    """The bell's number: unread messages."""
    for entry in entries:
        if entry["key"] == "inbox" and (unread := unread_count(reach)):
            entry |= {"count": "99+" if unread > 99 else unread, "tone": "mute"}


def _count(entries: list[dict[str, Any]], reach: Any) -> None:
    """Late and open tickets in reach, a worker's own orders: one statement over the open ones. Fragments go without."""
    if reach.sees == "own":
        late, all_open = 0, WorkOrder.objects.visible_to(reach).filter(worker_id=reach.person_id).open().count()
    else:
        rows = Ticket.objects.visible_to(reach).open().by_due()[:MOST]
        found = rows.aggregate(late=Count("pk", filter=Q(due_at__lt=clock.now())), open=Count("pk"))
        late, all_open = found["late"], found["open"]
    for entry in entries:
        if entry["key"] == "today":
            number = late or (all_open if reach.sees == "own" else 0)
            entry |= {"count": f"{MOST - 1}+" if number >= MOST else number, "tone": "bad" if late else ""}
        elif entry["key"] == "tickets" and reach.sees != "own":
            entry |= {"count": f"{MOST - 1}+" if all_open >= MOST else all_open, "tone": "mute"}
