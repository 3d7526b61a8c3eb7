"""Telling how far a job is, outside its own transaction, so that the bar moves."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any

from django.db import InterfaceError, OperationalError, connections

from guanjia import clock

if TYPE_CHECKING:
    from .models import Job

logger = logging.getLogger(__name__)
EVERY = 0.5  # seconds between two writes of the bar
BEAT = 10.0  # seconds between two signs of life


class Progress:
    """Used as a context: a small thread gives signs of life even while one long statement runs."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.connection: Any = connections.create_connection("default")
        self.connection.inc_thread_sharing()  # the lock below keeps the two threads apart
        self.lock, self.ended = threading.Lock(), threading.Event()
        self.written = 0.0

    def __enter__(self) -> Progress:
        self.thread = threading.Thread(target=self._beat, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.ended.set()
        self.thread.join()
        with self.lock:
            self.connection.close()

    def __call__(self, done: int, total: int, step: str = "") -> None:
        """Show `done` of `total`; cheap to call often."""
        if time.monotonic() - self.written < EVERY and done < total:
            return
        self.written = time.monotonic()
        self._write("done = %s, total = %s, step = %s", [done, total, step[:80]])

    def _beat(self) -> None:
        while not self.ended.wait(BEAT):
            self._write("state = state", [])

    def _write(self, columns: str, values: list[Any]) -> None:
        """A bar that cannot be written (no connection to be had just now) is no reason to give the work up."""
        with self.lock:
            try:
                self._tell(columns, values)
            except (OperationalError, InterfaceError):
                logger.warning("job %s: its bar was not written", self.job.pk, exc_info=True)
                self.connection.close()

    def _tell(self, columns: str, values: list[Any]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(f"SET LOCAL guanjia.estate = '{int(self.job.estate_id)}'")
            cursor.execute(
                f"UPDATE jobs_job SET {columns}, beat_at = %s WHERE estate_id = %s AND id = %s AND state = 'running'",
                [*values, clock.now(), self.job.estate_id, self.job.pk],
            )
            cursor.execute("COMMIT")
