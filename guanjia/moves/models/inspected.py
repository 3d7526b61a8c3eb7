"""验房: room by room, point by point; every defect becomes a ticket with its clock; the owner signs the list (MOV-01)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.keys.models import Autograph
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb
from guanjia.tickets.kinds import Channel, Kind
from guanjia.tickets.models import Ticket

from ..book import look_at, moves_book

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class Inspected(models.Model):
    class Meta:
        abstract = True

    @verb
    def look(
        self: Any, room: str, verdicts: Mapping[str, str], *, by: Any, words: Mapping[str, str] | None = None, photos: Mapping[str, Any] | None = None,
        at: datetime | None = None,
    ) -> list[Any]:  # fmt: skip
        """One room: point → ok, bad or na. What is bad wants words and opens a ticket; looked at again, the last word stands."""
        from .rows import HandoverLook

        at, words, photos = at or clock.now(), words or {}, photos or {}
        by.must_in(self.unit.zone_id, "move.take")
        self._hold("booked")
        entry = moves_book().rooms.get(room)
        if entry is None or self.accepted_at:
            raise Refused(_("没有这个房间，或验房单已经签字。"), code="no_such_room")
        if any(verdicts.get(point) not in HandoverLook.Verdict.values for point in entry.points):
            raise Refused(_("请逐项查看。"), code="points_missing")
        if any(verdicts[point] == "bad" and len(words.get(point, "").strip()) < 2 for point in entry.points):
            raise Refused(_("有缺陷的请写明情况。"), code="words_missing")
        made = []
        for point in entry.points:
            said: dict[str, Any] = {"verdict": verdicts[point], "words": words.get(point, "").strip()[:200], "by_id": by.person_id, "at": at}
            row, _new = HandoverLook.objects.update_or_create(estate_id=self.estate_id, handover=self, room=room, point=point, defaults=said)
            if row.verdict == "bad" and not row.ticket_id:
                row.ticket = self._report(row, photos.get(point), by, at)
                row.save(update_fields=["ticket"])
            made.append(row)
        return made

    def _report(self: Any, row: Any, photo: Any, by: Any, at: datetime) -> Ticket:
        """The defect as a ticket of this home, with its photo."""
        ticket = Ticket.objects.report(
            by=by, estate=self.estate, words=_("验房：%(where)s %(words)s") % {"where": row.title, "words": row.words}, channel=Channel.ON_SITE, kind=Kind.REPAIR,
            unit=self.unit, household_id=self.household_id, reporter_name=self.household.name, client_key=f"handover-{self.pk}-{row.room}-{row.point}", at=at,
        )  # fmt: skip
        if photo:
            ticket.photograph([photo], by=by, at=at)
        self.tell(Action.HANDOVER_DEFECT, by=by, at=at, words=f"{row.title} {row.words}"[:120], ticket=ticket.number)
        return ticket

    @verb
    def accept(self: Any, signature: str, *, by: Any, name: str = "", at: datetime | None = None) -> None:
        """The list is complete and signed by who takes the home over. Defects stand on it; they are mended as tickets."""
        at = at or clock.now()
        self._must_be_theirs(by)
        self._hold("booked")
        looked = {(row.room, row.point) for row in self.looks.all()}
        if missing := [pair for pair in look_at() if pair not in looked]:
            raise Refused(_("还有 %(n)s 项没有查看。") % {"n": len(missing)}, code="points_missing")
        if self.accepted_at:
            raise Refused(_("已经签过。"), code="already_signed")
        own = by.is_resident and not by.is_staff
        said = {"unit": self.unit.code, "list": [[row.room, row.point, row.verdict, row.words] for row in self.looks.order_by("pk")]}
        who = by.name if own else name.strip() or self.household.name
        Autograph.objects.keep(self, "acceptance", signature, name=who, person_id=by.person_id if own else None, at=at, document=said)
        self._set(accepted_at=at)
        self.tell(Action.HANDOVER_ACCEPTED, by=by, at=at, count=self.looks.filter(verdict="bad").count())
