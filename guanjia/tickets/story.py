"""A ticket told to a reader: its timeline and its six steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.events.actions import Action

from .kinds import Stage, Step

if TYPE_CHECKING:
    from datetime import datetime

    from .models import Ticket

ICONS = {
    "ticket.reported": "clipboard-list", "ticket.added": "message-square-plus", "ticket.urged": "bell-ring", "ticket.classified": "tags",
    "ticket.reclassified": "tags", "ticket.responded": "message-square", "ticket.progressed": "message-square", "ticket.plan_replied": "lightbulb",
    "ticket.noted": "sticky-note", "ticket.held": "pause", "ticket.resumed": "play", "ticket.done": "check", "ticket.confirmed": "phone",
    "ticket.followed_up": "message-square-heart", "ticket.rated": "star", "ticket.archived": "archive", "ticket.reopened": "rotate-ccw",
    "ticket.merged": "merge", "ticket.passed_on": "corner-up-right", "ticket.photographed": "camera", "ticket.signed": "signature", "ticket.signed_for": "signature",
    "ticket.compensated": "coins", "complaint.judged": "scale", "complaint.corrected": "shield-check", "incident.opened": "siren",
    "incident.joined": "git-merge", "incident.noticed": "megaphone", "group.replied": "message-circle", "group.fed_back": "messages-square",
    "work.dispatched": "send", "work.taken": "hand", "work.arrived": "map-pin-check", "work.paused": "pause", "work.resumed": "play",
    "work.finished": "circle-check-big", "work.refused": "octagon-alert", "work.refusal_judged": "gavel", "work.help_asked": "life-buoy",
    "work.help_given": "user-plus", "work.handed_over": "arrow-left-right", "work.material_used": "package", "work.withdrawn": "undo-2",
    "clock.reminded": "alarm-clock", "clock.breached": "alarm-clock", "clock.escalated": "megaphone", "clock.acknowledged": "eye",
}  # fmt: skip
TONES = {"clock.breached": "bad", "clock.escalated": "bad", "clock.reminded": "soon", "ticket.done": "good", "work.finished": "good", "ticket.urged": "soon"}
# What residents read although its event is not marked public.
FOR_RESIDENTS = {Action.TICKET_REPORTED, Action.TICKET_CLASSIFIED, Action.TICKET_RECLASSIFIED, Action.WORK_DISPATCHED, Action.TICKET_ARCHIVED, Action.TICKET_SIGNED, Action.TICKET_SIGNED_FOR, Action.INCIDENT_NOTICED}

# What only the one who reported does: on an anonymous ticket its actor is nobody.
OF_THE_REPORTER = {Action.TICKET_REPORTED, Action.TICKET_ADDED, Action.TICKET_URGED, Action.TICKET_RATED, Action.TICKET_REOPENED, Action.TICKET_CANCELLED, Action.TICKET_PHOTOGRAPHED}


def story(ticket: Ticket, reach: Any = None) -> list[dict[str, Any]]:
    """The timeline, newest last. Residents (and `reach=None`, the anonymous reporter) read only what is meant for them."""
    staff = bool(reach and reach.is_staff)
    return [
        {"at": event.at, "sentence": _told(event, ticket, reach), "icon": ICONS.get(event.action, "dot"), "tone": TONES.get(event.action, ""), "action": event.action}
        for event in ticket.timeline
        if staff or event.action in FOR_RESIDENTS or event.particulars.get("public")
    ]


def _told(event: Any, ticket: Ticket, reach: Any) -> str:
    """Its sentence, with the reader's own acts told as “您” and a nameless reporter's as somebody's, not the house's."""
    staff = bool(reach and reach.is_staff)
    if reach and not staff and reach.person_id and event.actor_id == reach.person_id:
        event.actor_name = _("您")
    elif ticket.anonymous and not event.actor_name and event.action in OF_THE_REPORTER:
        event.actor_name = _("匿名业主") if staff else _("您")
    return str(event.sentence)


def steps(ticket: Ticket, clocks: list[Any], now: datetime) -> list[dict[str, Any]]:
    """The six steps for the stepper: done, now (late when a running clock is over), still to come."""
    ended = {Step.RECEIVE: ticket.reported_at, Step.CLASSIFY: ticket.classified_at, Step.DISPATCH: ticket.dispatched_at,
             Step.HANDLE: ticket.done_at, Step.FEED_BACK: ticket.confirmed_at, Step.ARCHIVE: ticket.closed_at}  # fmt: skip
    late = any(row.stopped_at is None and row.paused_at is None and row.due_at < now for row in clocks)
    over = ticket.stage in (Stage.CANCELLED, Stage.MERGED)
    told = []
    for rank, step in enumerate(Step):
        state = "done" if rank < ticket.step else "now" if rank == ticket.step else "todo"
        if state == "now" and late:
            state = "late"
        told.append({"label": step.label, "state": "todo" if over and state == "now" else state, "at": ended[step] if state == "done" else None})
    return told
