"""A ticket told to the one who asked: where it stands, who is coming, what was promised."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.clocks.models import Clock
from guanjia.web.times import day_words

from ..homes import Contact, contact, unit_words
from ..kinds import BEFORE_DONE, Stage, WorkStage
from ..models import Photo, WorkOrder
from ..story import steps

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..models import Ticket

TONES = {
    Stage.RECEIVED: "soon", Stage.CLASSIFIED: "soon", Stage.DISPATCHED: "info", Stage.HANDLING: "info", Stage.DONE: "good",
    Stage.FED_BACK: "good",
}  # fmt: skip
CALLS = ("sla_phone_confirm", "sla_complaint_visit", "sla_first_revisit")
NOTHING = ("无", "無", "没有", "-", "none")


@dataclass
class Card:
    """One ticket as the resident's pages show it."""

    ticket: Ticket
    clocks: list[Clock] = field(default_factory=list)
    works: list[WorkOrder] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """It ended on the way: six steps would mislead."""
        return self.ticket.stage in (Stage.CANCELLED, Stage.MERGED)

    @property
    def steps(self) -> list[dict[str, Any]]:
        words = [_("收到"), _("分类"), _("派人"), _("处理"), _("回访"), _("完成")]
        told = steps(self.ticket, self.promises if self.is_going else [], clock.now())
        return [{**step, "label": word} for step, word in zip(told, words, strict=True)]

    @property
    def promises(self) -> list[Clock]:
        """What still has to happen by when, the nearest first. Nobody can be called about an anonymous complaint.

        Once the work is done, calls that staff still owe are told while they are to come, not reproached.
        """
        calls, now = CALLS if self.ticket.anonymous else (), clock.now()
        return [row for row in self.clocks if row.kind not in calls and (self.is_going or row.due_at > now)]

    @property
    def is_late(self) -> bool:
        """A promise to the reporter was not kept; what staff still owe after the work is done does not count here."""
        now = clock.now()
        return self.is_going and any(row.paused_at is None and row.due_at < now for row in self.promises)

    @property
    def is_going(self) -> bool:
        return self.ticket.stage in BEFORE_DONE

    @property
    def worker(self) -> WorkOrder | None:
        """Who is on it now: the one on the spot before the one on the way."""
        rank = {WorkStage.ARRIVED: 0, WorkStage.PAUSED: 1, WorkStage.TAKEN: 2, WorkStage.OFFERED: 3}
        return min((row for row in self.works if row.stage in rank), key=lambda row: (rank[WorkStage(row.stage)], row.pk), default=None)

    @property
    def status(self) -> str:
        """Where it stands, in a few words."""
        ticket, worker = self.ticket, self.worker
        if ticket.stage in (Stage.DONE, Stage.FED_BACK) and self.unrated:
            return _("等您评价")
        if ticket.held:
            return _("暂停中")
        if worker and ticket.stage in (Stage.DISPATCHED, Stage.HANDLING):
            words = {
                WorkStage.OFFERED: _("已派给%s"), WorkStage.TAKEN: _("%s已接单"), WorkStage.ARRIVED: _("%s已到场"),
                WorkStage.PAUSED: _("%s暂停作业"),
            }  # fmt: skip
            return words[WorkStage(worker.stage)] % worker.worker.name
        return {
            Stage.RECEIVED: _("等管家分类"), Stage.CLASSIFIED: _("正在安排人"), Stage.DISPATCHED: _("已派单"),
            Stage.HANDLING: _("处理中"), Stage.DONE: _("已处理"), Stage.FED_BACK: _("已回访"), Stage.ARCHIVED: _("已完成"),
            Stage.CANCELLED: _("已撤销"), Stage.MERGED: _("已合并"),
        }[Stage(ticket.stage)]  # fmt: skip

    @property
    def asks(self) -> str:
        """What waits for the reporter once the work is done: the stars first, then the signature."""
        return _("弄好了，满意吗") if self.unrated else _("请看结果并签字")

    @property
    def goes(self) -> str:
        return _("去评价") if self.unrated else _("去签字")

    @property
    def unrated(self) -> bool:
        return bool(getattr(self.ticket, "unrated", False))

    @property
    def tone(self) -> str:
        return "mute" if self.ticket.held else TONES.get(Stage(self.ticket.stage), "mute")

    @property
    def place(self) -> str:
        return unit_words(self.ticket.unit) if self.ticket.unit else self.ticket.location

    @property
    def wishes(self) -> str:
        """What was wished; the dispatcher writes “无” where nothing was."""
        return "" if self.ticket.wishes.strip() in NOTHING else self.ticket.wishes

    @property
    def contact(self) -> Contact:
        return contact(self.ticket.steward, self.ticket.estate)

    @property
    def wished(self) -> str:
        """明天 14:00–18:00, in the estate's zone."""
        ticket = self.ticket
        if not ticket.wished_from:
            return ""
        zone = ZoneInfo(ticket.estate.time_zone)
        start = day_words(ticket.wished_from, clock.now(), zone)
        return f"{start}–{ticket.wished_until.astimezone(zone):%H:%M}" if ticket.wished_until else start


def cards(tickets: Iterable[Ticket]) -> list[Card]:
    """Cards with their clocks and orders, in two queries however many there are."""
    made = {ticket.pk: Card(ticket) for ticket in tickets}
    if not made:
        return []
    estate = next(iter(made.values())).ticket.estate_id
    for row in Clock.objects.at_estate(estate).filter(ticket_id__in=made, stopped_at__isnull=True).order_by("due_at"):
        made[row.ticket_id].clocks.append(row)
    works = WorkOrder.objects.at_estate(estate).filter(ticket_id__in=made).select_related("worker").order_by("pk")
    for work in works:
        made[work.ticket_id].works.append(work)
    return list(made.values())


def album(ticket: Ticket, address: Any = None) -> list[dict[str, str]]:
    """The photos for the grid; `address` turns a photo into its address."""
    address = address or (lambda photo: reverse("tickets:photo", args=[ticket.estate.code, photo.pk]))
    rows = ticket.photos.exclude(moment=Photo.Moment.SIGNATURE).order_by("at", "pk")
    return [{"url": address(row), "alt": row.get_moment_display(), "tag": row.get_moment_display()} for row in rows]
