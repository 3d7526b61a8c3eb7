"""培训签到与笔记: somebody at a training, their sign-in, their notes and what they thought of it (QLT-11, F-56)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, PersonKey
from guanjia.tenancy.pictures import cleaned
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime


class Attendee(EstateOwned):
    """Expected or not, present once `signed_at` is set. Absent is what the session's end makes of it, never a flag."""

    class Way(models.TextChoices):
        CODE = "code", gettext_lazy("扫码")
        LIST = "list", gettext_lazy("点名")

    noun = "attendee"
    session = EstateForeignKey("training.Session", models.CASCADE, related_name="attendees")
    person = PersonKey()
    expected = models.BooleanField(default=True)
    signed_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=6, choices=Way.choices, blank=True)
    ticked_by = PersonKey(null=True)
    signature = models.FileField(upload_to="training/signatures/", blank=True)
    notes = models.TextField(blank=True, max_length=5000)
    noted_at = models.DateTimeField(null=True)
    rating = models.PositiveSmallIntegerField(null=True)  # of the training, 1 to 5

    class Meta:
        indexes = [models.Index(fields=["estate", "person"], name="training_attendee_person")]
        constraints = [
            models.UniqueConstraint(fields=["estate", "session", "person"], name="training_attendee_once"),
            models.CheckConstraint(condition=models.Q(rating__isnull=True) | models.Q(rating__gte=1, rating__lte=5), name="training_rating"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.person_id}"

    def come(self, way: str, by: Any, at: datetime, signature: bytes = b"") -> None:
        """Within the session's verb, which holds its lock."""
        self.signed_at, self.way, self.ticked_by_id = at, way, None if way == self.Way.CODE else by.person_id
        if signature:
            picture = cleaned(_named(signature), transparent=True)
            self.signature.save(f"{self.estate_id}-{self.session_id}-{picture.digest[:16]}.png", picture.file, save=False)
        self.save(update_fields=["signed_at", "way", "ticked_by", "signature"])
        Event.objects.record(Action.TRAINING_SIGNED, self, by=by, at=at, told=False, person=self.person.name, title=self.session.title)

    @verb
    def note(self, words: str, *, by: Any, rating: int | None = None, at: datetime | None = None) -> None:
        """One's own notes, for whoever was there; may be written further."""
        at = at or clock.now()
        if by.person_id != self.person_id:
            raise Refused(_("只能写自己的笔记。"), code="not_yours")
        if self.signed_at is None:
            raise Refused(_("没有签到，不能写笔记。"), code="not_there")
        if not words.strip() or (rating is not None and not 1 <= rating <= 5):
            raise Refused(_("请写下笔记。"), code="words_missing")
        first = self.noted_at is None
        self.notes, self.noted_at, self.rating = words.strip()[:5000], self.noted_at or at, rating or self.rating
        self.save(update_fields=["notes", "noted_at", "rating"])
        if first:
            Event.objects.record(Action.TRAINING_NOTED, self, by=by, at=at, told=False, title=self.session.title)


def _named(content: bytes) -> ContentFile:
    return ContentFile(content, name="signature.png")
