"""The worker: clocks, notices and long jobs, until a signal."""

from __future__ import annotations

import threading
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app

from guanjia.operations.worker import loops


class Command(BaseCommand):
    help = "Run the worker: clocks, notices, jobs. Any number may run."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        threads = loops(stop)
        for thread in threads:
            thread.start()
        try:
            connector: Any = app.connector  # Django's own kind; procrastinate declares the plainest
            with app.replace_connector(connector.get_worker_connector()) as worker:
                worker.run_worker(queues=["jobs"], concurrency=2, delete_jobs="successful")
        finally:
            stop.set()
            for thread in threads:
                thread.join(timeout=5)
