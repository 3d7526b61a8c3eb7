"""Merging, and area-wide incidents: many tickets, one notice, one clock (issue 2.6)."""

from __future__ import annotations

import pytest

from guanjia.tenancy.errors import Refused
from guanjia.tickets.kinds import Stage
from guanjia.tickets.models import Ticket


def report(cast, who, unit, household, words):
    return Ticket.objects.report(by=cast.as_(who), estate=cast.sunny, words=words, unit=unit, household_id=household.pk)


def test_merging_ends_one_and_tells_both(cast):
    first = report(cast, "mei", cast.home, cast.meis, "3栋1单元停水")
    second = report(cast, "mr_mei", cast.home, cast.meis, "家里没水")
    second.merge_into(first, by=cast.as_("ming"))
    assert second.stage == Stage.MERGED and second.merged_into == first and not second.running_clocks.exists()
    with pytest.raises(Refused):
        second.merge_into(first, by=cast.as_("ming"))
    with pytest.raises(Refused):
        first.merge_into(first, by=cast.as_("ming"))


def test_an_incident_carries_many(cast):
    lead = report(cast, "mei", cast.home, cast.meis, "停水了")
    other = report(cast, "lu", cast.home_west, cast.lus, "5栋也停水")
    lead.classify(by=cast.as_("ming"), klass="urgent", category="leak")
    lead.dispatch(by=cast.as_("ming"), worker=cast.zhou, priority="high", wishes="无")
    incident = lead.open_incident("全区停水", by=cast.as_("jing"))
    other.join(incident, by=cast.as_("jing"))
    assert not other.running_clocks.exists() and lead.running_clocks.exists()
    incident.tell("水司抢修中，预计 18:00 恢复", by=cast.as_("jing"))
    for ticket in (lead, other):
        assert any("预计 18:00" in event.sentence for event in ticket.timeline)
    for order in lead.works.all():
        order.withdraw("水司处理", by=cast.as_("jing"))
    incident.close("已恢复供水", by=cast.as_("jing"))
    lead.refresh_from_db()
    other.refresh_from_db()
    assert lead.stage == other.stage == Stage.DONE
    with pytest.raises(Refused):
        incident.close("再次", by=cast.as_("jing"))


def test_completing_the_lead_hands_the_clock_on(cast):
    """Issue 2.6: one clock as long as the incident is open, whoever leads it."""
    lead = report(cast, "mei", cast.home, cast.meis, "停水了")
    other = report(cast, "lu", cast.home_west, cast.lus, "5栋也停水")
    for ticket in (lead, other):
        ticket.classify(by=cast.as_("jing"), klass="urgent", category="leak")
    incident = lead.open_incident("全区停水", by=cast.as_("jing"))
    other.join(incident, by=cast.as_("jing"))
    lead.complete("3栋已恢复", by=cast.as_("ming"))
    incident.refresh_from_db()
    assert incident.lead == other.pk and other.running_clocks.exists()
