"""The works: begun when paid, neighbours told, breaches stopped at once, finished (MOV-06, MOV-08, MOV-13, MOV-14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.estates.models import Unit, UnitState
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.people.responsibility import responsible_for
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

from ..charging import owed
from ..neighbours import households_around

if TYPE_CHECKING:
    from datetime import datetime


class Workable(models.Model):
    class Meta:
        abstract = True

    @verb
    def begin(self: Any, *, by: Any, at: datetime | None = None) -> None:
        """Works may begin: approved, paid, with a worker's pass. From now on the home is inspected every day (MOV-06)."""
        at = at or clock.now()
        by.must("decoration.take")
        self._hold("approved")
        if (left := owed(self)) > 0:
            raise Refused(_("押金和费用还欠 %(amount)s 元。") % {"amount": f"{left:.2f}"}, code="not_paid")
        if not self.workers.filter(revoked_at__isnull=True).exists():
            raise Refused(_("还没有办施工人员出入证。"), code="no_workers")
        unit = Unit.objects.at_estate(self.estate_id).select_for_update().get(pk=self.unit_id)
        self._set(stage="working", begun_at=at, was=unit.state)
        Unit.objects.at_estate(self.estate_id).filter(pk=unit.pk).update(state=UnitState.RENOVATING)
        self.tell(Action.DECORATION_BEGUN, by=by, at=at)
        self._tell_neighbours(
            kept(_("%(where)s 将装修，工期 %(first)s 至 %(last)s，负责人 %(foreman)s")
                 % {"where": self.unit.code, "first": f"{self.begins_on:%F}", "last": f"{self.ends_on:%F}", "foreman": self.foreman}),
            by=by, at=at,
        )  # fmt: skip

    @verb
    def tell_progress(self: Any, words: str, *, by: Any, at: datetime | None = None) -> Any:
        """How far the works are, told to whom the company chose: the household, the neighbours, both (MOV-13, CF-56)."""
        from .site import Progress

        at = at or clock.now()
        by.must("decoration.take")
        self._hold("working", "stopped", "finished")
        if len(words.strip()) < 4:
            raise Refused(_("请写施工进度。"), code="words_missing")
        way = parameter(self.estate, "renovation.told", at)
        told = self._tell_neighbours(words.strip(), by=by, at=at) if way != "household" else 0
        if way != "neighbours":
            self.tell(Action.DECORATION_PROGRESSED, by=by, at=at, words=words.strip()[:200])
        return Progress.objects.create(
            estate_id=self.estate_id, permit=self, words=words.strip()[:300], neighbours=told, household=way != "neighbours", by_id=by.person_id, at=at
        )

    def _tell_neighbours(self: Any, words: str, *, by: Any, at: datetime) -> int:
        """Above, below, beside, the same floor: a message to each household; how many."""
        found = households_around(self.unit, clock.today(self.estate, at))
        for household in found:
            Event.objects.record(Action.NEIGHBOUR_TOLD, self, by=by, at=at, household_id=household, public=True, where=self.unit.code, words=words[:200])
        return len(found)

    @verb
    def stop(self: Any, kind: str, words: str, *, by: Any, photo: Any = None, at: datetime | None = None) -> Any:
        """A breach: work stops at once, the household hears why (MOV-08)."""
        from .site import Violation

        at = at or clock.now()
        by.must("decoration.inspect")
        self._hold("working", "stopped", "finished")
        if kind not in Violation.Kind.values or len(words.strip()) < 2:
            raise Refused(_("请写明违规类别和情况。"), code="incomplete")
        made = Violation(estate_id=self.estate_id, permit=self, kind=kind, words=words.strip()[:500], by_id=by.person_id, at=at)
        made.keep(photo)
        if self.stage != "stopped":
            self._set(stage="stopped", finished_at=None)
        self.tell(Action.DECORATION_STOPPED, by=by, at=at, words=made.words[:120])
        return made

    @verb
    def finish(self: Any, *, by: Any, at: datetime | None = None) -> None:
        """The works are done; acceptance is asked for. Not while a breach is open."""
        at = at or clock.now()
        self._must_be_theirs(by)
        self._hold("working")
        self._set(stage="finished", finished_at=at)
        steward = responsible_for(self.estate, self.unit.zone_id, at=at)
        self.tell(Action.DECORATION_FINISHED, by=by, at=at, steward_id=steward.pk if steward else None)
