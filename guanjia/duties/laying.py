"""Laying down what the books and a company's settings say: the duties in force at an estate (decision 8).

Every change takes effect at its own instant, also when the house was down then. A changed duty ends and a new row begins;
tasks that have not opened and that nobody touched go with the old one.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.adoption import Adoption
from guanjia.rulebooks.agreeing import valued
from guanjia.rulebooks.book import FOLDER, spell
from guanjia.rulebooks.books import BOOKS, Window
from guanjia.rulebooks.cadence import parse
from guanjia.rulebooks.filling import fill, fill_window
from guanjia.rulebooks.models import OwnBook
from guanjia.rulebooks.parameters import house
from guanjia.rulebooks.windows import check
from guanjia.tenancy.scope import estate_scope

from .models import Duty, Enactment, Task

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.estates.models import Estate
    from guanjia.rulebooks.books import DutyEntry, Rulebook

logger = logging.getLogger("guanjia.duties")
LOOK_BACK = timedelta(days=31)
OTHERS = ("limit.", "limits.", "tickets.")  # settings that no duty reads


class Said(NamedTuple):
    """How a duty is to be done: the columns of a row but for its dates."""

    book: str
    key: str
    rows: list[str]
    cadence: str
    window: dict[str, Any]
    role: str
    scope: str
    narrowed: str
    form: str
    proof: list[str]


def enact(estate: Estate, at: datetime) -> int:
    """Lay down every change up to `at`. Returns how many duties began or ended; nothing when nothing changed."""
    with estate_scope(estate):
        return lay_changes(estate, Enactment.objects.held(estate), at)


def lay_changes(estate: Estate, state: Enactment, at: datetime) -> int:
    """The same, for who holds the estate's row already."""
    if state.enacted_at and at < state.enacted_at:
        return 0
    digest = rules_digest(estate, at)
    if digest == state.digest:
        return 0
    # `at` as well: a setting may have been committed after its own instant was laid down.
    instants = dict.fromkeys([*changes(estate, state.enacted_at, at), at])
    count = sum(_lay(estate, instant) for instant in instants)
    state.keep(digest=digest, enacted_at=at)
    return count


def changes(estate: Estate, since: datetime | None, at: datetime) -> list[datetime]:
    """The instants after `since` at which a setting or a company's own book took effect."""
    since = since or at - LOOK_BACK
    own = {valid_from for _pk, valid_from in _own_books(estate, at)}
    return sorted(each for each in {row[0] for row in _settings(estate, at)} | own if each > since)


def rules_digest(estate: Estate, at: datetime) -> str:
    """Of everything that duties are laid down from: what is the same need not be read again."""
    said = (_files(str(BOOKS)), estate.site_type, _own_books(estate, at), [row[1] for row in _settings(estate, at)])
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _settings(estate: Estate, at: datetime) -> list[Any]:
    known = house(estate)
    return [row for row in known.changes[: known.epoch(at)] if not row[3].startswith(OTHERS)]


def _own_books(estate: Estate, at: datetime) -> list[Any]:
    rows = OwnBook.objects.filter(company=estate.company_id, valid_from__lte=at)
    return list(rows.order_by("pk").values_list("pk", "valid_from"))


@cache
def _files(folder: str) -> str:
    files = [*sorted(BOOKS.glob("*.yaml")), FOLDER / "shifts.yaml"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def in_force(estate: Estate, at: datetime) -> dict[str, Said]:
    """Every duty that the adopted books and the settings ask for at an instant."""
    adoption = Adoption(estate, at)
    adopted = {clause.id for clause in adoption.clauses() if adoption.adopts(clause)}
    value = valued(estate, at)
    found: dict[str, Said] = {}
    for book in adoption.books.values():
        for key, entry in book.duties.items():
            rows = [row for row in entry.rows if row in adopted]
            if not rows or entry.kept_by or entry.register_only or not adoption.setting(f"duty.{key}.on", True):
                continue
            try:
                if said := _said(book, key, entry, rows, adoption, value):
                    found[key] = said
            except (ValueError, TypeError, KeyError) as slip:
                logger.warning("estate %s: duty %s does not run: %s", estate.pk, key, slip)
    return found


def _said(book: Rulebook, key: str, entry: DutyEntry, rows: list[str], adoption: Adoption, value: Any) -> Said | None:
    cadence = fill(adoption.setting(f"duty.{key}.cadence", "") or entry.cadence, value)
    if not cadence:
        return None
    window = fill_window(entry.window, value)
    hours = {name: said for name in ("opens", "closes") if (said := adoption.setting(f"duty.{key}.{name}", ""))}
    window = window.model_copy(update=hours)
    check(parse(cadence), window)
    role = adoption.setting(f"duty.{key}.role", "") or entry.role
    scope, _colon, narrowed = entry.scope.partition(":")
    if scope == "staff" and not narrowed:
        narrowed = role
    return Said(book.code, key, rows, cadence, written(window), role, scope, narrowed, entry.form, list(entry.proof))


def written(window: Window) -> dict[str, Any]:
    """A window as it is kept in a row; `Window(**…)` reads it again."""
    told = window.model_dump(exclude_defaults=True)
    return {name: spell(said) if isinstance(said, timedelta) else said for name, said in told.items()}


def _lay(estate: Estate, at: datetime) -> int:
    """Make the rows agree with what is said at an instant."""
    wanted = in_force(estate, at)
    here = {row.key: row for row in Duty.objects.at_estate(estate).filter(ended_at__isnull=True)}
    columns = Said._fields
    gone = [
        row
        for key, row in here.items()
        if key not in wanted or any(getattr(row, name) != getattr(wanted[key], name) for name in columns)
    ]
    ended = {row.key for row in gone}
    fresh = [said for key, said in wanted.items() if key not in here or key in ended]
    if not gone and not fresh:
        return 0
    day = clock.today(estate, at)
    _end(estate, [row.pk for row in gone], at, day)
    Duty.objects.bulk_create(
        [
            Duty(estate=estate, during=(day, None), laid_at=at, follows=said.key in ended, **said._asdict())
            for said in fresh
        ]
    )
    about = SimpleNamespace(noun="estate", pk=estate.pk, estate_id=estate.pk)
    counts = {
        "begun": len({said.key for said in fresh} - ended),
        "changed": len(ended & set(wanted)),
        "ended": len(ended - set(wanted)),
    }
    Event.objects.record(Action.DUTIES_LAID, about, by=None, at=at, told=bool(fresh), **counts)
    return len(gone) + len(fresh)


END = """
UPDATE duties_duty SET ended_at = %(at)s, during = CASE
    WHEN lower(during) < %(day)s THEN daterange(lower(during), %(day)s) ELSE 'empty'::daterange END
WHERE estate_id = %(estate)s AND id = ANY(%(ids)s)
"""


def _end(estate: Estate, ids: list[int], at: datetime, day: Any) -> None:
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(END, {"at": at, "day": day, "estate": estate.pk, "ids": ids})
    drop(estate, untouched(estate, at).filter(duty_id__in=ids))


def drop(estate: Estate, tasks: Any) -> int:
    """Delete tasks in one statement; nothing hangs on what nobody touched."""
    rows = Task.objects.at_estate(estate).filter(pk__in=tasks.values("pk"))
    return int(rows._raw_delete(rows.db))


def untouched(estate: Estate, at: datetime) -> Any:
    """Tasks that had not opened by then, and that nobody moved, did or waived."""
    rows = Task.objects.at_estate(estate).open().filter(opens_at__gte=at, moved_at__isnull=True, missed_at__isnull=True)
    return rows.filter(records__isnull=True)
