"""What happens to a training: people are asked, sign in, it is held, made up for, evaluated."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

from .attendee import Attendee

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .session import Session

AROUND = 60 * 60  # seconds before the beginning and after the end in which one can sign in


class Holdable(models.Model):
    class Meta:
        abstract = True

    def locked(self) -> None:
        """Its row, so that whoever else acts on it waits; what it says is read again."""
        type(self).objects.select_for_update().get(estate=self.estate_id, pk=self.pk)
        self.refresh_from_db()

    @verb
    def ask(self, people: Iterable[int], *, by: Any, at: datetime) -> None:
        """Put people on the list and tell them; who stands there already is not told again."""
        row: Any = self
        known = set(row.attendees.values_list("person_id", flat=True))
        new = [pk for pk in dict.fromkeys(people) if pk not in known]
        Attendee.objects.bulk_create([Attendee(estate_id=row.estate_id, session=row, person_id=pk, expected=True) for pk in new])
        local = row.starts_at.astimezone(ZoneInfo(row.estate.time_zone))
        Event.objects.record(
            Action.TRAINING_PLANNED, row, by=by, at=at, worker_ids=new, title=row.title, day=f"{local:%Y-%m-%d %H:%M}", place=row.place
        )

    @verb
    def sign_in(self, code: str, *, by: Any, signature: bytes = b"", at: datetime | None = None) -> Attendee:
        """One's own: by the code that is shown at the session, while it runs. A second time changes nothing."""
        row: Any = self
        at = at or clock.now()
        if not by.is_staff:
            raise Refused(_("只有员工可以签到。"), code="not_staff")
        if code.strip().upper() != row.code:
            raise Refused(_("签到码不对。"), code="wrong_code")
        if (row.starts_at - at).total_seconds() > AROUND:
            raise Refused(_("还没到签到时间。"), code="too_early")
        if (at - row.ends_at).total_seconds() > AROUND:
            raise Refused(_("这场培训已经结束。"), code="over")
        return self._present(by.person_id, Attendee.Way.CODE, by, at, signature)

    @verb
    def tick_off(self, people: Iterable[int], *, by: Any, at: datetime | None = None) -> int:
        """By the trainer from the list, also those who came without being asked; how many were new."""
        row: Any = self
        row.must_run(by)
        at = at or clock.now()
        before = row.attendees.filter(signed_at__isnull=False).count()
        for pk in dict.fromkeys(people):
            self._present(pk, Attendee.Way.LIST, by, at)
        return int(row.attendees.filter(signed_at__isnull=False).count() - before)

    def _present(self, person: int, way: str, by: Any, at: datetime, signature: bytes = b"") -> Attendee:
        row: Any = self
        self.locked()
        if row.held_at or row.called_off_at:
            raise Refused(_("这场培训已经结束。"), code="over")
        seat, _new = Attendee.objects.get_or_create(estate=row.estate, session=row, person_id=person, defaults={"expected": False})
        if seat.signed_at is None:
            seat.come(way, by, at, signature)
        return seat

    @verb
    def hold(self, summary: str, *, by: Any, score: Decimal | None = None, photos: Any = (), at: datetime | None = None) -> None:
        """It took place: the written record; those who did not sign are absent; the duty's task is done with it."""
        from ..fulfilling import fulfil

        row: Any = self
        row.must_run(by)
        at = at or clock.now()
        self.locked()
        if row.held_at or row.called_off_at:
            raise Refused(_("这场培训已经结束。"), code="over")
        present = row.attendees.filter(signed_at__isnull=False).count()
        if not summary.strip():
            raise Refused(_("请写下培训记录。"), code="summary_missing")
        if not present:
            raise Refused(_("还没有人签到。"), code="nobody")
        if at < row.starts_at:
            raise Refused(_("培训还没有开始。"), code="too_early")
        row.held_at, row.held_by_id, row.summary = at, by.person_id, summary.strip()[:2000]
        row.save(update_fields=["held_at", "held_by", "summary"])
        Event.objects.record(Action.TRAINING_HELD, row, by=by, at=at, told=False, title=row.title, present=present, absent=row.absent().count())
        fulfil(row, present, score, photos, by=by, at=at)

    def absent(self) -> Any:
        """Who was asked and did not come."""
        row: Any = self
        return row.attendees.filter(expected=True, signed_at__isnull=True)

    @verb
    def make_up(self, starts_at: datetime, ends_at: datetime, *, by: Any, place: str = "", at: datetime | None = None) -> Session:
        """Another day for those who were absent and are on no other make-up of it."""
        from .session import LETTERS

        row: Any = self
        row.must_run(by)
        at = at or clock.now()
        self.locked()
        if not row.held_at:
            raise Refused(_("先结束这场培训，再安排补训。"), code="not_held")
        if ends_at <= starts_at:
            raise Refused(_("结束时间要在开始之后。"), code="ends_first")
        asked = Attendee.objects.at_estate(row.estate_id).filter(session__makes_up=row, session__called_off_at__isnull=True)
        people = list(row.absent().exclude(person__in=asked.values("person_id")).values_list("person_id", flat=True))
        if not people:
            raise Refused(_("没有需要补训的人。"), code="nobody")
        made: Session = type(self).objects.create(
            estate=row.estate, title=row.title, course=row.course, groups=row.groups, starts_at=starts_at, ends_at=ends_at, place=place.strip()[:80] or row.place,
            trainer_id=row.trainer_id, words=row.words, makes_up=row, code=get_random_string(6, LETTERS), by_id=by.person_id, at=at,
        )  # fmt: skip
        made.ask(people, by=by, at=at)
        return made

    @verb
    def evaluate(self, effect: int, words: str, *, by: Any, at: datetime | None = None) -> None:
        """Afterwards: whether what was taught is practised, 1 to 5, and by what one sees it (QLT-31)."""
        row: Any = self
        row.must_run(by)
        at = at or clock.now()
        if not 1 <= effect <= 5 or not words.strip():
            raise Refused(_("请打分并写明依据。"), code="incomplete")
        rows = type(self).objects.filter(estate=row.estate_id, pk=row.pk, held_at__isnull=False, evaluated_at__isnull=True)
        if not rows.update(evaluated_at=at, evaluated_by=by.person_id, effect=effect, effect_words=words.strip()[:500]):
            raise Refused(_("还没有结束，或已经评估过。"), code="not_now")
        self.refresh_from_db()
        Event.objects.record(Action.TRAINING_EVALUATED, row, by=by, at=at, told=False, title=row.title, effect=effect)

    @verb
    def call_off(self, why: str, *, by: Any, at: datetime | None = None) -> None:
        row: Any = self
        by.must("training.manage")
        at = at or clock.now()
        if not why.strip():
            raise Refused(_("请写明原因。"), code="why_missing")
        rows = type(self).objects.filter(estate=row.estate_id, pk=row.pk, held_at__isnull=True, called_off_at__isnull=True)
        if not rows.update(called_off_at=at, why=why.strip()[:300]):
            raise Refused(_("这场培训已经结束。"), code="over")
        self.refresh_from_db()
        people = list(row.attendees.values_list("person_id", flat=True))
        Event.objects.record(Action.TRAINING_CALLED_OFF, row, by=by, at=at, worker_ids=people, title=row.title, why=row.why)
