"""While it runs: log, notices to the residents, stand-down (EMG-02, EMG-08, EMG-11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.staged import Staged
from guanjia.tenancy.verbs import verb

from ..audience import homes
from ..book import emergency_book
from .fire import Fire
from .log import AreaNotice, LogEntry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class Commandable(Staged):
    class Meta:
        abstract = True

    @verb
    def log(self: Any, words: str, *, by: Any, photos: Iterable[Any] = (), at: datetime | None = None) -> None:
        """By any colleague, until it is archived; every picture a line of its own."""
        at = at or clock.now()
        if not by.is_staff:
            raise NotAllowed("emergency.log")
        self._hold("live", "down")
        first, *more = [*photos, None][:9] or [None]
        if not words.strip() and first is None:
            raise Refused(_("请写下情况或拍照。"), code="words_missing")
        LogEntry.objects.write(self, "note", words, by=by, at=at, photo=first)
        for photo in more:
            if photo is not None:
                LogEntry.objects.write(self, "note", "", by=by, at=at, photo=photo)
        self.tell(Action.EMERGENCY_LOGGED, by=by, at=at, told=False, words=words.strip()[:120])

    @verb
    def tell_area(self: Any, words: str, *, by: Any, zones: Iterable[int] = (), buildings: Iterable[int] = (), at: datetime | None = None) -> AreaNotice:
        """To the residents of zones and buildings, whatever the hour; nothing named means everybody. A drill says that it is one."""
        at = at or clock.now()
        by.must("emergency.command")
        self._hold("live", "down")
        said = words.strip()[:280]
        if len(said) < 4:
            raise Refused(_("请写告知住户的内容。"), code="words_missing")
        if self.drill:
            said = _("【演练】%(words)s") % {"words": said}
        row = AreaNotice(estate_id=self.estate_id, emergency=self, words=said, zones=sorted(set(zones)), buildings=sorted(set(buildings)), by_id=by.person_id, at=at)
        row.homes = homes(self.estate, row.zones, row.buildings).values("household_id").distinct().count()
        row.save(force_insert=True)
        LogEntry.objects.write(self, "notice", _("通知 %(n)s 户：%(words)s") % {"n": row.homes, "words": said}, by=by, at=at)
        self.tell(Action.EMERGENCY_NOTICED, by=by, at=at, words=said, zones=row.zones, buildings=row.buildings, public=True)
        return row

    @verb
    def stand_down(self: Any, words: str, *, by: Any, false_alarm: bool = False, at: datetime | None = None) -> None:
        """Over: open tasks fall away, the residents who were told hear so, and the aftermath has its days. A false alarm is archived with its reason."""
        at = at or clock.now()
        by.must("emergency.command")
        self._hold("live")
        if len(words.strip()) < 2:
            raise Refused(_("请写解除的情况。"), code="words_missing")
        self.orders.open().update(dropped_at=at)
        rules = emergency_book().aftermath
        self._set(
            stage="archived" if false_alarm else "down", down_at=at, down_by_id=by.person_id, down_words=words.strip()[:300], false_alarm=false_alarm,
            visits_due_at=at + rules.visit, report_due_at=at + rules.report, archived_at=at if false_alarm else None,
        )  # fmt: skip
        LogEntry.objects.write(self, "end", words, by=by, at=at)
        zones, buildings, everybody = self._told()
        said: dict[str, Any] = {"zones": [], "buildings": []} if everybody else {"zones": zones, "buildings": buildings}
        people = sorted({person for people in self.orders.values_list("people", flat=True) for person in people})
        self._register_fire(by, at)
        self.tell(Action.EMERGENCY_STOOD_DOWN, by=by, at=at, words=self.down_words, worker_ids=people, false_alarm=false_alarm)
        if everybody or zones or buildings:
            self.tell(Action.EMERGENCY_OVER, by=by, at=at, words=self.down_words, public=True, **said)

    def _register_fire(self: Any, by: Any, at: datetime) -> None:
        """A real fire stands in the register of fires from now on; cause and loss follow (QLT-60)."""
        if self.kind == "fire" and not self.drill and not self.false_alarm and not self.fires.filter(struck_at__isnull=True).exists():
            Fire.objects.register(
                f"{self.title} {self.words}".strip() if len(self.words.strip()) < 2 else self.words, self.started_at, by=by, building=self.building, unit=self.unit, where=self.place or (_("全小区") if not self.building_id else ""),
                reporter=self.started_by.name, emergency=self, at=at,
            )  # fmt: skip

    def _told(self: Any) -> tuple[list[int], list[int], bool]:
        """(zones, buildings, whether the whole estate was told) of all its notices."""
        rows = list(self.notices.values_list("zones", "buildings"))
        return (
            sorted({key for zones, _b in rows for key in zones}), sorted({key for _z, buildings in rows for key in buildings}),
            any(not zones and not buildings for zones, buildings in rows),
        )  # fmt: skip
