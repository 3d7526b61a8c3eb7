"""Signing up: full is full, who withdraws makes room, the waiting list moves up by itself (COM-32)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.estates.models import Unit
from guanjia.events.actions import Action
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime

    from .signup import SignUp

MOST_HEADS = 20


class Joinable(models.Model):
    class Meta:
        abstract = True

    def _weight(self: Any, heads: int) -> int:
        return heads if self.entry.counts == "person" else 1

    @property
    def taken(self: Any) -> int:
        """Places taken, in households or persons."""
        rows = self.signups.filter(left_at__isnull=True, waiting=False)
        return int(rows.aggregate(n=Sum("heads"))["n"] or 0) if self.entry.counts == "person" else rows.count()

    @property
    def free(self: Any) -> int | None:
        """Places left; None where nothing bounds them."""
        return max(0, self.places - self.taken) if self.places else None

    def _is_for(self: Any, household: Any, by: Any) -> None:
        """A resident their own home, of the zone it is for; staff any home of the estate."""
        if by.is_staff:
            by.must("activity.manage")
            return
        if household.pk not in by.households or not self.entry.joins:
            raise NotAllowed("activity.join")
        if self.zone_id and not Unit.objects.at_estate(self.estate_id).filter(pk__in=by.units, zone_id=self.zone_id).exists():
            raise Refused(_("这次活动只请%(zone)s的住户。") % {"zone": self.zone.name}, code="other_zone")

    @verb
    def enter(self: Any, household: Any, heads: int = 1, *, by: Any, wait: bool = False, at: datetime | None = None) -> SignUp:
        """Sign a household up. Full: Refused `full`, or with `wait` a place on the waiting list. Twice is once."""
        at = at or clock.now()
        self._is_for(household, by)
        self._hold("open")  # the lock that two who want the last place queue for
        if not by.is_staff and at >= self.closes_at:
            raise Refused(_("报名已经截止。"), code="closed")
        if not 1 <= heads <= MOST_HEADS:
            raise Refused(_("人数在 1 和 %(n)s 之间。") % {"n": MOST_HEADS}, code="bad_heads")
        if known := self.signups.filter(household=household, left_at__isnull=True).first():
            return known
        fits = self._fits(heads)
        if not fits and self.places and self._weight(heads) > self.places:
            raise Refused(_("一共只有 %(n)s 个名额。") % {"n": self.places}, code="too_many")
        if not fits and not wait:
            raise Refused(self._full_words(), code="full")
        made: SignUp = self.signups.create(
            estate_id=self.estate_id, household=household, heads=heads, waiting=not fits, entered_at=at, entered_by_id=by.person_id,
        )  # fmt: skip
        action = Action.ACTIVITY_JOINED if fits else Action.ACTIVITY_WAITED
        self.tell(action, by=by, at=at, told=False, who=household.name)
        return made

    def _fits(self: Any, heads: int) -> bool:
        """Whether so many find a place, with nobody waiting before them."""
        free = self.free
        return free is None or (self._weight(heads) <= free and not self.signups.filter(left_at__isnull=True, waiting=True).exists())

    def _full_words(self: Any) -> str:
        if self.free:
            return _("只剩 %(n)s 个名额，可以减少人数或排队等候。") % {"n": self.free}
        return _("名额已满，可以排队等候，有人退出会自动补上并通知您。")

    @verb
    def leave(self: Any, household: Any, *, by: Any, at: datetime | None = None) -> int:
        """Withdraw before it begins; whoever waits moves up. Returns how many households moved up."""
        at = at or clock.now()
        self._is_for(household, by)
        self._hold("open")
        if not by.is_staff and at >= self.begins_at:
            raise Refused(_("活动已经开始。"), code="begun")
        if not self.signups.filter(household=household, left_at__isnull=True, came_at__isnull=True).update(left_at=at):
            raise Refused(_("没有报名。"), code="not_entered")
        self.tell(Action.ACTIVITY_LEFT, by=by, at=at, told=False, who=household.name)
        return self._move_up(by, at)

    @verb
    def change_places(self: Any, places: int, *, by: Any, at: datetime | None = None) -> int:
        """Other places within the rule, never fewer than are taken; whoever waits moves up."""
        by.must("activity.manage")
        at = at or clock.now()
        self._hold("open")
        least, most = self.place_bounds(at)
        if not self.entry.joins or not max(least, self.taken) <= places <= most:
            raise Refused(_("名额不能少于已报名的，也要在制度的范围内。"), code="bad_places")
        self._set(places=places)
        self.tell(Action.ACTIVITY_RESIZED, by=by, at=at, told=False, places=places)
        return self._move_up(by, at)

    def _move_up(self: Any, by: Any, at: datetime) -> int:
        """In the order they came; a party that does not fit yet keeps its turn, a smaller one behind it may pass."""
        free, moved = self.free, 0
        for row in self.signups.filter(left_at__isnull=True, waiting=True).order_by("entered_at", "pk"):
            weight = self._weight(row.heads)
            if at >= self.ends_at or (free is not None and weight > free):
                continue
            free = None if free is None else free - weight
            row.waiting, row.moved_at, moved = False, at, moved + 1
            row.save(update_fields=["waiting", "moved_at"])
            self.tell(Action.ACTIVITY_MOVED_UP, by=None, at=at, household_id=row.household_id, public=True)
        return moved
