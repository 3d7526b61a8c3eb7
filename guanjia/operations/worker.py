"""The worker process: small loops beside the job queue, each one line of work and a rhythm."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from django.db import close_old_connections, connection

from guanjia import clock
from guanjia.api.once import forget_answers
from guanjia.care import rounds as care
from guanjia.clocks.scan import Scanner
from guanjia.duties import rounds
from guanjia.estates.models import Estate
from guanjia.incentives import work as incentives
from guanjia.notices import loop as notices
from guanjia.tenancy.scope import estate_scope

from .tick import ROUNDS

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger("guanjia.worker")


class Loop(threading.Thread):
    """Call something again and again; an error is logged and tried again later, never the end of the loop."""

    def __init__(self, name: str, every: float, turn: Callable[[], object], stop: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self.every, self.turn, self.stop_event = every, turn, stop

    def run(self) -> None:
        pause = self.every
        while not self.stop_event.wait(pause):
            try:
                self.turn()
                pause = self.every
            except Exception:
                logger.exception("loop %s", self.name)
                pause = min(pause * 2, 60.0)
                close_old_connections()
            if "pool" in connection.settings_dict["OPTIONS"]:
                connection.close()  # back to the pool: there are more loops than connections, and jobs want theirs
        connection.close()


def sweep() -> None:
    """Once an hour: what need not be kept longer."""
    for estate in Estate.objects.all():
        with estate_scope(estate):
            forget_answers(estate)


def _now(turn: Callable[..., object]) -> Callable[[], object]:
    return lambda: turn(clock.now())


def loops(stop: threading.Event) -> list[Loop]:
    """The night shift: name, seconds, what to call."""
    scanner = Scanner()
    return [
        Loop("clocks", 1.0, lambda: scanner(clock.now()), stop),
        Loop("duties", 60.0, lambda: rounds.minute(clock.now()), stop),
        Loop("care", 300.0, lambda: care.run_once(clock.now()), stop),
        *(Loop(name, every, _now(turn), stop) for name, (every, turn) in ROUNDS.items()),
        Loop("scores", 900.0, lambda: incentives.run_once(clock.now()), stop),
        Loop("notices", 1.0, lambda: notices.run_once(clock.now()), stop),
        Loop("sweep", 3600.0, sweep, stop),
    ]
