"""An import as a job: first a preview that writes nothing, then, on a person's yes, the import itself."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.core.files import File
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.jobs.models import Job
from guanjia.jobs.registry import job_kind
from guanjia.people.models import Person
from guanjia.people.reach import reach_of
from guanjia.tenancy.scope import estate_scope

from .importer import EstateSubject, import_workbook
from .mending import write_refused

KIND = "estate_import"
SHOWN = 200  # refusals kept with the job for its page; the Excel file has them all


@job_kind(KIND, _("导入小区"))
def work(job: Any, progress: Any) -> dict[str, Any]:
    """Preview until confirmed. The numbers of the preview are those of the import: it is the same work, rolled back."""
    dry = not job.arguments.get("confirmed")
    with estate_scope(job.estate):
        person = Person.objects.filter(pk=job.by_id).first()
        by = reach_of(person, job.estate) if person else None
    source, name = Path(job.source_file.path), job.arguments.get("name", "")
    outcome = import_workbook(
        source, job.estate, by=by, dry=dry, file=name, progress=lambda percent, step: progress(percent, 100, step)
    )
    with tempfile.TemporaryDirectory() as folder:
        if outcome.log.refusals:
            target = Path(folder) / "refused.xlsx"
            write_refused(source, target, outcome.log)
            with target.open("rb") as content:
                job.result_file.save(
                    f"{job.estate_id}/{Path(name).stem[:60] or 'import'}-{job.pk}-拒收.xlsx", File(content), save=False
                )
    if dry:
        with estate_scope(job.estate):
            Event.objects.record(
                Action.IMPORT_PREVIEWED, EstateSubject(job.estate), by=by, at=clock.now(), told=False, file=name[:200]
            )
    return {**outcome.as_json(most=SHOWN), "dry": dry, "state": Job.State.ASKING if dry else Job.State.DONE}
