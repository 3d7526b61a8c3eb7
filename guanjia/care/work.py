"""Long work about households."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanjia.jobs.registry import job_kind

from . import erasing, exporting


@job_kind(exporting.KIND, _("导出个人信息"), private=True)
def person_export(job: Any, progress: Any) -> dict[str, Any]:
    return exporting.do(job, progress)


@job_kind(erasing.KIND, _("清除个人信息"), private=True)
def person_erasure(job: Any, progress: Any) -> dict[str, Any]:
    return erasing.do(job, progress)
