"""会议纪要: drafted from the count, signed by two, published as a bulletin that somebody else checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.bulletins.models import Bulletin
from guanjia.events.actions import Action
from guanjia.keys.models import Autograph
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

from ..words import minutes_of

if TYPE_CHECKING:
    from datetime import datetime

PARTS = ("recorder", "witness")


class Minutable(models.Model):
    class Meta:
        abstract = True

    @verb
    def minute(self: Any, words: str, *, by: Any, at: datetime | None = None) -> None:
        """The words; empty, the draft that the count makes. Not once somebody has signed."""
        by.must("assembly.run")
        self._hold("counted")
        if Autograph.objects.under(self):
            raise Refused(_("已经有人签名，不能再改。"), code="signed")
        self._set(minutes=(words.strip() or minutes_of(self))[:4000], minuted_by_id=by.person_id, minuted_at=at or clock.now())
        self.tell(Action.ASSEMBLY_MINUTED, by=by, at=self.minuted_at, told=False)

    @verb
    def sign(self: Any, part: str, name: str, drawn: str, *, by: Any, at: datetime | None = None) -> None:
        """The recorder's own login; the witness (of the owners) signs on the same screen. Two names, two signatures."""
        by.must("assembly.run")
        at = at or clock.now()
        self._hold("counted")
        if not self.minutes:
            raise Refused(_("请先写纪要。"), code="no_minutes")
        name = by.name if part == "recorder" else name.strip()
        known = Autograph.objects.under(self)
        if part not in PARTS or part in known or not name:
            raise Refused(_("请写签名人的姓名；每人签一次。"), code="bad_part")
        if name in {row.name for row in known.values()}:
            raise Refused(_("记录人和见证人不能是同一个人。"), code="same_person")
        said = [self.title, self.result, self.minutes]
        Autograph.objects.keep(self, part, drawn, name=name, person_id=by.person_id if part == "recorder" else None, at=at, document=said)
        if len(known) + 1 == len(PARTS):
            self._set(state="signed")
            self.tell(Action.ASSEMBLY_SIGNED, by=by, at=at)

    @verb
    def publish(self: Any, *, by: Any, at: datetime | None = None) -> Bulletin:
        """As a bulletin, which goes out once somebody else has read it. Once."""
        by.must("assembly.run")
        at = at or clock.now()
        self._hold("signed")
        if self.bulletin_id:
            raise Refused(_("纪要已经发布。"), code="published")
        made: Bulletin = Bulletin.objects.write("notice", _("业主大会纪要：%(title)s") % {"title": self.title}, self.minutes, by=by, client_key=f"assembly {self.pk}", at=at)
        made.send_in(by=by, at=at)
        self._set(bulletin=made)
        self.tell(Action.ASSEMBLY_PUBLISHED, by=by, at=at, told=False)
        return made
