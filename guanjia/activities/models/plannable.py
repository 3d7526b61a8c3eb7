"""The plan: written, sent in, read by another, open; or called off (COM-32)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.scope import estate_scope
from guanjia.tenancy.verbs import refusing_clashes, verb

from ..book import activities_book

if TYPE_CHECKING:
    from datetime import datetime

    from .activity import Activity

MOST_MONEY = Decimal(10_000_000)
LONGEST = timedelta(days=31)
MOST_PLACES = 5000


class Planning:
    def plan(self: Any, kind: str, *, by: Any, task: Any = None, at: datetime | None = None, **said: Any) -> Activity:
        """A draft. `task` is the duty's task that holding it will do; `said` as `revise`."""
        by.must("activity.manage")
        at = at or clock.now()
        if kind not in activities_book().kinds:
            raise Refused(_("没有这种活动。"), code="unknown_kind")
        if task is not None and task.key not in activities_book().kinds[kind].duties:
            raise Refused(_("这种活动不能完成这项任务。"), code="wrong_task")
        with refusing_clashes(), estate_scope(by.estate):
            row: Activity = self.model(estate=by.estate, kind=kind, task=task, written_at=at)
            row._fill(by=by, at=at, **said)
            row._sign(by)
            if task is not None and self.at_estate(by.estate).filter(task=task).exclude(state="called_off").exists():
                raise Refused(_("这项任务已经安排了活动。"), code="task_taken")
            row.save(force_insert=True)
            row.tell(Action.ACTIVITY_PLANNED, by=by, at=at, told=False)
        return row


class Plannable(models.Model):
    class Meta:
        abstract = True

    def _fill(
        self: Any, *, by: Any, at: datetime, title: str, words: str, place: str, begins_at: datetime, ends_at: datetime, closes_at: datetime | None = None,
        places: int = 0, budget: Decimal = Decimal(0), zone: Any = None, theme: str = "",
    ) -> None:  # fmt: skip
        entry = self.entry
        if not title.strip() or not words.strip() or not place.strip():
            raise Refused(_("请写标题、方案和地点。"), code="incomplete")
        if not at < begins_at < ends_at or ends_at - begins_at > LONGEST:
            raise Refused(_("时间要在以后，结束晚于开始。"), code="bad_time")
        closes_at = closes_at or begins_at
        if closes_at > begins_at:
            raise Refused(_("报名要在开始以前截止。"), code="bad_time")
        if entry.themed and theme not in activities_book().themes:
            raise Refused(_("请选主题。"), code="theme_missing")
        if not Decimal(0) <= budget < MOST_MONEY:
            raise Refused(_("预算不对。"), code="bad_money")
        if zone is not None and by.sees == "zone" and zone.pk not in by.zones:
            raise NotAllowed("activity.manage")
        least, most = self.place_bounds(at)
        if entry.joins and not least <= places <= most:
            raise Refused(_("名额在 %(least)s 和 %(most)s 之间。") % {"least": least, "most": most}, code="bad_places")
        self.title, self.words, self.place = title.strip()[:60], words.strip()[:2000], place.strip()[:80]
        self.begins_at, self.ends_at, self.closes_at = begins_at, ends_at, closes_at
        self.places, self.budget, self.zone, self.theme = places if entry.joins else 0, budget, zone, theme if entry.themed else ""

    def place_bounds(self: Any, at: datetime) -> tuple[int, int]:
        """Fewest and most places that its kind has (COM-08)."""
        least, most = self.entry.bounds(self.estate, at)
        return max(1, least), most or MOST_PLACES

    @property
    def is_checked(self: Any) -> bool:
        """Whether another must read it first: its kind is, or it costs money."""
        return bool(self.entry.checked or self.budget > 0)

    @verb
    def revise(self: Any, *, by: Any, at: datetime | None = None, **said: Any) -> None:
        """While it is not handed in."""
        by.must("activity.manage")
        self._hold("draft", "returned")
        self._fill(by=by, at=at or clock.now(), **said)
        self._sign(by)
        self.save()

    def _sign(self: Any, by: Any) -> None:
        self.writer_id = by.person_id
        if by.person_id not in self.authors:
            self.authors = [*self.authors, by.person_id]

    def may_be_judged_by(self: Any, by: Any) -> bool:
        """Waiting for a second pair of eyes, and these are: they wrote none of its versions."""
        return self.state == "asked" and by.may("activity.judge") and by.person_id not in self.authors

    @verb
    def send_in(self: Any, *, by: Any, at: datetime | None = None) -> None:
        """To whoever judges it; what needs no judge is open at once."""
        by.must("activity.manage")
        at = at or clock.now()
        self._hold("draft", "returned")
        self._in_time(at)
        if not self.is_checked:
            self._open(by, at)
            return
        self._set(state="asked", why="")
        self.tell(Action.ACTIVITY_ASKED, by=by, at=at, budget=f"{self.budget:.2f}")

    @verb
    def judge_it(self: Any, approved: bool, why: str = "", *, by: Any, at: datetime | None = None) -> None:
        """By somebody else than who wrote it (the database agrees). Returned with a reason."""
        by.must("activity.judge")
        at = at or clock.now()
        self._hold("asked")
        if by.person_id in self.authors:
            raise Refused(_("自己的方案要由别人审批。"), code="same_person")
        if not approved:
            if not why.strip():
                raise Refused(_("请写退回原因。"), code="why_missing")
            self._set(state="returned", why=why.strip()[:300])
            self.tell(Action.ACTIVITY_RETURNED, by=by, at=at, why=self.why, worker_id=self.writer_id)
            return
        self._in_time(at)
        self._set(judge_id=by.person_id, judged_at=at)
        self.tell(Action.ACTIVITY_APPROVED, by=by, at=at, worker_id=self.writer_id)
        self._open(by, at)

    @verb
    def call_off(self: Any, why: str, *, by: Any, at: datetime | None = None) -> None:
        """With a reason that everybody who had joined is told."""
        by.must("activity.manage")
        at = at or clock.now()
        self._hold("draft", "asked", "returned", "open")
        if not why.strip():
            raise Refused(_("请写取消原因。"), code="why_missing")
        self._set(state="called_off", why=why.strip()[:300])
        self.tell(Action.ACTIVITY_CALLED_OFF, by=by, at=at, why=self.why, public=True)

    def _in_time(self: Any, at: datetime) -> None:
        if at >= self.begins_at:
            raise Refused(_("开始时间已经过了，请改时间。"), code="bad_time")

    def _open(self: Any, by: Any, at: datetime) -> None:
        self._set(state="open", opened_at=at)
        self.tell(Action.ACTIVITY_OPENED, by=by, at=at, day=clock.today(self.estate, self.begins_at).isoformat(), place=self.place, public=True)
