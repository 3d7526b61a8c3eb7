"""A process that bills a month and is killed where it is told (tests/billing/test_killed.py).

Reads lines `ESTATE BOUNDARY`. For each it forks a child that drafts, reviews, posts and sends out March 2026 of that estate as
pages and jobs do it: each verb a transaction of its own. A boundary is the moment before a statement or a commit, or after a
commit, counted from 1; there the child kills itself with SIGKILL (0: nowhere). Answers the child's number, and when it has ended
`SIGNAL BOUNDARIES-PASSED EXIT-CODE`.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import sys
from datetime import date

import django
import django.db

MARCH = date(2026, 3, 1)


def bill_march(estate):
    """As often as it is begun, the month is billed once."""
    from guanjia.billing.models import BillRun
    from guanjia.tenancy.scope import estate_scope

    run = BillRun.objects.draft(estate, MARCH)
    if run.state == "draft":
        run.review()
    run.post()
    with estate_scope(estate):
        run.issue()


def bill(code: str, fatal: int) -> int:
    """How many boundaries there were."""
    from django.db import connection

    from guanjia.estates.models import Estate

    passed = itertools.count(1)
    reached = 0

    def boundary():
        nonlocal reached
        reached = next(passed)
        if reached == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(execute, sql, params, many, context):
        boundary()
        return execute(sql, params, many, context)

    def commit(really=connection._commit):
        boundary()
        really()
        boundary()

    estate = Estate.objects.get(code=code)
    connection._commit = commit
    with connection.execute_wrapper(statement):
        bill_march(estate)
    return reached


def main() -> None:
    django.setup()
    print("ready", flush=True)
    for line in sys.stdin:
        code, fatal = line.split()
        read, write = os.pipe()
        child = os.fork()
        if not child:
            with contextlib.suppress(django.db.OperationalError):  # its server was killed
                os.write(write, str(bill(code, int(fatal))).encode())
            os._exit(0)
        print(child, flush=True)
        _pid, status = os.waitpid(child, 0)
        os.close(write)
        print(os.WTERMSIG(status), os.read(read, 20).decode() or "-", os.WEXITSTATUS(status), flush=True)
        os.close(read)


if __name__ == "__main__":
    main()
