"""What clocks' tests share: rules as the rulebook has them, and a bare ticket."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest

from guanjia import clock
from guanjia.clocks import calendars
from guanjia.clocks.models import Clock, Clocks
from guanjia.events.models import Event
from guanjia.rulebooks import parameters
from guanjia.tickets.models import Ticket


@pytest.fixture(autouse=True)
def _remember_nothing():
    parameters.forget()
    calendars.forget()
    yield
    parameters.forget()
    calendars.forget()


@pytest.fixture
def bare(cast):
    """Make a ticket without its verbs: `bare(klass="routine", steward=None, …)`, reported now."""

    def make(**fields):
        known = {"kind": "repair", "channel": "phone", "words": "水管漏水", "steward": cast.ming, "unit": cast.home, "zone": cast.east}
        return Ticket.objects.create(
            estate=cast.sunny, number=secrets.token_hex(8), reported_at=clock.now(), **{**known, **fields}
        )

    return make


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def clocks_of(ticket) -> dict[str, Clock]:
    """The running clocks by kind."""
    return {row.kind: row for row in Clock.objects.of(ticket).running()}


def receive(ticket, at=None):
    Clocks.start(ticket, "received", at or ticket.reported_at)
    return ticket


def classify(ticket, klass, at):
    ticket.klass, ticket.classified_at = klass, ticket.classified_at or at
    Clocks.stop(ticket, "classified", at)
    Clocks.start(ticket, "classified", at)


def told_of(ticket):
    return list(Event.objects.about(ticket).filter(action__startswith="clock.").values_list("action", "particulars__kind", "at"))
