"""The worker does by itself what one turn by hand does (design §4)."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from guanjia import clock
from guanjia.bulletins.models import Bulletin
from guanjia.collection import chasing
from guanjia.collection.models import CallRound
from guanjia.operations.tick import ROUNDS
from guanjia.operations.worker import loops

pytestmark = pytest.mark.django_db


def test_the_day_s_calls_are_made_by_the_worker_too(cast):
    """FEE-05: nobody has to type `tick` for the calendar of calls."""
    turns = {loop.name: loop.turn for loop in loops(threading.Event())}
    turns["calls"]()
    assert CallRound.objects.at_estate(cast.sunny).count() == 1


def test_a_bulletin_goes_out_at_its_time_by_the_worker(cast):
    """COM-13: put out and taken back by itself; a worker that forgets a noun's rounds would leave it approved for ever."""
    later = clock.now() + timedelta(hours=2)
    row = Bulletin.objects.write("weather", "大风", "关窗。", by=cast.as_("ming"), starts_at=later)
    row.send_in(by=cast.as_("ming"))
    turns = {loop.name: loop.turn for loop in loops(threading.Event())}
    with clock.at(later):
        turns["bulletins"]()
    row.refresh_from_db()
    assert row.state == "out"
    assert set(ROUNDS) <= set(turns)


def test_one_estate_s_trouble_is_not_the_others(cast, monkeypatch):
    tried = []

    def calls(estate, now):
        tried.append(estate.code)
        raise RuntimeError

    monkeypatch.setattr(chasing, "make_calls", calls)
    assert chasing.run_once(clock.now()) == 0 and set(tried) == {"sunny", "lake"}
