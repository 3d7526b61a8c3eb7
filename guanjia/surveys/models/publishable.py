"""Publishing: the questions become a version, whom it is for is counted and drawn, those drawn are told."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

from ..frame import frame
from ..sampling import drawn

if TYPE_CHECKING:
    from datetime import datetime

    from .poll import PollVersion


class Publishable(models.Model):
    class Meta:
        abstract = True

    @verb
    def publish(self, *, by: Any, seed: int | None = None, task: Any = None, at: datetime | None = None) -> int:
        """Fix the questions, draw whom it is for, tell them. Returns how many are asked. `task` is the duty it serves."""
        poll: Any = self
        by.must("poll.run")
        at = at or clock.now()
        poll._must_be_draft()
        poll.refresh_from_db()  # as it stands now that nobody else can change it
        if poll.ends_on < clock.today(poll.estate, at):
            raise Refused(_("截止日期已经过去。"), code="past")
        if not poll.questions:
            raise Refused(_("还没有题目。"), code="questions")
        strata = frame(poll, at)
        poll.population = sum(map(len, strata.values()))
        if not poll.population:
            raise Refused(_("没有符合条件的人。"), code="nobody")
        poll.seed = (seed if seed is not None else secrets.randbelow(2**31)) if poll.sampled else None
        poll.version, poll.published_at, poll.published_by_id, poll.task = self._version(by, at), at, by.person_id, task
        asked = self._invite(strata)
        poll.save(update_fields=["population", "seed", "version", "published_at", "published_by", "task"])
        Event.objects.record(Action.POLL_PUBLISHED, poll, by=by, at=at, title=poll.title, until=poll.ends_on.isoformat(), count=asked, public=True)
        return asked

    def _version(self, by: Any, at: datetime) -> PollVersion:
        """The newest of its series if the questions are the same, else the next."""
        from .poll import PollVersion

        poll: Any = self
        last = PollVersion.objects.at_estate(poll.estate_id).filter(series=poll.series).order_by("-number").first()
        if last and last.questions == poll.questions:
            return last
        return PollVersion.objects.create(
            estate_id=poll.estate_id, series=poll.series, number=last.number + 1 if last else 1, questions=poll.questions, by_id=by.person_id, at=at
        )

    def _invite(self, strata: dict[int | None, list[int]]) -> int:
        from .invitation import Invitation

        poll: Any = self
        wanted = poll.size if poll.sampled else poll.population
        zones = {key: zone for zone, some in strata.items() for key in some}
        column = "household_id" if poll.audience == "household" else "person_id"
        order = drawn(strata, wanted, poll.seed or 0, by_stratum=poll.draw == "stratified")
        rows = [
            Invitation(estate_id=poll.estate_id, poll=poll, zone_id=zones[key], rank=rank, drawn=is_drawn, **{column: key})
            for rank, (key, is_drawn) in enumerate(order)
        ]
        Invitation.objects.bulk_create(rows, batch_size=2000)
        return sum(is_drawn for _key, is_drawn in order)
