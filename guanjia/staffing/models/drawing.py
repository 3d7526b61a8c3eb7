"""签名: what was drawn under a handover book and its ledger: the giver's, the successor's, the supervisor's (HND-01, HND-09, HND-11, HND-15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.utils.translation import gettext_lazy

from guanjia.duties.answers import drawn
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.pictures import cleaned

if TYPE_CHECKING:
    from datetime import datetime

    from .book import ShiftBook


class DrawingQuerySet(EstateQuerySet["Drawing"]):
    def keep(self, book: ShiftBook, part: str, said: str | None, *, by: Any, at: datetime) -> None:
        """The pad's data URL as a picture, in the transaction of the signature. None: signed without a pad (over the API)."""
        if said is None:
            return
        try:
            picture = cleaned(SimpleUploadedFile("signature.png", drawn(said)), transparent=True)
        except ValueError as error:
            raise Refused(str(error), code="unsigned") from error
        row = self.model(estate_id=book.estate_id, book=book, part=part, person_id=by.person_id, at=at)
        row.file.save(f"{book.estate_id}-{book.pk}-{part}-{picture.digest[:16]}.png", picture.file, save=False)
        row.save(force_insert=True)


class Drawing(EstateOwned):
    class Part(models.TextChoices):
        GIVEN = "given", gettext_lazy("交班签字")
        TAKEN = "taken", gettext_lazy("接班签字")
        REVIEWED = "reviewed", gettext_lazy("审核签字")

    noun = "drawing"
    book = EstateForeignKey("staffing.ShiftBook", models.CASCADE, related_name="drawings")
    part = models.CharField(max_length=10, choices=Part.choices)
    file = models.FileField(upload_to="signatures/")
    person = PersonKey()
    at = models.DateTimeField()

    objects = DrawingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["estate", "book", "part"], name="drawing_once")]

    def __str__(self) -> str:
        return f"{self.book_id} {self.part}"
