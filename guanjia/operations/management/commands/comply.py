"""`bin/guanjia comply E`: does the estate keep its own rules?"""

from __future__ import annotations

import argparse
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from guanjia.operations.answer import HouseCommand, estate_named
from guanjia.reports.keeping import STATUSES, standings
from guanjia.reports.saying import status_words
from guanjia.tenancy.scope import estate_scope

if TYPE_CHECKING:
    from guanjia.reports.keeping import Standing


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: 不是日期，如 2026-03-10 / not a date") from None


class Command(HouseCommand):
    help = "Clause by clause: kept, breached, not yet due, not adopted, no evidence."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("estate", help="code of the estate")
        parser.add_argument("--since", type=day, help="count from this day on (2026-03-10); else from the adoption on")
        parser.add_argument("--book", help="only this rulebook (its code)")
        parser.add_argument("--status", choices=STATUSES, help="only clauses that stand so")

    def answer(self, *, estate: str, since: date | None, book: str | None, status: str | None, **options: Any) -> list[dict[str, Any]]:
        one = estate_named(estate)
        if one is None:
            raise SystemExit(2)
        begin = datetime.combine(since, time(), ZoneInfo(one.time_zone)) if since else None
        with estate_scope(one):
            found = standings(one, begin)
        return [row.told() for row in found if _wanted(row, book, status)]

    def tell(self, value: list[dict[str, Any]]) -> None:
        words = status_words()
        for row in value:
            if row["status"] != "not_adopted":
                self.stdout.write(f"{words[row['status']]:<6}\t{row['clause']:<8}\t{row['kept']}/{row['due']}\t{row['title']}")
        for status in STATUSES:
            self.stdout.write(f"{words[status]}: {sum(row['status'] == status for row in value)}")


def _wanted(row: Standing, book: str | None, status: str | None) -> bool:
    return (not book or row.clause.book.code == book) and (not status or row.status == status)
