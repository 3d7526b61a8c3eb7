"""Scoring an inspection item by item, with or without signal: reason and photo for each deduction (QLT-27..54, CF-30)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.duties.answers import Unanswered
from guanjia.events.actions import Action
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

from ..answering import Answered, answered
from ..independence import must_be_independent
from ..scoring import Got
from .item import Deduction, ItemScore
from .photographing import keep_photos, same_photos

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from guanjia.duties.models.finishable import Shot


class Scoring(models.Model):
    class Meta:
        abstract = True

    estate_id: int
    pk: Any
    began_at: Any
    rubrics: Any
    tell: Any
    must_inspect: Any
    estate: Any
    zone: Any

    @verb
    def mark(
        self, raw: Mapping[str, Any], photos: Iterable[Shot] = (), *, by: Any, client_id: uuid.UUID | None = None, beside: bool = False,
        done_at: datetime | None = None, at: datetime | None = None,
    ) -> list[ItemScore]:  # fmt: skip
        """Keep every item that was answered. Sent twice with one id, it is kept once; one's own earlier mark is superseded.

        What the other inspector has scored meanwhile refuses it all; with `beside` those items are left as they are.
        """
        at, client_id = at or clock.now(), client_id or uuid.uuid4()
        self.must_inspect(by)
        row = self._lock()
        if known := list(ItemScore.objects.at_estate(self.estate_id).filter(client_id=client_id, inspection=self)):
            return known
        row.must_be_open()
        shots = list(photos)
        found, errors = answered(self.rubrics, raw, {shot.item for shot in shots})
        if errors:
            raise Unanswered(errors)
        if not found:
            raise Refused(_("还没有打分。"), code="nothing")
        taken = self._taken(found, by)
        if taken and not beside:
            raise Refused(_("%(item)s已经由另一位检查人打分。") % {"item": taken[0].title}, code="taken")
        made = [self._keep(one, shots, by, client_id, done_at or at, at) for one in found if one not in taken]
        if made:
            self._begin(at)
            self.tell(Action.INSPECTION_SCORED, by=by, at=at, count=len(made), told=False)
        return made

    @verb
    def correct(
        self, rubric: str, item: str, raw: Mapping[str, Any], why: str, photos: Iterable[Shot] = (), *, by: Any, at: datetime | None = None
    ) -> Any:  # fmt: skip
        """Put one item right after the end: a new version beside the old one, and a new result (both stay)."""
        at = at or clock.now()
        by.must("quality.plan")
        must_be_independent([by.person], self.estate, self.zone, clock.today(self.estate, at), at)
        if not why.strip():
            raise Refused(_("请写明为什么更正。"), code="why_missing")
        self._lock_finished()
        old = ItemScore.objects.at_estate(self.estate_id).current().filter(inspection=self, rubric=rubric, item=item).first()
        shots = list(photos)
        carried = {row.check_key: row for row in old.deductions.all()} if old else {}
        names = {shot.item for shot in shots} | {f"{rubric}-{item}-{key}" for key in carried}
        found, errors = answered(self.rubrics, raw, names, only=(rubric, item))
        if errors:
            raise Unanswered(errors)
        if old is None or not found:
            raise Refused(_("没有这一项。"), code="no_item")
        self._keep(found[0], shots, by, uuid.uuid4(), at, at, why.strip()[:300], carried)
        return self.result(why.strip()[:300], by=by, at=at, item=found[0].title)

    def _taken(self, found: list[Answered], by: Any) -> list[Answered]:
        rows = ItemScore.objects.at_estate(self.estate_id).current().filter(inspection=self).exclude(by_id=by.person_id)
        others = set(rows.values_list("rubric", "item"))
        return [one for one in found if (one.rubric, one.item) in others]

    def _keep(
        self, one: Answered, shots: list[Shot], by: Any, client_id: uuid.UUID, done_at: datetime, at: datetime, why: str = "", carried: Any = None
    ) -> ItemScore:  # fmt: skip
        rows = ItemScore.objects.at_estate(self.estate_id).filter(inspection=self, rubric=one.rubric, item=one.item)
        earlier = rows.count()
        rows.current().update(superseded_at=at)
        got = Got(one.points, one.deducted, one.na)
        made = ItemScore.objects.create(
            estate_id=self.estate_id, inspection=self, rubric=one.rubric, item=one.item, points=one.points, deducted=got.deducted, score=got.score,
            na=one.na, na_words=one.na_words, by_id=by.person_id, at=min(done_at, at), received_at=at, client_id=client_id, version=earlier + 1, why=why,
        )  # fmt: skip
        for lack in one.lacks:
            row = Deduction.objects.create(
                estate_id=self.estate_id, item_score=made, check_key=lack.check, title=lack.title, amount=lack.amount, words=lack.words
            )
            sent = [shot for shot in shots if shot.item == lack.name]
            if sent:
                keep_photos(sent, deduction=row)
            elif carried and lack.check in carried:
                same_photos(carried[lack.check], row)
        return made

    def _lock(self) -> Any:
        """Wait for whoever scores or finishes it at this moment; the row as it is then."""
        row = type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        self.began_at = row.began_at
        return row

    def _lock_finished(self) -> None:
        if self._lock().finished_at is None:
            raise Refused(_("检查还没有结束，直接改分即可。"), code="not_finished")

    def _begin(self, at: datetime) -> None:
        if self.began_at is None:
            self.began_at = at
            type(self).objects.at_estate(self.estate_id).filter(pk=self.pk, began_at__isnull=True).update(began_at=at)
