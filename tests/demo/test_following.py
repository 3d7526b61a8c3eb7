"""What the demo's calls and rounds opened lives on like every other ticket."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guanjia import clock
from guanjia.demo.following import follow
from guanjia.tickets.kinds import Stage
from guanjia.tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_what_nobody_took_up_is_sorted_and_given_to_somebody(cast):
    """Without a category, without a home, sorted already: none waits for weeks."""
    now = clock.now()
    long_ago = now - timedelta(days=9)
    with clock.at(long_ago):
        said = Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="电梯老是停", unit=cast.home, household_id=cast.meis.pk)
        found = Ticket.objects.report(by=cast.as_("ming"), estate=cast.sunny, words="标识牌缺失")
    follow(cast.sunny, now)
    for ticket in (said, found):
        ticket.refresh_from_db()
        assert ticket.stage not in (Stage.RECEIVED, Stage.CLASSIFIED), ticket.words
        assert ticket.steward_id
    assert said.category == "lift"
    fresh = Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="刚才的", unit=cast.home, household_id=cast.meis.pk)
    follow(cast.sunny, now)
    fresh.refresh_from_db()
    assert fresh.stage == Stage.RECEIVED
