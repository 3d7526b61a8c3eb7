"""住户档案: the papers of a household, made harmless before they are kept (HSE-12, F-03)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.papers import harmless
from guanjia.tenancy.verbs import verb

from .household import Household

if TYPE_CHECKING:
    from datetime import datetime


class DocumentQuerySet(EstateQuerySet):
    def live(self) -> DocumentQuerySet:
        return self.filter(removed_at__isnull=True)

    def keep(
        self, household: Household, kind: str, title: str, upload: Any, *, by: Any, at: datetime | None = None
    ) -> HouseholdDocument:
        """Keep a picture (encoded anew) or a PDF (looked through). Raises Refused for anything else."""
        return HouseholdDocument(
            estate_id=household.estate_id, household=household, kind=kind, title=title.strip()
        )._keep(upload, by=by, at=at)

    def file_away(
        self, household: Household, kind: str, title: str, content: bytes, *, by: Any, at: datetime, suffix: str = "pdf"
    ) -> HouseholdDocument:
        """Keep a PDF the house has made itself, or a picture it has encoded anew. Whoever may make it files it: the verb that calls this has asked."""
        row = HouseholdDocument(estate_id=household.estate_id, household=household, kind=kind, title=title[:80])
        row._put(content, suffix, by, at)
        return row


class HouseholdDocument(EstateOwned):
    class Kind(models.TextChoices):
        """The contents that the archive is to have (HSE-12)."""

        FILE = "file", _("住户登记")
        LETTER = "letter", _("往来函件")
        AGREEMENT = "agreement", _("协议合同")
        APPLICATION = "application", _("申请")
        REPORT = "report", _("报告")
        CERTIFICATE = "certificate", _("证明证件")
        DECLARATION = "declaration", _("承诺声明")
        ACCEPTANCE = "acceptance", _("验房资料")
        HANDOVER = "handover", _("交接资料")
        REPAIR = "repair", _("维修处理")
        COMPLAINT = "complaint", _("投诉处理")
        REVISIT = "revisit", _("房屋质量回访")
        REPAIR_FILE = "repair_file", _("房屋维修档案")
        GUARANTEE = "guarantee", _("质量保证书")
        MANUAL = "manual", _("质量说明书")
        PAYMENT = "payment", _("缴费资料")
        OTHER = "other", _("其他管理资料")

    noun = "document"
    household = EstateForeignKey(Household, models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.CharField(max_length=80)
    file = models.FileField(upload_to="households/")
    digest = models.CharField(max_length=64)
    kept_by = PersonKey(null=True)
    kept_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "household", "kind"], name="document_household")]

    def __str__(self) -> str:
        return self.title

    @verb
    def _keep(self, upload: Any, *, by: Any, at: datetime | None = None) -> HouseholdDocument:
        by.must("household.edit")
        content, suffix = harmless(upload)
        self._put(content, suffix, by, at or clock.now())
        return self

    def _put(self, content: bytes, suffix: str, by: Any, at: datetime) -> None:
        self.digest, self.kept_by_id, self.kept_at = hashlib.sha256(content).hexdigest(), by.person_id, at
        self.file.save(
            f"{self.estate_id}-{self.household_id}-{self.digest[:16]}.{suffix}", ContentFile(content), save=False
        )
        self.save(force_insert=True)
        Event.objects.record(
            Action.DOCUMENT_KEPT, self.household, by=by, at=self.kept_at, told=False, title=self.title, document=self.pk
        )

    @verb
    def remove(self, *, by: Any, at: datetime | None = None) -> None:
        """It is shown no more; the file goes with the retention of the archive."""
        by.must("household.edit")
        if self.removed_at:
            raise Refused(_now("这份资料已经移除。"), code="removed")
        self.removed_at = at or clock.now()
        self.save(update_fields=["removed_at"])
        Event.objects.record(
            Action.DOCUMENT_REMOVED, self.household, by=by, at=self.removed_at, told=False, title=self.title
        )

