"""What ends leaves nothing open behind: holds, incidents, refusals, second clicks (issue 2.5, 2.6; REQ-10, REQ-11)."""

from __future__ import annotations

import pytest

from guanjia.clocks.models import Clock
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tickets.models import Hold, Incident, Ticket


@pytest.fixture
def ticket(cast):
    return made(cast)


def made(cast, words="漏水"):
    row = Ticket.objects.report(by=cast.as_("jing"), estate=cast.sunny, words=words, unit=cast.home, household_id=cast.meis.pk)
    row.classify(by=cast.as_("ming"), klass="routine", category="leak")
    return row


def again(row):
    return type(row).objects.get(pk=row.pk)


def refused(code, act, *args, **kwargs):
    with pytest.raises(Refused) as told:
        act(*args, **kwargs)
    assert told.value.code == code


def test_a_cancelled_hold_is_over(cast, ticket):
    """Held, cancelled, reopened: it can be held again."""
    ticket.hold("等配件", by=cast.as_("ming"))
    ticket.cancel("好了", by=cast.as_("ming"))
    assert not Hold.objects.filter(resumed_at__isnull=True).exists()
    ticket.reopen("没好", by=cast.as_("ming"))
    ticket.hold("等业主", by=cast.as_("ming"))
    assert again(ticket).held


def test_a_merged_hold_is_over(cast, ticket):
    ticket.hold("等配件", by=cast.as_("ming"))
    ticket.merge_into(made(cast, "也漏"), by=cast.as_("ming"))
    assert not Hold.objects.filter(resumed_at__isnull=True).exists()


def test_confirming_and_following_up_happen_once(cast, ticket):
    """A double click on the call-back is one call-back (REQ-10, REQ-11)."""
    by = cast.as_("ming")
    ticket.complete("好了", by=by)
    stale = again(ticket)
    ticket.confirm("satisfied", by=by)
    refused("already_confirmed", stale.confirm, "satisfied", by=by)
    ticket.follow_up(by=by)
    refused("already_followed_up", stale.follow_up, by=by)
    stale.confirm("unsatisfied", by=by, words="又漏了")  # a second call may still find it bad
    assert again(ticket).stage == "classified"


def test_the_first_answer_is_first_once(cast, ticket):
    """Two stewards who both read “not answered yet”: one response, at its own minute (REQ-06)."""
    stale = again(ticket)
    ticket.progress("马上到", by=cast.as_("ming"))
    stale.progress("在路上", by=cast.as_("jing"))
    assert Event.objects.filter(action="ticket.responded").count() == 1


def test_a_refusal_overruled_too_late_opens_no_order(cast, ticket):
    """The ticket ended meanwhile: the order does not come back to life."""
    order = ticket.dispatch(by=cast.as_("ming"), worker=cast.zhou, wishes="无", priority="high")
    order.refuse("dangerous", "带电", by=cast.as_("zhou"))
    again(ticket).cancel("不修了", by=cast.as_("ming"))
    again(order).judge_refusal(False, "可以断电", by=cast.as_("zhao"))
    assert not again(order).is_open and again(order).ended_at


def test_one_ticket_opens_one_incident(cast, ticket):
    stale = again(ticket)
    ticket.open_incident("停水", by=cast.as_("jing"))
    refused("already_joined", stale.open_incident, "停水", by=cast.as_("zhao"))
    assert Incident.objects.count() == 1


def test_nothing_joins_what_is_over(cast, ticket):
    """An incident that closed a moment ago takes no ticket: its clocks would end and nobody would come."""
    other = made(cast, "也没水")
    incident = ticket.open_incident("停水", by=cast.as_("jing"))
    stale = again(incident)
    incident.close("来水了", by=cast.as_("jing"))
    refused("already_joined", other.join, stale, by=cast.as_("jing"))
    assert Clock.objects.of(other).running().exists()


def test_a_lead_that_leaves_hands_the_clocks_on(cast, ticket):
    """The resident of the lead takes the report back, the water is still off: another ticket leads, with clocks."""
    other = made(cast, "也没水")
    incident = ticket.open_incident("停水", by=cast.as_("jing"))
    other.join(incident, by=cast.as_("jing"))
    assert not Clock.objects.of(other).running().exists()
    again(ticket).cancel("不用了", by=cast.as_("ming"))
    assert again(incident).lead == other.pk
    assert Clock.objects.of(other).running().exists() and again(other).due_at


def test_a_lead_merged_away_gives_its_incident_along(cast, ticket):
    other = made(cast, "也没水")
    incident = ticket.open_incident("停水", by=cast.as_("jing"))
    again(ticket).merge_into(again(other), by=cast.as_("jing"))
    assert again(incident).lead == other.pk and again(other).incident_id == incident.pk
    assert Clock.objects.of(other).running().exists()
