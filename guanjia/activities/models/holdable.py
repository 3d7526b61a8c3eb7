"""On the day and after it: who came, photos, summary, what they thought, the archive (COM-08, COM-32)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.rulebooks.parameters import parameter
from guanjia.surveys.models import Opinion
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.verbs import verb

from .plannable import MOST_MONEY

if TYPE_CHECKING:
    from datetime import datetime

    from .signup import SignUp

EARLY = timedelta(hours=1)  # how long before and after it the code at the door is read


class Holdable(models.Model):
    class Meta:
        abstract = True

    @verb
    def arrive(self: Any, household: Any, heads: int = 1, *, by: Any, code: bool = False, at: datetime | None = None) -> SignUp:
        """They are here: ticked by staff, or by the code at the door. Who had not signed up comes in if there is room."""
        at = at or clock.now()
        if by.is_staff:
            by.must("activity.manage")
        elif not code or household.pk not in by.households:
            raise NotAllowed("activity.join")
        self._hold("open")
        if not self.begins_at - EARLY <= at and not by.is_staff:
            raise Refused(_("还没有开始。"), code="too_early")
        if not by.is_staff and at > self.ends_at + EARLY:
            raise Refused(_("活动已经结束。"), code="over")
        row = self.signups.filter(household=household, left_at__isnull=True).first()
        if row is None or row.waiting:
            row = self._walk_in(row, household, heads, by, at)
        if row.came_at is None:
            row.came_at, row.how = at, "code" if code else "list"
            row.save(update_fields=["came_at", "how"])
        return row

    def _walk_in(self: Any, row: Any, household: Any, heads: int, by: Any, at: datetime) -> SignUp:
        """Somebody who is on no list, or was waiting: a place that is free today is theirs."""
        heads = row.heads if row else max(1, min(heads, 20))
        free = self.free
        if free is not None and self._weight(heads) > free:
            raise Refused(_("名额已满。"), code="full")
        if row:
            row.waiting, row.moved_at = False, at
            row.save(update_fields=["waiting", "moved_at"])
            made: SignUp = row
            return made
        made = self.signups.create(estate_id=self.estate_id, household=household, heads=heads, entered_at=at, entered_by_id=by.person_id)
        return made

    @property
    def came(self: Any) -> Any:
        return self.signups.filter(came_at__isnull=False, left_at__isnull=True)

    @verb
    def hold(
        self: Any, summary: str, *, by: Any, spent: Decimal = Decimal(0), over_why: str = "", photos: Any = (), at: datetime | None = None,
    ) -> None:  # fmt: skip
        """It took place. With it the duty's task is done; what is not followed up is kept at once."""
        from ..fulfilling import fulfil

        by.must("activity.manage")
        at = at or clock.now()
        self._hold("open")
        if at < self.begins_at:
            raise Refused(_("还没有开始。"), code="too_early")
        if len(summary.strip()) < 4:
            raise Refused(_("请写小结。"), code="summary_missing")
        if not Decimal(0) <= spent < MOST_MONEY:
            raise Refused(_("花费不对。"), code="bad_money")
        if spent > self.budget and not over_why.strip():
            raise Refused(_("花费超过预算，请写原因。"), code="over_budget")
        if self.questions.filter(answered_at__isnull=True).exists():
            raise Refused(_("还有问题没有答复。"), code="not_answered")
        done = not self.entry.follows
        self._set(
            state="archived" if done else "held", held_at=at, held_by_id=by.person_id, summary=summary.strip()[:2000], spent=spent,
            over_why=over_why.strip()[:300] if spent > self.budget else "", archived_at=at if done else None,
        )  # fmt: skip
        photos = list(photos)
        self._keep(photos, by, at)
        fulfil(self, photos, by=by, at=at)
        self.tell(Action.ACTIVITY_HELD, by=by, at=at, count=self.came.count())

    @property
    def heads_came(self: Any) -> int:
        return int(self.came.aggregate(n=Sum("heads"))["n"] or 0)

    @verb
    def keep_photos(self: Any, photos: Any, *, by: Any, at: datetime | None = None) -> int:
        """Pictures of the day, until it is archived. Returns how many are new."""
        by.must("activity.manage")
        self._hold("open", "held")
        return int(self._keep(photos, by, at or clock.now()))

    def _keep(self: Any, photos: Any, by: Any, at: datetime) -> int:
        """The same picture twice is kept once."""
        from .photo import MOST, ActivityPhoto

        photos = list(photos)
        if self.photos.count() + len(photos) > MOST:
            raise Refused(_("一次活动最多 %(n)s 张照片。") % {"n": MOST}, code="too_many_photos")
        return sum(ActivityPhoto.keep(self, photo, by=by, at=at) for photo in photos)

    @verb
    def follow(self: Any, household: Any, mood: int, words: str = "", *, by: Any, at: datetime | None = None) -> None:
        """How it was and what they wish for the next: by who came on the phone, or asked by staff. Once; words go to the opinion library."""
        at = at or clock.now()
        if by.is_staff:
            by.must("activity.manage")
        elif household.pk not in by.households:
            raise NotAllowed("activity.join")
        if not 1 <= mood <= 5:
            raise Refused(_("请打 1 到 5 分。"), code="mood")
        if at < self.begins_at or self.state not in ("open", "held", "archived"):
            raise Refused(_("还没有开始。"), code="too_early")
        rows = self.came.filter(household=household, mood__isnull=True)
        if not rows.update(mood=mood, words=words.strip()[:500], followed_at=at, followed_by_id=by.person_id):
            raise Refused(_("没有到场记录，或已经说过。"), code="followed")
        if words.strip():
            Opinion.objects.hear(Opinion.Source.ACTIVITY, f"activity {self.pk} {household.pk}", words.strip()[:500], household, by=by, at=at, topic="activity")
        self.tell(Action.ACTIVITY_FOLLOWED, by=by, at=at, told=False, who=household.name, mood=mood)

    def lacking(self: Any) -> list[str]:
        """What it still needs before it can be kept, in words."""
        came = self.came
        wanted = min(int(parameter(self.estate, "activity.follow_ups", clock.now())), came.count())
        followed = came.filter(mood__isnull=False).count()
        found = [] if self.photos.exists() else [_("现场照片")]
        return found + ([_("会后回访（%(n)s / %(wanted)s 户）") % {"n": followed, "wanted": wanted}] if followed < wanted else [])

    @verb
    def archive(self: Any, *, by: Any, at: datetime | None = None) -> None:
        """Plan, notice, list, photos, summary and follow-up are together."""
        by.must("activity.manage")
        at = at or clock.now()
        self._hold("held")
        if lacking := self.lacking():
            raise Refused(_("还缺：%(what)s。") % {"what": "、".join(lacking)}, code="incomplete")
        self._set(state="archived", archived_at=at)
        self.tell(Action.ACTIVITY_ARCHIVED, by=by, at=at, told=False)
