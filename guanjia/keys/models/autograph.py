"""签名: a drawn signature under one part of a front-desk paper, with the digest of what was signed."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from guanjia.duties.signing import picture_of
from guanjia.tenancy.models import EstateOwned, EstateQuerySet, PersonKey

if TYPE_CHECKING:
    from datetime import datetime


def digest_of(document: Any) -> str:
    """The SHA-256 of a paper's words, as they were when it was signed."""
    return hashlib.sha256(json.dumps(document, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


SIGNED: list[Any] = []  # nouns whose papers are signed; each knows who may read it


def signs(noun: Any) -> None:
    """Papers of this noun bear signatures. Once per noun, however often its app is made ready."""
    if noun not in SIGNED:
        SIGNED.append(noun)


class AutographQuerySet(EstateQuerySet["Autograph"]):
    def visible_to(self, reach: Any) -> AutographQuerySet:
        """One's own, and those under papers that one may read."""
        mine = Q(person_id=reach.person_id)
        for paper in SIGNED:
            mine |= Q(subject_type=paper.noun, subject_id__in=paper.objects.visible_to(reach).values("pk"))
        return self.at_estate(reach.estate).filter(mine)

    def under(self, subject: Any) -> dict[str, Autograph]:
        """Part → signature of one paper, without the pictures."""
        rows = self.at_estate(subject.estate_id).filter(subject_type=subject.noun, subject_id=subject.pk)
        return {row.part: row for row in rows.defer("picture")}

    def keep(
        self, subject: Any, part: str, raw: Any, *, name: str, at: datetime, person_id: int | None = None, document: Any = ""
    ) -> Autograph:
        """Sign a part once. Called inside the verb of the paper, in its transaction."""
        return self.create(
            estate_id=subject.estate_id, subject_type=subject.noun, subject_id=subject.pk, part=part, name=name[:60], person_id=person_id,
            picture=picture_of(raw), digest=digest_of(document) if document else "", at=at,
        )  # fmt: skip


class Autograph(EstateOwned):
    noun = "autograph"
    subject_type = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    part = models.CharField(max_length=20)  # out, in, owner …
    name = models.CharField(max_length=60)  # who signed, as they are called
    person = PersonKey(null=True)  # when they signed in their own login
    picture = models.BinaryField()  # PNG
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the paper's words
    at = models.DateTimeField()

    objects = AutographQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "subject_type", "subject_id", "part"], name="autograph_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%F}"
