"""Forgetting a person as long work: asked for with a reason, done by the worker, with a bar and a trace (design §7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guanjia.households.models import Member
from guanjia.jobs.models import Job
from guanjia.people.models import Person
from guanjia.people.reach import reach_of
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope

from . import privacy

if TYPE_CHECKING:
    from guanjia.people.reach import Reach

KIND = "person_erasure"


def ask(member: Member, why: str, *, by: Reach) -> Job:
    """Refused at once where it could not be done; asked for twice it is one job."""
    privacy.must_erase(member, why, by=by)
    return Job.objects.ask(
        KIND, estate=member.estate, by=by, key=str(member.pk), member=member.pk, why=why.strip()[:300], language=get_language()
    )  # fmt: skip


def do(job: Job, progress: Any) -> dict[str, Any]:
    """The verb, by whoever asked, with the rights they have now."""
    with translation.override(job.arguments.get("language")), estate_scope(job.estate_id):
        progress(0, 1, _("清除个人信息"))
        reach = reach_of(Person.objects.get(pk=job.by_id or 0), job.estate)
        if reach is None:
            raise Refused(_("您在这个小区没有岗位。"), code="no_post")
        rows = Member.objects.select_related("household", "estate")
        privacy.erase(rows.get(estate=job.estate_id, pk=job.arguments["member"]), job.arguments["why"], by=reach)
    progress(1, 1)
    return {"erased": 1}
