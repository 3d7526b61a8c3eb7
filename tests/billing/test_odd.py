"""Odd order and odd input: refused with a sentence, never an error page and never wrong books."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from guanjia import clock
from guanjia.billing.models import Period
from guanjia.tenancy.errors import Refused

from .conftest import MARCH

FEBRUARY = date(2026, 2, 1)


def test_only_the_last_closed_month_is_opened_whenever_agreed(books, cast):
    """FIN-04: a month closed between the asking and the agreeing stands on the one that would be opened."""
    books.fee()
    books.post(FEBRUARY)
    february, march = Period.objects.of(cast.sunny, FEBRUARY), Period.objects.of(cast.sunny, MARCH)
    february.close(by=cast.as_("finance"))
    february.ask_reopening("漏记", by=cast.as_("finance"))
    with clock.at(datetime(2026, 4, 2, 2, 0, tzinfo=UTC)):
        march.close(by=cast.as_("finance"))
    with pytest.raises(Refused, match="最近结账"):
        february.agree_reopening(by=cast.as_("qian"))
    february.refresh_from_db()
    assert february.closed


def test_a_reopening_is_asked_once(books, cast):
    """FIN-04: who asks again finds that it waits for the other person."""
    february = Period.objects.of(cast.sunny, FEBRUARY)
    february.close(by=cast.as_("finance"))
    february.ask_reopening("漏记", by=cast.as_("finance"))
    with pytest.raises(Refused):
        february.ask_reopening("漏记", by=cast.as_("qian"))
