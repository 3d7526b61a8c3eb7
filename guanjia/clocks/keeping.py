"""`Clocks`: what a ticket says to its clocks. Called inside the ticket's verbs, in their transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _

from guanjia.rulebooks.limits import limits

from .ladder import advance, breach_untold, look, shift, wind
from .models.clock import Clock, Outcome
from .models.pause import ClockPause
from .refitting import refitted
from .telling import announce

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


# Every verb ends with it.
NEXT_DUE = """
SELECT min(due_at) FROM clocks_clock WHERE estate_id = %s AND ticket_id = %s AND stopped_at IS NULL AND paused_at IS NULL
"""


class Clocks:
    """Every method takes `at`, the instant of the act. A ticket has `klass`, `kind`, `channel`, `held`, `moments()`."""

    @staticmethod
    def plan(ticket: Any, moment: str, at: datetime) -> list[Clock]:
        """The clocks that a moment starts, not yet saved (the ticket may not be saved either)."""
        active = limits(ticket.estate_id, at)
        return [wind(limit, ticket, moment, at) for limit in active if moment in limit.starts_on and limit.applies_to(ticket)]

    @staticmethod
    def begin(ticket: Any, rows: list[Clock]) -> None:
        """Save planned clocks. One that runs already goes on; on a held ticket those that may pause do at once."""
        if not rows:
            return
        for row in rows:
            row.ticket_id = ticket.pk
        Clock.objects.insert_new(rows)
        if ticket.held and any(row.pausable for row in rows):
            Clocks.pause(ticket, _("本单暂停中"), None, max(row.started_at for row in rows))

    @staticmethod
    def start(ticket: Any, moment: str, at: datetime) -> None:
        """Start every limit that this moment starts. Classifying also starts those that count from receipt."""
        if moment == "classified":
            Clocks.refit(ticket, at)
        else:
            Clocks.begin(ticket, Clocks.plan(ticket, moment, at))

    @staticmethod
    def stop(ticket: Any, moment: str, at: datetime) -> None:
        """Stop every clock that this moment stops; a repeating one starts its next interval."""
        Clocks._stop(ticket, {moment}, at)

    @staticmethod
    def come_to(ticket: Any, moments: Iterable[str], at: datetime) -> datetime | None:
        """Stop and start for several moments of one act, in few statements. Returns the nearest running deadline."""
        names = list(moments)
        Clocks._stop(ticket, set(names), at)
        if "classified" in names:
            Clocks.refit(ticket, at)
        Clocks.begin(ticket, [row for name in names if name != "classified" for row in Clocks.plan(ticket, name, at)])
        return Clocks.next_due(ticket)

    @staticmethod
    def refit(ticket: Any, at: datetime) -> None:
        """After a (re)classification: what no longer applies is superseded, what newly applies keeps the time used."""
        rows = list(Clock.objects.of(ticket).select_for_update(no_key=True).order_by("pk"))
        gone, fresh = refitted(ticket, rows, at)
        _finish(gone, at, Outcome.SUPERSEDED)
        Clocks.begin(ticket, fresh)

    @staticmethod
    def pause(ticket: Any, why: str, by: Any, at: datetime) -> None:
        """Pause the clocks that may. What fell due before is told now: a pause hides nothing."""
        rows = [row for row in _running(ticket) if row.pausable and not row.paused_at]
        told, pauses, who = [], [], by.person_id if by else None
        for row in rows:
            told += advance(row, at)
            row.paused_at, row.next_at = max(at, row.started_at), None
            pauses.append(ClockPause(estate_id=row.estate_id, clock=row, paused_at=row.paused_at, paused_by_id=who, why=why[:300]))
        Clock.objects.update_each(rows, ["paused_at", "step", "next_at"])
        ClockPause.objects.bulk_create(pauses)
        announce(told, at)

    @staticmethod
    def resume(ticket: Any, by: Any, at: datetime) -> None:
        """Go on: deadlines and steps move by the working time that was paused."""
        rows = [row for row in _running(ticket) if row.paused_at]
        _unpause(rows, by, at)
        for row in rows:
            look(row)
        Clock.objects.update_each(rows, ["paused_at", "paused_total", "due_at", "steps", "next_at"])

    @staticmethod
    def cancel(ticket: Any, at: datetime) -> None:
        """Stop everything that still runs: the ticket was cancelled, merged, archived or reopened."""
        _finish(_running(ticket), at, Outcome.CANCELLED)

    @staticmethod
    def next_due(ticket: Any) -> datetime | None:
        """The nearest deadline that is running and not paused."""
        with connection.cursor() as cursor:
            cursor.execute(NEXT_DUE, [ticket.estate_id, ticket.pk])
            found: datetime | None = cursor.fetchone()[0]
        return found

    @staticmethod
    def _stop(ticket: Any, moments: set[str], at: datetime) -> None:
        rows = [row for row in _running(ticket) if moments & set(row.stops_on)]
        _finish(rows, at)
        again = {row.kind: row for row in rows if row.repeats in moments and not (moments & set(row.stops_on)) - {row.repeats}}
        if again:
            active = [limit for limit in limits(ticket.estate_id, at) if limit.key in again and limit.applies_to(ticket)]
            Clocks.begin(ticket, [wind(limit, ticket, again[limit.key].repeats, max(at, again[limit.key].started_at)) for limit in active])


def _running(ticket: Any) -> list[Clock]:
    """Locked in one order, so that two verbs queue up."""
    return list(Clock.objects.of(ticket).running().select_for_update(no_key=True).order_by("pk"))


def _unpause(rows: list[Clock], by: Any, at: datetime) -> None:
    """End the pauses of paused clocks; the clocks are changed, not saved."""
    if not rows:
        return
    clocks = {row.pk: row for row in rows}
    pauses = ClockPause.objects.at_estate(rows[0].estate_id).filter(clock_id__in=clocks, resumed_at__isnull=True)
    ended = list(pauses)
    for pause in ended:
        pause.resumed_at, pause.resumed_by_id = max(at, pause.paused_at), by.person_id if by else None
        pause.shifted = shift(clocks[pause.clock_id], pause.resumed_at)
    ClockPause.objects.update_each(ended, ["resumed_at", "resumed_by", "shifted"])


def _finish(rows: list[Clock], at: datetime, outcome: str = "") -> None:
    """Stop clocks. One that ended late before the house looked is told of as breached, once."""
    if not rows:
        return
    _unpause([row for row in rows if row.paused_at], None, at)
    told = []
    for row in rows:
        row.stopped_at = max(at, row.started_at)
        told += breach_untold(row, row.stopped_at)
        row.outcome = outcome or (Outcome.LATE if row.stopped_at > row.due_at else Outcome.MET)
        row.next_at = None
    written = ["stopped_at", "outcome", "next_at", "step", "paused_at", "paused_total", "due_at", "steps"]
    Clock.objects.update_each(rows, written)
    announce(told, at)
