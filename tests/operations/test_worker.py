"""The worker does by itself what one turn by hand does (design §4)."""

from __future__ import annotations

import threading

import pytest

from guanjia import clock
from guanjia.collection import chasing
from guanjia.collection.models import CallRound
from guanjia.operations.worker import loops

pytestmark = pytest.mark.django_db


def test_the_day_s_calls_are_made_by_the_worker_too(cast):
    """FEE-05: nobody has to type `tick` for the calendar of calls."""
    turns = {loop.name: loop.turn for loop in loops(threading.Event())}
    turns["calls"]()
    assert CallRound.objects.at_estate(cast.sunny).count() == 1


def test_one_estate_s_trouble_is_not_the_others(cast, monkeypatch):
    tried = []

    def calls(estate, now):
        tried.append(estate.code)
        raise RuntimeError

    monkeypatch.setattr(chasing, "make_calls", calls)
    assert chasing.run_once(clock.now()) == 0 and set(tried) == {"sunny", "lake"}
