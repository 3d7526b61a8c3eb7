"""Voting: one ballot for a unit, on the phone or on paper with its photo; final; refused after the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.households.models import Member
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.pictures import cleaned
from guanjia.tenancy.verbs import verb

from ..counting import counted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .ballot import Ballot


class Votable(models.Model):
    class Meta:
        abstract = True

    def own_units(self: Any, by: Any) -> Any:
        """The roll's lines of a resident who is an owner of their household: family and tenants do not vote."""
        owns = Member.objects.at_estate(self.estate_id).filter(login_id=by.person_id, left_on__isnull=True, kind=Member.Kind.OWNER).values("household_id")
        return self.roll.filter(household_id__in=owns).select_related("unit").order_by("unit__code")

    @verb
    def vote(self: Any, unit: Any, said: Mapping[int, str], *, by: Any, photo: Any = None, at: datetime | None = None) -> Ballot:
        """Topic → yes, no, abstain; every topic. An owner for their own unit; staff from a signed paper, with its photo."""
        from .ballot import Ballot, Choice

        at = at or clock.now()
        if by.is_staff:
            by.must("assembly.assist")
        elif not self.own_units(by).filter(unit=unit).exists():
            raise NotAllowed("assembly.vote")
        self._hold("open")
        if at < self.begins_at:
            raise Refused(_("投票还没有开始。"), code="too_early")
        if at >= self.ends_at:
            raise Refused(_("投票已经结束，不能再投。"), code="over")
        if not self.roll.filter(unit=unit).exists():
            raise Refused(_("这套房不在表决名册上。"), code="not_on_roll")
        if self.ballots.filter(unit=unit).exists():
            raise Refused(_("这套房已经投过票，投出不能更改。"), code="voted")
        topics = {topic.pk for topic in self.topics.all()}
        if set(said) != topics or not set(said.values()) <= set(Choice.Said.values):
            raise Refused(_("请对每个议题表态。"), code="incomplete")
        made = Ballot(estate_id=self.estate_id, assembly=self, unit=unit, way="paper" if by.is_staff else "phone", by_id=by.person_id, at=at)
        if by.is_staff:
            if photo is None:
                raise Refused(_("请拍下签了名的纸质选票。"), code="photo_missing")
            picture = cleaned(photo)
            made.photo.save(f"{self.estate_id}-{self.pk}-{unit.pk}-{picture.digest[:16]}.{picture.suffix}", ContentFile(picture.file.read()), save=False)
        made.save(force_insert=True)
        Choice.objects.bulk_create([Choice(estate_id=self.estate_id, ballot=made, topic_id=topic, said=words) for topic, words in said.items()])
        self.tell(Action.ASSEMBLY_VOTED, by=by, at=at, told=False, unit=unit.code)  # never what was said
        return made

    @verb
    def count(self: Any, *, by: Any, at: datetime | None = None) -> dict[str, Any]:
        """After the end, once; the figures are kept as they were counted."""
        by.must("assembly.run")
        at = at or clock.now()
        self._hold("open")
        if at < self.ends_at:
            raise Refused(_("投票还没有结束，不能计票。"), code="too_early")
        result = counted(self)
        self._set(state="counted", counted_at=at, result=result)
        self.tell(Action.ASSEMBLY_COUNTED, by=by, at=at, told=False, units=result["units"])
        return result
