"""Rubrics a company wrote itself or brought in from Excel: versions, each from a day on (QLT-54)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import CompanyWide, PersonKey
from guanjia.tenancy.verbs import refusing_clashes

from ..rubrics import checked

if TYPE_CHECKING:
    from datetime import date, datetime


class OwnRubricQuerySet(models.QuerySet["OwnRubric"]):
    def keep(
        self, content: dict[str, Any], *, by: Any, reason: str, valid_from: date | None = None, at: datetime | None = None
    ) -> OwnRubric:  # fmt: skip
        """A new version of a rubric of the reader's company, in force from today or a later day on; the past keeps its own.

        `content` as guanjia/quality/rubrics.py describes it. Refused when it does not add up.
        """
        at = at or clock.now()
        by.must("quality.plan")
        today = clock.today(by.estate, at)
        valid_from = valid_from or today
        if valid_from < today:
            raise Refused(_("评分细则只能从今天或以后生效。"), code="in_the_past")
        if not reason.strip():
            raise Refused(_("请写明为什么修改评分细则。"), code="why_missing")
        content = checked(content)
        company = by.estate.company_id
        with refusing_clashes(), transaction.atomic():
            version = self.filter(company=company, key=content["key"]).count() + 1
            made: OwnRubric = self.create(
                company_id=company, key=content["key"], version=version, content=content, valid_from=valid_from,
                author_id=by.person_id, reason=reason.strip()[:300], made_at=at,
            )  # fmt: skip
            about = SimpleNamespace(noun="estate", pk=by.estate.pk, estate_id=by.estate.pk)
            said = {"title": content["title"], "version": version, "why": made.reason}
            Event.objects.record(Action.RUBRIC_KEPT, about, by=by, at=at, told=False, **said)
        return made


class OwnRubric(CompanyWide):
    """A version is never changed; what was scored by it keeps a copy besides."""

    noun = "rubric"
    company = models.ForeignKey("estates.Company", models.PROTECT, related_name="+")
    key = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    content = models.JSONField()
    valid_from = models.DateField()
    author = PersonKey()
    reason = models.CharField(max_length=300)
    made_at = models.DateTimeField()

    objects = OwnRubricQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "key", "version"], name="ownrubric_version")]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"
