"""What the queue calls. A killed runner's job is taken up again; work must therefore be whole or nothing,
or done in parts that are remembered (`Job.remember`)."""

from __future__ import annotations

import logging
from typing import Any

from procrastinate.contrib.django import app

from guanjia import clock
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope

from .models import Job
from .progress import Progress
from .registry import work_of

logger = logging.getLogger("guanjia.jobs")


@app.task(name="jobs.run", queue="jobs")
def run(estate_id: int, job_id: int) -> None:
    """Do one job, once: whoever comes second finds it taken."""
    with estate_scope(estate_id):
        job = Job.objects.at_estate(estate_id).select_related("estate").get(pk=job_id)
        if not job.start(clock.now()):
            return
    try:
        with Progress(job) as progress:
            result = work_of(job.kind)(job, progress)
    except Refused as refused:
        job.fail(str(refused), clock.now())
    except Exception:
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        job.fail("内部错误，已记录；没有留下做了一半的结果。/ internal error", clock.now())
    else:
        state = result.pop("state", Job.State.DONE)
        job.finish(result, clock.now(), state)


@app.periodic(cron="* * * * * */20")
@app.task(name="jobs.take_over", queue="jobs", queueing_lock="jobs.take_over", pass_context=True)
async def take_over(context: Any, timestamp: int) -> None:
    """Jobs of a worker that was killed go back to the queue."""
    for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=60):
        await app.job_manager.retry_job(stalled)
