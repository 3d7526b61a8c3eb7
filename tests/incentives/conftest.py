"""A March of the cast in rows of every kind, drawn by dice; the company's quality department."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from guanjia.clocks import calendars
from guanjia.people.models import CompanyPost
from guanjia.people.reach import reach_of
from guanjia.rulebooks.own import forget_own
from guanjia.rulebooks.parameters import forget
from tests.billing.conftest import books
from tests.cast import ALWAYS, staff

__all__ = ["books"]

MARCH = date(2026, 3, 1)
AFTER = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)  # 1 April, 09:00: March is over


@pytest.fixture(autouse=True)
def _remember_nothing():
    for drop in (forget, forget_own, calendars.forget):
        drop()
    yield
    for drop in (forget, forget_own, calendars.forget):
        drop()


@pytest.fixture
def ding(cast):
    """品质部 at the company."""
    cast.ding = staff(cast.company, "ding", "丁敏")
    CompanyPost.objects.create(company=cast.company, person=cast.ding, role="company_quality", during=ALWAYS)
    return reach_of(cast.ding, cast.sunny)
