"""`bill E PERIOD [--dry-run] [--post] [--json]`: charge a month (design §4). Run again, it adds nothing."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanjia.billing.models import BillRun
from guanjia.billing.reckoning.figures import reason
from guanjia.operations.answer import HouseCommand, estate_named
from guanjia.tenancy.scope import estate_scope


def month(text: str) -> date:
    """2026-03 as its first day."""
    import argparse

    found = re.fullmatch(r"(\d{4})-(\d{2})(-01)?", text)
    if not found or not 1 <= int(found[2]) <= 12 or int(found[1]) < 1990:
        raise argparse.ArgumentTypeError(f"{text}: 账期写成 2026-03 / a period is YYYY-MM")
    return date(int(found[1]), int(found[2]), 1)


class Command(HouseCommand):
    help = "Charge a month: draft it, or with --post review and post it. A second run adds nothing."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("estate", help="code of the estate")
        parser.add_argument("period", type=month, help="the month, e.g. 2026-03")
        parser.add_argument("--dry-run", action="store_true", help="show what would be charged, keep nothing")
        parser.add_argument("--post", action="store_true", help="review and post")

    def answer(self, *, estate: str, period: date, dry_run: bool, post: bool, **options: Any) -> dict[str, Any]:
        found: Any = estate_named(estate)
        with estate_scope(found):
            run = BillRun.objects.draft(found, period)
            if post and not dry_run and run.lines:
                if run.state == "draft":
                    run.review()
                run.post()
            said = told(run) | ({"run": None} if dry_run and run.state == "draft" else {})
            if dry_run:
                transaction.set_rollback(True)
        return said

    def tell(self, value: dict[str, Any]) -> None:
        self.stdout.write(f"{value['state']}  {value['lines']} 条  {value['total']} 元")
        for row in value["refused"][:20]:
            self.stdout.write(f"✗ {row['unit']} {row['fee']} — {row['reason']}")
        if len(value["refused"]) > 20:
            self.stdout.write(_("另有 %d 户") % (len(value["refused"]) - 20))


def told(run: BillRun) -> dict[str, Any]:
    """The contract's shape."""
    rows = run.report.get("refused", [])
    return {
        "run": run.pk, "state": run.state, "lines": run.lines, "total": f"{run.total:.2f}",
        "refused": [{"unit": row["unit"], "fee": row["fee"], "reason": reason(row["code"])} for row in rows],
    }  # fmt: skip
