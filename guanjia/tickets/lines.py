"""A ticket as one line of a list: how pressing, who it waits for, the one thing to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.events.sentences import listed

from .acts import NEXT, TICKET_ACTS, Act
from .kinds import Klass, Priority, Stage, WorkStage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guanjia.people.reach import Reach

    from .models import Ticket

ACTS = {act.noun: act for act in TICKET_ACTS}
TONES = {Stage.RECEIVED: "soon", Stage.CLASSIFIED: "soon", Stage.DISPATCHED: "info", Stage.HANDLING: "info", Stage.DONE: "good", Stage.FED_BACK: "good"}


@dataclass(frozen=True)
class Line:
    """What a list shows of a ticket. Costs no query when `workbench.with_workers` was called before."""

    ticket: Ticket
    reach: Reach

    @property
    def level(self) -> str:
        if self.ticket.stage == Stage.RECEIVED:
            return _("新")
        if self.ticket.klass == Klass.URGENT:
            return _("急")
        return {Priority.HIGH: _("高"), Priority.MEDIUM: _("中"), Priority.LOW: _("低")}[Priority(self.ticket.priority)]

    @property
    def level_tone(self) -> str:
        if self.ticket.stage == Stage.RECEIVED:
            return "info"
        return "bad" if self.ticket.klass == Klass.URGENT else "soon" if self.ticket.priority == Priority.HIGH else "mute"

    @property
    def tone(self) -> str:
        return TONES.get(Stage(self.ticket.stage), "mute")

    @property
    def kind(self) -> str:
        return str(self.ticket.category_title or self.ticket.get_kind_display())

    @property
    def live(self) -> list[Any]:
        return getattr(self.ticket, "live", [])

    @property
    def workers(self) -> list[str]:
        return [work.worker.name for work in self.live if work.stage != WorkStage.REFUSED]

    @property
    def nobodys(self) -> bool:
        """Nobody answers for it (REQ-03): no steward, nobody at work."""
        return self.ticket.closed_at is None and self.ticket.steward_id is None and not self.workers

    @property
    def waits(self) -> str:
        """The person it waits for, in one or two words."""
        if self.ticket.closed_at:
            return ""
        if any(work.stage == WorkStage.REFUSED for work in self.live):
            return _("主管裁定")
        if self.ticket.stage in (Stage.DISPATCHED, Stage.HANDLING) and self.workers:
            return listed(self.workers[:2])
        if self.ticket.steward:
            return str(self.ticket.steward.name)
        return listed(self.workers[:2]) or _("无人负责")

    @property
    def act(self) -> Act | None:
        """The next thing to do, if this person may; a ticket of nobody first needs a steward. What a complaint lacks, its page says."""
        noun = "steward" if self.nobodys else NEXT.get(Stage(self.ticket.stage), "")
        if noun == "archive" and self.ticket.is_complaint:
            return None
        act = ACTS.get(noun)
        return act if act and self.reach.may(act.permission) else None

    @property
    def act_label(self) -> str:
        return _("指定管家") if self.nobodys and self.act else str(self.act.label) if self.act else ""


def lines(tickets: Iterable[Ticket], reach: Reach) -> list[Line]:
    return [Line(ticket, reach) for ticket in tickets]
