"""证书: what people hold, with a masked number, a scan and the day it expires (TRN-04, F-85)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.crypto import SealedField, fingerprint
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.papers import harmless
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from ..book import training_book

if TYPE_CHECKING:
    from datetime import date, datetime


class CertificateQuerySet(EstateQuerySet["Certificate"]):
    def visible_to(self, reach: Any) -> CertificateQuerySet:
        rows = self.at_estate(reach.estate).filter(ended_at__isnull=True)
        return rows if reach.may("training.manage") else rows.filter(person=reach.person_id)

    def valid(self, day: date) -> CertificateQuerySet:
        return self.filter(models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=day), ended_at__isnull=True)

    def keep(
        self, person: Any, kind: str, number: str, *, by: Any, issued_on: date | None = None, valid_until: date | None = None, scan: Any = None,
        at: datetime | None = None,
    ) -> Certificate:  # fmt: skip
        """Enter one that was seen; it takes the place of the person's older one of that kind. The number is kept sealed."""
        by.must("training.manage")
        at, number = at or clock.now(), number.strip().replace("\x00", "")
        if kind not in training_book().certificates or not 3 <= len(number) <= 60:
            raise Refused(_("请选择证书种类并填写编号。"), code="incomplete")
        if issued_on and valid_until and valid_until < issued_on:
            raise Refused(_("有效期不能早于发证日期。"), code="ends_first")
        made = self.model(
            estate=by.estate, person=person, kind=kind, number=number, tail=_tail(number), digest=fingerprint(f"{kind} {number}"),
            issued_on=issued_on, valid_until=valid_until, kept_by_id=by.person_id, kept_at=at,
        )  # fmt: skip
        if scan:
            content, suffix = harmless(scan)
            name = hashlib.sha256(content).hexdigest()[:16]
            made.scan.save(f"{by.estate.pk}-{person.pk}-{name}.{suffix}", ContentFile(content), save=False)
        with refusing_clashes(), estate_scope(by.estate):
            older = self.at_estate(by.estate).filter(person=person, kind=kind, ended_at__isnull=True)
            older.update(ended_at=at)
            made.save(force_insert=True)
            Event.objects.record(
                Action.CERTIFICATE_KEPT, made, by=by, at=at, told=False, person=person.name, kind=training_book().certificates[kind].title
            )
        return made


def _tail(number: str) -> str:
    """What may be read of a number: the last four, and never more than its half."""
    return number[-min(4, len(number) // 2) :]


class Certificate(EstateOwned):
    """`warned` is the nearest step of `warn_days` already told (-1: told that it expired)."""

    noun = "certificate"
    person = PersonKey()
    kind = models.CharField(max_length=20)
    number = SealedField()
    tail = models.CharField(max_length=4)
    digest = models.CharField(max_length=32)
    issued_on = models.DateField(null=True)
    valid_until = models.DateField(null=True)  # the last day; none: for life
    scan = models.FileField(upload_to="training/certificates/", blank=True)
    kept_by = PersonKey()
    kept_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # replaced or withdrawn
    warned = models.SmallIntegerField(null=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "valid_until"], condition=models.Q(ended_at__isnull=True), name="certificate_expiring")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "person", "kind"], condition=models.Q(ended_at__isnull=True), name="certificate_one_a_kind"),
            models.UniqueConstraint(fields=["estate", "digest"], condition=models.Q(ended_at__isnull=True), name="certificate_number_once"),
        ]

    def __str__(self) -> str:
        return _(training_book().certificates[self.kind].title) if self.kind in training_book().certificates else self.kind

    @property
    def masked(self) -> str:
        return f"****{self.tail}"

    def days_left(self, today: date) -> int | None:
        """Until it expires; nought on its last day, below afterwards; None: for life."""
        return (self.valid_until - today).days if self.valid_until else None

    @verb
    def end(self, why: str, *, by: Any, at: datetime | None = None) -> None:
        """Withdrawn or entered by mistake."""
        by.must("training.manage")
        at = at or clock.now()
        if not why.strip():
            raise Refused(_("请写明原因。"), code="why_missing")
        if not type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, ended_at__isnull=True).update(ended_at=at):
            raise Refused(_("这本证书已经停用。"), code="ended")
        Event.objects.record(
            Action.CERTIFICATE_ENDED, self, by=by, at=at, told=False, person=self.person.name, kind=training_book().certificates[self.kind].title, why=why.strip()[:300]
        )
