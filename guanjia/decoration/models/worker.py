"""施工人员出入证: who works on a site, from when to when; a signed code that the gate reads (MOV-14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.tenancy.crypto import SealedField
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.pictures import cleaned
from guanjia.tenancy.verbs import verb

from .permit import Permit

if TYPE_CHECKING:
    from datetime import date, datetime

_signer = Signer(salt="guanjia.decoration.worker", sep=".")


class WorkerQuerySet(EstateQuerySet["Worker"]):
    def admit(
        self, permit: Permit, name: str, trade: str, first: date, last: date, *, by: Any, identity: str = "", photo: Any = None, at: datetime | None = None
    ) -> Worker:  # fmt: skip
        """A pass within the permit's dates. The identity number is sealed; of it only the last four are ever shown."""
        row = Worker(estate_id=permit.estate_id, permit=permit, name=name.strip()[:40], trade=trade.strip()[:20], first=first, last=last, identity=identity.strip()[:18])
        return row._admit(photo, by=by, at=at or clock.now())

    def of_mark(self, mark: str, estate: Any) -> Worker | None:
        """Whose pass a code is; None when it is forged or of another estate."""
        try:
            plain = _signer.unsign(mark)
        except BadSignature:
            return None
        at, _dash, pk = plain.partition("-")
        if at != str(estate.pk) or not pk.isdigit():
            return None
        return self.at_estate(estate).select_related("permit__unit").filter(pk=int(pk)).first()


class Worker(EstateOwned):
    noun = "worker_pass"
    permit = EstateForeignKey(Permit, models.CASCADE, related_name="workers")
    name = models.CharField(max_length=40)
    trade = models.CharField(max_length=20)
    identity = SealedField(blank=True, default="")
    photo = models.FileField(upload_to="decoration/", blank=True)
    first = models.DateField()
    last = models.DateField()
    made_by = PersonKey()
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = WorkerQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "permit"], name="worker_of")]
        constraints = [models.CheckConstraint(condition=Q(last__gte=F("first")), name="worker_dates")]

    def __str__(self) -> str:
        return self.name

    @property
    def masked(self) -> str:
        return f"**************{self.identity[-4:]}" if self.identity else ""

    @property
    def mark(self) -> str:
        return _signer.sign(f"{self.estate_id}-{self.pk}")

    def refusal(self, day: date) -> str:
        """Why the gate does not let them in on that day; empty when it does."""
        if self.revoked_at:
            return _("出入证已收回")
        if self.permit.stage == "stopped":
            return _("该户已停工")
        if self.permit.stage not in ("approved", "working", "finished"):
            return _("该户没有在施工")
        if not self.first <= day <= self.last:
            return _("不在有效期内")
        return ""

    @verb
    def _admit(self, photo: Any, *, by: Any, at: datetime) -> Worker:
        by.must("decoration.take")
        self.permit._hold("approved", "working", "finished")
        if not self.name or not self.trade:
            raise Refused(_("请写姓名和工种。"), code="incomplete")
        if self.identity and not (len(self.identity) == 18 and self.identity[:17].isdigit()):
            raise Refused(_("身份证号是 18 位。"), code="bad_identity")
        if not self.permit.begins_on <= self.first <= self.last <= self.permit.ends_on:
            raise Refused(_("有效期要在许可工期之内。"), code="bad_dates")
        if photo:
            picture = cleaned(photo)
            self.photo.save(f"{self.estate_id}-{self.permit_id}-{picture.digest[:16]}.{picture.suffix}", ContentFile(picture.file.read()), save=False)
        self.made_by_id, self.made_at = by.person_id, at
        self.save(force_insert=True)
        self.permit.tell(Action.WORKER_ADMITTED, by=by, at=at, name=self.name)
        return self

    @verb
    def revoke(self, *, by: Any, at: datetime | None = None) -> None:
        at = at or clock.now()
        by.must("decoration.take")
        if not type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, revoked_at__isnull=True).update(revoked_at=at):
            raise Refused(_("已经收回。"), code="already_done")
        self.refresh_from_db()
        self.permit.tell(Action.WORKER_REVOKED, by=by, at=at, name=self.name)
