"""Done, with photos; charged by the one ledger; rated by the household."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.pictures import cleaned
from guanjia.tenancy.verbs import verb

from ..charging import charge

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

MOST_PHOTOS = 9


class Doable(models.Model):
    class Meta:
        abstract = True

    @verb
    def finish(self: Any, result: str, photos: Iterable[Any] = (), *, by: Any, at: datetime | None = None) -> None:
        """Done: what was done and, for what costs money, a photo. The agreed amount is charged, never more."""
        at, photos = at or clock.now(), list(photos)[:MOST_PHOTOS]
        self._hold("agreed")
        self._must_work(by)
        if self.assigned_at is None:
            raise Refused(_("还没有派人。"), code="nobody")
        if len(result.strip()) < 2:
            raise Refused(_("请写完成情况。"), code="result_missing")
        if self.amount and not photos:
            raise Refused(_("收费服务完成时要有照片。"), code="photo_missing")
        self.keep_photos(photos, "done", by=by, at=at)
        late = self.due_at is not None and at > self.due_at
        self._set(stage="done", result=result.strip()[:500], done_at=at, ended_at=at, kept_promise=not late)
        if self.amount:
            self._set(bill=charge(self, at))
        self.tell(Action.SERVICE_DONE, by=by, at=at, amount=f"{self.amount or 0:.2f}", words=self.result[:120])

    @verb
    def rate(self: Any, stars: int, words: str = "", *, by: Any, at: datetime | None = None) -> None:
        """One to five stars, once, by the household."""
        at = at or clock.now()
        if not self.theirs(by):
            raise NotAllowed("own.rate")
        self._hold("done")
        if self.rated_at:
            raise Refused(_("已经评价过。"), code="already_rated")
        if stars not in range(1, 6):
            raise Refused(_("请选 1 到 5 星。"), code="bad_stars")
        self._set(stars=stars, rating=words.strip()[:300], rated_at=at)
        self.tell(Action.SERVICE_RATED, by=by, at=at, stars=stars, words=self.rating, worker_id=self.worker_id)

    def keep_photos(self: Any, photos: Iterable[Any], moment: str, *, by: Any, at: datetime) -> None:
        """Made harmless; a file that is no picture is refused by name."""
        from .quote import OrderPhoto

        for picture in [cleaned(photo) for photo in photos]:
            row = OrderPhoto(estate_id=self.estate_id, order=self, moment=moment, digest=picture.digest, by_id=by.person_id, at=at)
            row.image.save(f"{self.estate_id}-{self.pk}-{picture.digest[:16]}.{picture.suffix}", picture.file, save=False)
            row.save(force_insert=True)
