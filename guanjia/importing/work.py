"""An import as a job: first a preview that writes nothing, then, on a person's yes, the import itself."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.jobs.models import Job
from guanjia.jobs.registry import job_kind
from guanjia.people.models import Person
from guanjia.people.reach import reach_of
from guanjia.tenancy.scope import estate_scope

from .importer import EstateSubject, Outcome, import_workbook
from .mending import write_refused

KIND = "estate_import"
SHOWN = 200  # refusals kept with the job for its page; the Excel file has them all


@job_kind(KIND, _("导入小区"))
def work(job: Any, progress: Any) -> dict[str, Any]:
    """Preview until confirmed. The numbers of the preview are those of the import: it is the same work, rolled back.

    The import and its job end in one transaction: a worker killed at any moment leaves both undone or both done.
    """
    dry = not job.arguments.get("confirmed")
    source, name = Path(job.source_file.path), job.arguments.get("name", "")
    with translation.override(job.arguments.get("language") or settings.LANGUAGE_CODE), estate_scope(job.estate):
        person = Person.objects.filter(pk=job.by_id).first()
        by = reach_of(person, job.estate) if person else None
        outcome = import_workbook(
            source, job.estate, by=by, dry=dry, file=name, progress=lambda percent, step: progress(percent, 100, step)
        )
        _keep_refused(job, source, name, outcome)
        result = {**outcome.as_json(most=SHOWN), "dry": dry}
        if not dry:
            job.finish(result, clock.now())
            return {**result, "state": Job.State.DONE}
        subject = EstateSubject(job.estate)
        Event.objects.record(Action.IMPORT_PREVIEWED, subject, by=by, at=clock.now(), told=False, file=name[:200])
        return {**result, "state": Job.State.ASKING}


def _keep_refused(job: Any, source: Path, name: str, outcome: Outcome) -> None:
    """Keep the refused rows as the job's result file."""
    if not outcome.log.refusals:
        return
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "refused.xlsx"
        write_refused(source, target, outcome.log)
        with target.open("rb") as content:
            stem = Path(name).stem[:60] or "import"
            job.result_file.save(f"{job.estate_id}/{stem}-{job.pk}-拒收.xlsx", File(content), save=False)
