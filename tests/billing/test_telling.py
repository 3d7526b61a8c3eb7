"""Residents hear of statements, single charges and withdrawals: once a household and run (FEE-03, FEE-04)."""

from __future__ import annotations

from decimal import Decimal

from guanjia import clock
from guanjia.billing.models import Bill, UnitFee
from guanjia.events.actions import Action
from guanjia.events.models import Event, Outbox
from guanjia.households.models import Occupancy
from guanjia.notices.book import notices_book
from guanjia.notices.crowd import Crowd

from .conftest import MARCH


def told(cast, action):
    """(events of an action that are waiting to be told)"""
    waiting = Outbox.objects.values_list("event_id", flat=True)
    return list(Event.objects.filter(action=action, pk__in=list(waiting)).order_by("pk"))


def second_home(cast, fee=None):
    """梅女士 owns the home next door as well."""
    Occupancy.objects.create(
        estate=cast.sunny,
        household=cast.meis,
        unit=cast.home_next,
        kind="owner",
        during=(MARCH.replace(year=2020), None),
    )


def test_two_homes_one_message(books, cast):
    """FEE-04: every bill has its event; the household hears once, of the sum; sent again, nothing more."""
    second_home(cast)
    books.fee()
    run = books.post()
    assert run.issue() == 2 and run.issue() == 0
    hers = [event for event in told(cast, Action.BILL_ISSUED) if event.particulars["household_id"] == cast.meis.pk]
    assert len(hers) == 1 and Event.objects.filter(action=Action.BILL_ISSUED).count() == 3
    sums = Bill.objects.filter(household=cast.meis).values_list("amount", flat=True)
    assert Decimal(hers[0].particulars["total"]) == sum(sums) and len(sums) == 2
    assert cast.mei.pk in Crowd(cast.sunny, hers, clock.now()).audience("told_household", hers[0])


def test_a_single_charge_is_told(books, cast):
    """FEE-04: a charge outside a run says what for, how much and until when; its e-mail rests at night like its siblings."""
    fee = books.fee(units=[])
    Bill.objects.charge(cast.home, cast.meis, fee, Decimal("80.00"))
    [event] = told(cast, Action.BILL_CHARGED)
    assert event.particulars["household_id"] == cast.meis.pk and event.particulars["due"]
    [note] = notices_book().entry(Action.BILL_CHARGED).tell
    assert note.face == "resident" and not note.urgent
    assert note.body.format(**event.particulars).startswith("应缴 80.00 元")


def test_who_had_a_statement_hears_that_it_is_withdrawn(books, cast):
    """FEE-04: once a household; whoever was sent nothing hears nothing."""
    second_home(cast)
    fee = books.fee()
    run = books.post()
    run.issue()
    run.reverse(by=None, why="单价错了")
    hers = [row for row in told(cast, Action.BILL_WITHDRAWN) if row.particulars["household_id"] == cast.meis.pk]
    assert len(hers) == 1 and "单价错了" not in str(hers[0].particulars)
    assert UnitFee.objects.filter(fee=fee).exists()
    books.post().reverse(by=None, why="又错了")
    assert len(told(cast, Action.BILL_WITHDRAWN)) == 2  # both households of the first run, nobody of the second


def test_a_statement_sent_meanwhile_is_withdrawn_too(books, cast):
    """FEE-04: judged by what stands, not by the run as the page had read it."""
    books.fee()
    read = books.post()
    type(read).objects.get(pk=read.pk).issue()
    read.reverse(by=None, why="单价错了")
    assert len(told(cast, Action.BILL_WITHDRAWN)) == 2
