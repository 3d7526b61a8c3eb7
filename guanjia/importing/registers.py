"""The registers that come and go as workbooks, as jobs: a preview that writes nothing, then, on a person's yes, the import."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.core.files import File
from django.utils import translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.jobs.models import Job
from guanjia.jobs.registry import job_kind
from guanjia.people.models import Person
from guanjia.people.reach import reach_of
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.workbooks import book_of

from . import household_book, questions, staff_book
from .colleagues import Colleagues
from .households import Homes
from .importer import EstateSubject

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from guanjia.people.reach import Reach

    from .rowwise import Reader


@dataclass(frozen=True)
class Register:
    """`back`: the page it belongs to; `write` fills a file with what is there, in the sheets that are read again."""

    kind: str
    title: Any
    reader: type[Reader]
    write: Callable[[IO[bytes], Reach, datetime], None]
    back: str
    file: str


HOMES = Register("homes_import", _("住户资料"), Homes, household_book.write, "care:homes", "households")
PEOPLE = Register("people_import", _("片区、岗位与请假"), Colleagues, staff_book.write, "staffing:posts", "posts")
BANK = Register("bank_import", _("题库"), questions.Questions, questions.write, "training:bank", "questions")


@job_kind(HOMES.kind, _("导入住户资料"), private=True)
def homes(job: Any, progress: Any) -> dict[str, Any]:
    return _read(job, progress, HOMES)


@job_kind(PEOPLE.kind, _("导入片区、岗位与请假"), private=True)
def posts(job: Any, progress: Any) -> dict[str, Any]:
    return _read(job, progress, PEOPLE)


@job_kind(BANK.kind, _("导入题库"), private=True)
def bank(job: Any, progress: Any) -> dict[str, Any]:
    return _read(job, progress, BANK)


def _read(job: Job, progress: Any, register: Register) -> dict[str, Any]:
    """The preview's numbers are the import's: the same work, rolled back. The import ends with its job in one transaction."""
    dry, language = not job.arguments.get("confirmed"), job.arguments.get("language") or settings.LANGUAGE_CODE
    with translation.override(language), estate_scope(job.estate):
        reach = reach_of(Person.objects.get(pk=job.by_id or 0), job.estate)
        if reach is None:
            raise Refused(_now("您在这个小区没有岗位。"), code="no_post")
        reader = register.reader(job.estate, reach, clock.now())
        result = reader.read(Path(job.source_file.path), progress, dry=dry)
        _keep_refused(job, reader.refused)
        subject, name = EstateSubject(job.estate), job.arguments.get("name", "")[:200]
        if dry:
            Event.objects.record(Action.IMPORT_PREVIEWED, subject, by=reach, at=clock.now(), told=False, file=name)
            return {**result, "state": Job.State.ASKING}
        counts = {"created": result["created"], "changed": result["changed"], "refused": result["refusals"]}
        Event.objects.record(Action.IMPORT_DONE, subject, by=reach, at=clock.now(), told=False, file=name, **counts)
        job.finish(result, clock.now())
        return {**result, "state": Job.State.DONE}


def _keep_refused(job: Job, refused: list[dict[str, Any]]) -> None:
    """All refused rows as the job's result file."""
    if not refused:
        return
    heads = [_now("表"), _now("行"), _now("列"), _now("值"), _now("原因")]
    with book_of([(_now("拒收"), heads, [list(row.values()) for row in refused])]) as file:
        job.result_file.save(f"{job.estate_id}/{job.kind}-{job.pk}-refused.xlsx", File(file), save=False)
