"""An estate that has adopted the books, and tasks laid down by hand: what is counted, not how tasks are made."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from guanjia import clock
from guanjia.duties.models import Duty, Task
from guanjia.rulebooks.books import books
from guanjia.rulebooks.models import Parameter
from guanjia.rulebooks.parameters import forget
from tests.cast import SINCE, TUESDAY

LONG_AGO = TUESDAY - timedelta(days=60)


@pytest.fixture(autouse=True)
def _remember_nothing():
    forget()
    yield
    forget()


def adopt(cast, *codes, at=LONG_AGO):
    for code in codes or books():
        Parameter.objects.set(f"book.{code}.adopted", True, by=None, reason="采用", company=cast.company, at=at)


def lay(cast, key, rows=("HSE-05",), role="steward", form="note"):
    return Duty.objects.create(
        estate=cast.sunny, book="plan", key=key, rows=list(rows), cadence="FREQ=DAILY", role=role, scope="estate", form=form,
        during=DateRange(SINCE, None),
    )  # fmt: skip


def task(cast, duty, day, *, done=None, person=None, **more):
    """One slot `day` days before today: opens at midnight, due at noon; `done` is hours after it was due."""
    opens = TUESDAY.replace(hour=0) - timedelta(days=day)
    due = opens + timedelta(hours=12)
    done_at = due + timedelta(hours=done) if done is not None else None
    return Task.objects.create(
        estate=cast.sunny, duty=duty, key=duty.key, slot=f"{opens:%F}#{more.get('subject_id', 0)}", day=opens.date(), subject_kind="estate", opens_at=opens,
        due_at=due, role=duty.role, person=person, made_at=opens, done_at=done_at, done_by=person if done_at else None, **more,
    )  # fmt: skip


@pytest.fixture
def kept_house(cast):
    """The books adopted two months ago."""
    adopt(cast)
    with clock.at(TUESDAY):
        yield cast
