"""Photos: hostile until re-encoded; kept apart from the web, shown only within the reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.models import EstateForeignKey, EstateOwned, EstateQuerySet, PersonKey
from guanjia.tenancy.pictures import Picture, cleaned
from guanjia.tenancy.verbs import verb

from ..kinds import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

MOST_PHOTOS = 9


class PhotoQuerySet(EstateQuerySet):
    def visible_to(self, reach: Any) -> PhotoQuerySet:
        """With the ticket; a signature to staff who manage it and to the signer's household, not to a worker on it."""
        from .ticket import Ticket

        rows = self.at_estate(reach.estate).filter(ticket__in=Ticket.objects.visible_to(reach))
        if reach.is_staff and reach.sees != "own":
            return rows
        theirs = models.Q(by_id=reach.person_id) | models.Q(ticket__household_id__in=reach.households)
        return rows.filter(~models.Q(moment=Photo.Moment.SIGNATURE) | theirs)


class Photo(EstateOwned):
    class Moment(models.TextChoices):
        REPORT = "report", _("报事")
        BEFORE = "before", _("维修前")
        AFTER = "after", _("维修后")
        SIGNATURE = "signature", _("签字")

    ticket = EstateForeignKey("tickets.Ticket", models.CASCADE, related_name="photos")
    work = EstateForeignKey("tickets.WorkOrder", models.CASCADE, null=True, blank=True, related_name="photos")
    moment = models.CharField(max_length=10, choices=Moment.choices)
    image = models.FileField(upload_to="photos/")
    digest = models.CharField(max_length=64)  # SHA-256 of the re-encoded picture: the same photo twice is seen
    width = models.PositiveIntegerField()  # px
    height = models.PositiveIntegerField()  # px
    by = PersonKey(null=True)
    at = models.DateTimeField()

    objects = PhotoQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["estate", "ticket", "at"], name="photo_ticket")]

    def __str__(self) -> str:
        return f"{self.moment} {self.pk}"


class Photographable(models.Model):
    class Meta:
        abstract = True

    @verb
    def photograph(
        self, uploads: Iterable[Any], *, by: Any, moment: str = "report", work: Any = None, at: datetime | None = None
    ) -> list[Photo]:
        """Keep at most nine photos of a moment. A file that is no picture is refused by name; none is kept then."""
        at = at or clock.now()
        uploads = list(uploads)
        if len(uploads) > MOST_PHOTOS:
            raise Refused(_("最多 9 张照片。"), code="too_many_photos")
        pictures = [cleaned(upload) for upload in uploads]  # all of them before a file is written, none under the lock
        self.lock_incident()  # before the ticket, as everybody does: the act that follows may want it
        self.must_be(*Stage)  # of two who send at once the second counts what the first kept
        had = Photo.objects.at_estate(self.estate_id).filter(ticket=self, moment=moment, work=work).count()
        if had + len(pictures) > MOST_PHOTOS:
            raise Refused(_("最多 9 张照片。"), code="too_many_photos")
        made = [self._keep(picture, moment, by, at, work) for picture in pictures]
        if made:
            Event.objects.record(Action.TICKET_PHOTOGRAPHED, self, by=None if self.anonymous and not by.is_staff else by, at=at, count=len(made), moment=moment, told=False)
        return made

    def keep_photo(self, upload: Any, moment: str, by: Any, at: datetime, work: Any = None) -> Photo:
        return self._keep(cleaned(upload, transparent=moment == "signature"), moment, by, at, work)

    def _keep(self, picture: Picture, moment: str, by: Any, at: datetime, work: Any = None) -> Photo:
        nameless = self.anonymous and not (by and by.is_staff)
        photo = Photo(
            estate_id=self.estate_id, ticket=self, work=work, moment=moment, digest=picture.digest, width=picture.width,
            height=picture.height, by_id=None if nameless or not by else by.person_id, at=at,
        )  # fmt: skip
        photo.image.save(f"{self.estate_id}/{self.pk}-{picture.digest[:16]}.{picture.suffix}", picture.file, save=False)
        photo.save(force_insert=True)
        return photo
