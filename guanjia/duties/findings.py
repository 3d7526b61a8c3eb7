"""What a round finds: a bad answer opens a ticket; the next round at the same place asks whether it was mended (PAT-04)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.rulebooks.form_book import form, forms_book
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.reading import row_id
from guanjia.tickets.kinds import Channel
from guanjia.tickets.models import Ticket

from .models.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .models import Record, Task

MENDED, UNMENDED = "mended", "unmended"
# Whoever is given a round may report what it finds, and say how urgent it is.
LENT = frozenset({"ticket.file", "ticket.classify"})


def open_at(task: Task) -> list[Finding]:
    """What an earlier round found where this task has to be done, and nobody has seen mended; oldest first."""
    rows = Finding.objects.at_estate(task.estate_id).filter(mended_at__isnull=True).select_related("ticket")
    here = Q(subject_kind=task.subject_kind, subject_id=task.subject_id)
    if task.subject_kind not in (
        "unit",
        "place",
        "building",
        "entrance",
    ):  # an estate or a zone is too wide for another duty's findings
        here &= Q(key=task.key)
    return [finding for finding in rows.filter(here).order_by("found_at", "pk")[:50] if finding.rechecked]


def unanswered(task: Task, raw: Mapping[str, Any]) -> dict[str, str]:
    """A recheck that was shown (`shown` names the findings) and not answered. What a phone never saw is not asked of it."""
    shown = {row_id(each) for each in str(raw.get("shown") or "").split(",")}
    lacking = [
        row.pk for row in open_at(task) if row.pk in shown and raw.get(f"recheck-{row.pk}") not in (MENDED, UNMENDED)
    ]
    return {f"recheck-{pk}": _("请复查上次的问题。") for pk in lacking}


def file(record: Record, bad: list[str], raw: Mapping[str, Any], *, by: Any, at: datetime) -> None:
    """Rechecks first, so that what was just seen mended and is broken again is found anew."""
    task = record.task
    known = {row.pk: row for row in open_at(task)}
    for pk, row in known.items():
        match raw.get(f"recheck-{pk}"):
            case "mended":
                row.mend(record, by=by, at=at)
            case "unmended":
                row.insist(by=by, at=at)
    still = {(row.key, row.item): row for row in known.values() if row.mended_at is None}
    for name in bad:
        if (task.key, name) in still:
            if f"recheck-{still[task.key, name].pk}" not in raw:
                still[task.key, name].insist(by=by, at=at)
        else:
            _found(record, name, by, at)


def _found(record: Record, name: str, by: Any, at: datetime) -> Finding:
    task, item = record.task, form(record.form).items[name]
    words = str(record.answers.get(name, {}).get("words", ""))
    key = f"finding:{record.client_id}:{name}"
    ticket = report(task, record, name, words, by, at, key) if item.opens else None
    made: Finding = Finding.objects.create(
        estate_id=record.estate_id, record=record, key=task.key, item=name, subject_kind=task.subject_kind, subject_id=task.subject_id,
        words=words[:500], ticket=ticket, found_at=at,
    )  # fmt: skip
    urgent = bool(item.opens and item.opens.urgent)
    Event.objects.record(
        Action.FINDING_URGENT if urgent else Action.FINDING_FOUND, made, by=by, at=at, item=item.title, words=words or item.title,
        where=task.whereabouts, number=ticket.number if ticket else "", steward_id=task.person_id, told=urgent,
    )  # fmt: skip
    return made


def report(task: Task, record: Record, name: str, words: str, by: Any, at: datetime, key: str, again: str = "") -> Ticket:  # fmt: skip
    """The ticket of a finding, by the ordinary verb: its clock runs, its steward is told. One ticket a `key`."""
    opens = forms_book().forms[record.form].items[name].opens
    assert opens is not None
    may = replace(by, permissions=by.permissions | LENT)
    said = "：".join(filter(None, [kept(_(opens.words)), words]))
    ticket: Ticket = Ticket.objects.report(
        by=may, estate=task.estate, words=f"{again}{said}"[:2000], channel=Channel.PATROL, kind=opens.kind, category=opens.category,
        unit=task.unit, place=task.place, zone=task.zone, where="" if task.unit_id or task.place_id else task.whereabouts,
        client_key=key, at=at,
    )  # fmt: skip
    if opens.klass and ticket.stage == "received":
        ticket.classify(by=may, klass=opens.klass, category=opens.category, at=at)
    return ticket


def urge(finding: Finding, *, by: Any, at: datetime) -> None:
    """Not mended: urge its ticket; one that was closed meanwhile is opened again as a new one."""
    ticket = finding.ticket
    if ticket is None:
        return
    if ticket.is_open:
        try:
            ticket.urge(by=by, at=at)
        except Refused as refused:
            if refused.code != "just_urged":
                raise
        return
    if not finding.opens:  # the form has changed since
        return
    record, key = finding.record, f"finding:{finding.pk}:after:{ticket.pk}"
    finding.ticket = report(record.task, record, finding.item, finding.words, by, at, key, kept(_("复查未整改：")))
    finding.save(update_fields=["ticket"])
