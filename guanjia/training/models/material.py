"""教材: the papers of a training, made harmless before they are kept (TRN-06)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.papers import harmless
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import verb

from .session import Session

if TYPE_CHECKING:
    from datetime import datetime


class MaterialQuerySet(EstateQuerySet["Material"]):
    def live(self) -> MaterialQuerySet:
        return self.filter(removed_at__isnull=True)

    def keep(self, session: Session, title: str, upload: Any, *, by: Any, at: datetime | None = None) -> Material:
        """A picture or a PDF; Refused for anything else."""
        at = at or clock.now()
        session.must_run(by)
        if not title.strip():
            raise Refused(_("请写明教材名称。"), code="incomplete")
        content, suffix = harmless(upload)
        made = self.model(
            estate=session.estate, session=session, title=title.strip()[:80], digest=hashlib.sha256(content).hexdigest(), kept_by_id=by.person_id, kept_at=at
        )
        made.file.save(f"{session.estate_id}-{session.pk}-{made.digest[:16]}.{suffix}", ContentFile(content), save=False)
        with estate_scope(session.estate_id):
            made.save(force_insert=True)
            Event.objects.record(Action.TRAINING_MATERIAL, session, by=by, at=at, told=False, title=made.title)
        return made


class Material(EstateOwned):
    noun = "material"
    session = EstateForeignKey(Session, models.CASCADE, related_name="materials")
    title = models.CharField(max_length=80)
    file = models.FileField(upload_to="training/materials/")
    digest = models.CharField(max_length=64)
    kept_by = PersonKey()
    kept_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "session"], name="training_material_session")]

    def __str__(self) -> str:
        return self.title

    @verb
    def remove(self, *, by: Any, at: datetime | None = None) -> None:
        self.session.must_run(by)
        type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, removed_at__isnull=True).update(removed_at=at or clock.now())
