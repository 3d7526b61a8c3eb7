"""Sending what waits: claimed with a lease, sent outside any transaction, then settled.

A sender that dies between sending and settling leaves a lease that runs out; the delivery goes out again under the
same id. A sender whose lease ran out settles nothing: the claim is named by its number of attempts.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F

from guanjia.estates.models import Estate
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.scope import ALL, estate_scope

from .mailing import mail
from .models import Channel, Delivery, State, Subscription
from .posting import post
from .pushing import push

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from .ports import NotSent

LEASE = timedelta(minutes=5)  # longer than a batch can take
BATCH = 20
MOST = 8  # attempts: half a minute, 2 min, 8 min, half an hour, 2 h, 6 h, 6 h
FIRST, LONGEST = timedelta(seconds=30), timedelta(hours=6)
PAUSE_AFTER = 10  # messages given up in a row: the subscription rests until a manager looks

# Sends claimed rows of one estate; row → the other side's id, or why not.
SENDERS: dict[str, Callable[[Estate, list[Delivery], datetime], dict[int, str | NotSent]]] = {
    Channel.EMAIL: mail, Channel.WEBHOOK: post, Channel.PUSH: push,
}  # fmt: skip


def send_due(now: datetime, batches: int = 10) -> int:
    """Send e-mail, webhooks and notices on devices that are due. Returns how many were taken by the other side."""
    sent = 0
    with estate_scope(ALL):
        waiting = set(Delivery.objects.due(now).values_list("estate_id", flat=True).distinct())
    for estate in Estate.objects.filter(pk__in=waiting).order_by("pk"):
        for channel in SENDERS:
            for _batch in range(batches):
                claimed = claim(estate, channel, now)
                if not claimed:
                    break
                sent += settle(estate, claimed, SENDERS[channel](estate, claimed, now), now)
    return sent


def claim(estate: Estate, channel: str, now: datetime) -> list[Delivery]:
    """Take a few for this sender alone, until the lease runs out."""
    with estate_scope(estate):
        due = Delivery.objects.at_estate(estate).due(now).filter(channel=channel).order_by("next_at", "id")
        rows = list(due.select_for_update(skip_locked=True)[:BATCH])
        mine = Delivery.objects.at_estate(estate).filter(pk__in=[row.pk for row in rows])
        mine.update(attempts=F("attempts") + 1, next_at=now + LEASE)
        for row in rows:
            row.attempts += 1
        return rows


def settle(estate: Estate, claimed: list[Delivery], answers: dict[int, str | NotSent], now: datetime) -> int:
    """Write down what became of each; one without an answer keeps its lease and comes again."""
    sent = 0
    with estate_scope(estate):
        for row in claimed:
            answer = answers.get(row.pk)
            mine = Delivery.objects.at_estate(estate).filter(pk=row.pk, attempts=row.attempts, next_at__isnull=False)
            if isinstance(answer, str):
                sent += mine.update(
                    state=State.SENT, sent_at=now, next_at=None, external_id=answer[:120], last_error=""
                )
                if row.subscription_id:
                    Subscription.objects.at_estate(estate).filter(pk=row.subscription_id, failures__gt=0).update(
                        failures=0
                    )
            elif answer is not None:
                _failed(row, mine, answer, now)
    return sent


def _failed(row: Delivery, mine: object, why: NotSent, now: datetime) -> None:
    over = why.for_good or row.attempts >= MOST
    changed = mine.update(  # type: ignore[attr-defined]
        state=State.GIVEN_UP if over else State.FAILED,
        last_error=str(why)[:300],
        next_at=None if over else now + wait(row.attempts),
    )
    if changed and over:
        Event.objects.record(
            Action.NOTICE_FAILED,
            row,
            by=None,
            at=now,
            told=False,
            why=str(why)[:200],
            channel=row.channel,
            event=row.event_id,
        )
        if row.subscription_id:
            _tire(row, now)


def wait(attempts: int) -> timedelta:
    """How long after the n-th failure."""
    return min(FIRST * 4 ** (attempts - 1), LONGEST)


def _tire(row: Delivery, now: datetime) -> None:
    """A subscription that fails again and again is paused once, and the managers are told once."""
    mine = Subscription.objects.at_estate(row.estate_id).filter(pk=row.subscription_id or 0)
    mine.update(failures=F("failures") + 1)
    if mine.filter(active=True, failures__gte=PAUSE_AFTER).update(active=False):
        hook = mine.get()
        Event.objects.record(Action.NOTICE_FAILED, hook, by=None, at=now, why=hook.url, channel=row.channel)
