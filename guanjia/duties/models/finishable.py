"""Finishing a task: the record, checked by its form; what looks wrong is kept and shown to a reviewer (issue 3 point 4)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.rulebooks.form_book import form
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.verbs import verb

from ..answers import SIGNED, Unanswered, checked, drawn

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ..answers import Answers
    from ..whereabouts import Position
    from .record import Record

MOST_PHOTOS = 30  # of a record; 9 of an item


@dataclass(frozen=True)
class Shot:
    """A photo as it comes: of an item (or of the whole record), with the id its device gave it."""

    upload: Any
    item: str = ""
    client_id: uuid.UUID | None = None


class Finishable(models.Model):
    class Meta:
        abstract = True

    @verb
    def finish(
        self, *, by: Any, answers: Mapping[str, Any], photos: Iterable[Shot] = (), began_at: datetime | None = None,
        done_at: datetime | None = None, position: Position | None = None, mark: str = "", client_id: uuid.UUID | None = None,
        offline: bool = False, sent_at: datetime | None = None, beside: bool = False, at: datetime | None = None,
    ) -> Record:  # fmt: skip
        """Record that it was done; late is allowed and said. The same `client_id` again returns the first record.

        `answers` by item (`item-words` beside it, `recheck-7` for finding 7); `done_at`, `began_at`, `sent_at` are the
        device's word. Raises Unanswered with what is missing, item by item; Refused `already_done`, `already_waived` or
        `not_yours` when somebody was faster: with `beside` the record is then kept next to theirs, for the reviewer.
        """
        from .. import filing

        at = at or clock.now()
        self._lock()
        if known := self._known(client_id, by):
            return known
        beside = self._must_be_open(by, beside)
        shots = list(photos)
        if len(shots) > MOST_PHOTOS:
            raise Refused(_("一份记录最多 %(n)s 张照片。") % {"n": MOST_PHOTOS}, code="too_many_photos")
        found = self._check(answers, shots)
        task: Any = self
        record = filing.file(
            task, found, shots, by=by, at=at, began_at=began_at, done_at=done_at or at, position=position, mark=mark,
            client_id=client_id or uuid.uuid4(), offline=offline, sent_at=sent_at, beside=beside, raw=answers,
        )  # fmt: skip
        if not beside:
            self._close(record)
        Event.objects.record(
            Action.TASK_DONE,
            self,
            by=by,
            at=at,
            task=self.source_title,
            late=record.done_at > self.due_at,
            record=record.pk,
            told=False,
        )
        return record

    def members_of(self, name: str) -> dict[str, str]:
        """Whom an item of kind members asks to tick: key → what they are called."""
        item = form(self.duty.form).items[name]
        if item.members:
            return {key: _(title) for key, title in item.members.choices.items()}
        from guanjia.estates.models import Building

        rows = Building.objects.at_estate(self.estate_id)
        if self.building_id:
            rows = rows.filter(pk=self.building_id)
        elif self.zone_id:
            rows = rows.filter(zone_id=self.zone_id)
        return {str(row.pk): str(row) for row in rows}

    @property
    def source_title(self) -> str:
        """Its name in the house's language, as events keep it."""
        from guanjia.rulebooks.books import duties

        known = duties().get(self.key)
        return known[1].title if known else self.duty.source_title

    @property
    def whereabouts(self) -> str:
        """Where, in one phrase; nothing for what concerns the whole estate."""
        if self.subject_kind == "entrance":
            from guanjia.estates.models import Entrance

            if not hasattr(self, "entrance"):  # a list brings them along for all its tasks (agenda.py)
                rows = Entrance.objects.at_estate(self.estate_id).select_related("building")
                self.entrance: Any = rows.filter(pk=self.subject_id).first()
            return str(self.entrance or "")
        return str(self.unit or self.place or self.building or self.zone or "")

    def reopen(self) -> None:
        """Its record does not count: open again, late if its time is over. Called by `Suspicion.judge`."""
        task: Any = self
        task.done_at = task.done_by_id = None
        self.save(update_fields=["done_at", "done_by"])

    def _lock(self) -> None:
        columns = ("done_at", "done_by_id", "waived_at", "missed_at", "person_id", "opens_at", "due_at")
        row = type(self).objects.at_estate(self.estate_id).select_for_update().filter(pk=self.pk).values(*columns).get()
        for name, value in row.items():
            setattr(self, name, value)

    def _known(self, client_id: uuid.UUID | None, by: Any) -> Record | None:
        from .record import Record

        known = Record.objects.at_estate(self.estate_id).filter(client_id=client_id).first() if client_id else None
        if known and (known.task_id != self.pk or known.by_id != by.person_id):
            raise Refused(_("这份记录的编号已经用过。"), code="clash")
        return known

    def _must_be_open(self, by: Any, beside: bool) -> bool:
        """Whether the record will stand beside another's. Refused when it must, and was not asked to."""
        if not by.is_staff:
            raise NotAllowed("staff")
        refused = self._faster(by)
        if refused is None:
            return False
        if not beside or (refused.code == "not_yours" and not self._was_theirs(by)):
            raise refused
        return True

    def _faster(self, by: Any) -> Refused | None:
        from guanjia.people.models import Person

        if self.done_at:
            name = Person.objects.filter(pk=self.done_by_id).values_list("name", flat=True).first() or ""
            words = _("%(name)s已经完成了这项任务（%(at)s）。") % {
                "name": name,
                "at": f"{self.done_at.astimezone(ZoneInfo(self.estate.time_zone)):%m-%d %H:%M}",
            }
            return Refused(words, code="already_done")
        if self.waived_at:
            return Refused(_("这项任务已经不用做了。"), code="already_waived")
        if (
            self.person_id != by.person_id
            and not type(self).objects.at_estate(self.estate_id).visible_to(by).filter(pk=self.pk).exists()
        ):
            return Refused(_("这项任务已经转给别人。"), code="not_yours")
        return None

    def _was_theirs(self, by: Any) -> bool:
        """Handed over by them or away from them, by the task's own story."""
        told = Event.objects.about(self).filter(action="task.handed_over")
        return any(by.person_id in (event.actor_id, event.particulars.get("from_id")) for event in told)

    def _check(self, raw: Mapping[str, Any], shots: list[Shot]) -> Answers:
        from ..findings import unanswered

        entry = form(self.duty.form)
        members: dict[str, Collection[str]] = {
            name: self.members_of(name) for name, item in entry.items.items() if item.kind == "members"
        }
        found = checked(entry, raw, {shot.item for shot in shots}, members)
        if "photo" in self.duty.proof and not shots:
            found.errors.setdefault("photos", _("请至少拍一张照片。"))
        if "signature" in self.duty.proof and not any(item.kind == "signature" for item in entry.items.values()):
            self._sign(found, raw)
        task: Any = self
        found.errors |= unanswered(task, raw)
        if found.errors:
            raise Unanswered(found.errors)
        return found

    def _sign(self, found: Answers, raw: Mapping[str, Any]) -> None:
        """A signature that the duty asks for and its form has no item for."""
        try:
            drawn(raw.get("signature", ""))
            found.said["signature"] = {"value": SIGNED}
            found.signed.append("signature")
        except ValueError as wrong:
            found.errors["signature"] = str(wrong)

    def _close(self, record: Record) -> None:
        task: Any = self
        task.done_at, task.done_by_id = min(record.done_at, record.received_at), record.by_id
        self.save(update_fields=["done_at", "done_by"])
