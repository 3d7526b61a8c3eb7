"""The demo's history as a job with a bar."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.jobs.registry import job_kind

from .history import History


@job_kind("demo_history", _("生成 90 天演示历史"))
def demo_history(job: Any, progress: Any) -> dict[str, Any]:
    """Ninety days of tickets; whole or not at all."""
    made = History(job.estate, clock.now()).tell(lambda done, total: progress(done, total, f"{done} / {total} 天"))
    return {"tickets": made}
