"""Import an estate from a workbook: all rows that can be taken, in one transaction; the others named (issue 2, point 2).

An import adds and corrects, it never removes: an empty cell leaves what is there, a row that is missing from the file
too. The same file twice changes nothing. A dry run does the same work and rolls it back, so its numbers are the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.utils import OperationalError
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.households.keys import rebuild_households, rebuild_units
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope

from .merge import merge
from .merge.table import Tally
from .reading import read_workbook
from .refusals import Log
from .stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from guanjia.estates.models import Estate

NOUNS = ("building", "entrance", "unit", "person", "fee", "parking")
WAIT = 120  # seconds a second import waits for the first
PARSING = 70  # of a hundred, of the bar
STEPS = 12  # of the rest


@dataclass
class Outcome:
    """What an import did, or would do. `as_json()` is the contract of design §4."""

    tallies: dict[str, Tally]
    log: Log
    file: str = ""

    def count(self, what: str) -> int:
        return sum(getattr(self.tallies[noun], what) for noun in NOUNS)

    def as_json(self, most: int | None = None) -> dict[str, Any]:
        """`most` cuts the list of refusals short, for a page; the counts stay."""
        answer: dict[str, Any] = {
            what: {noun: getattr(self.tallies[noun], what) for noun in NOUNS}
            for what in ("created", "changed", "unchanged")
        }
        answer["refused"] = [refusal.as_json() for refusal in self.log.refusals[:most]]
        answer["refused_rows"] = self.log.refused_rows
        answer["mended_rows"] = len(self.log.rows) - self.log.refused_rows
        answer["formulas"] = dict(self.log.formulas)
        answer["ignored"] = self.log.ignored
        return answer


class _DryRun(Exception):
    """Rolls the work back."""


def import_workbook(
    path: Path,
    estate: Estate,
    *,
    by: Any = None,
    dry: bool = False,
    file: str = "",
    progress: Callable[[int, str], Any] | None = None,
) -> Outcome:
    """Import `path` into `estate`. `progress(percent, step)` is told as it goes.

    Raises Unusable when the file cannot be read at all, Refused when another import of this estate does not end in time.
    """
    tell = progress or (lambda percent, step: None)
    outcome: Outcome | None = None
    try:
        with estate_scope(estate), transaction.atomic():
            _take_turns(estate)
            outcome = _work(path, estate, tell)
            outcome.file = file or path.name
            if dry:
                raise _DryRun
            _record(estate, outcome, by)
    except _DryRun:
        pass
    assert outcome is not None
    tell(100, _("完成"))
    return outcome


def _take_turns(estate: Estate) -> None:
    """One import of an estate at a time; the second waits, and is told when that takes too long."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}s'")
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('import', %s))", [estate.pk])
            cursor.execute("SET LOCAL lock_timeout = 0")
    except OperationalError as error:
        raise Refused(_("这个小区正有另一个导入在进行，请等它结束后再试。"), code="import_busy") from error


def _work(path: Path, estate: Estate, tell: Callable[[int, str], Any]) -> Outcome:
    log, stage = Log(), Stage()
    read_workbook(path, estate, stage, log, lambda share: tell(int(share * PARSING), _("读取表格")))
    tell(PARSING, _("整理数据"))
    stage.finish()
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        tell(PARSING + done * (100 - PARSING) // STEPS, _("写入数据"))

    tallies = merge(estate, clock.today(estate), step)
    tell(95, _("建立搜索"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = on")
        cursor.execute("SELECT DISTINCT id FROM i_touched")
        rebuild_households(estate, [row[0] for row in cursor.fetchall()])
        cursor.execute("SELECT id FROM i_new_unit")
        rebuild_units(estate, [row[0] for row in cursor.fetchall()])
        cursor.execute("DROP TABLE " + ", ".join(f"i_{name}" for name in stage.waiting))
    return Outcome({noun: tallies.get(noun, Tally()) for noun in (*NOUNS, "household", "vehicle", "place")}, log)


def _record(estate: Estate, outcome: Outcome, by: Any) -> None:
    Event.objects.record(
        Action.IMPORT_DONE, EstateSubject(estate), by=by, at=clock.now(), told=False, file=outcome.file[:200],
        created=outcome.count("created"), changed=outcome.count("changed"), refused=outcome.log.refused_rows,
    )  # fmt: skip


@dataclass
class EstateSubject:
    """The estate itself as what an event is about."""

    estate: Estate
    noun: str = "estate"

    @property
    def estate_id(self) -> int:
        return int(self.estate.pk)

    pk = estate_id
