"""What becomes of one paper: handed over with who received it and the proof, tried, posted to an address (COM-16..20)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _t

from guanjia import clock
from guanjia.duties.signing import picture_of
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.households.models import HouseholdDocument
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.pictures import cleaned
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime


class Handable(models.Model):
    class Meta:
        abstract = True

    @verb
    def deliver(
        self: Any, taker: str, *, by: Any, words: str = "", signature: str = "", photo: Any = None, enveloped: bool = False, briefed: bool = False, at: datetime | None = None
    ) -> None:  # fmt: skip
        """It is theirs: a letter needs who received it and a signature or photo; what is posted, the parcel's number.

        `enveloped`: in the company's envelope, clean (COM-16); `briefed`: the guards were told what it is (COM-17).
        The proof is kept on the household's file. Raises Refused for what lacks, and a second time.
        """
        by.must("chase.act")
        at, taker, words = at or clock.now(), taker.strip()[:40], words.strip()[:100]
        self._wait()
        posted = self.way in (self.Way.POST, self.Way.DOOR) and words
        if self.mailing_id and not posted and not taker:
            raise Refused(_t("请写明谁收的。"), code="taker_missing")
        if self.mailing_id and not posted and not (signature or photo):
            raise Refused(_t("请签名或拍照作为送达凭据。"), code="proof_missing")
        said = {"outcome": self.Outcome.HANDED, "by_id": by.person_id, "at": at, "taker": taker, "words": words, "enveloped": enveloped}
        if self.way == self.Way.GUARDS:
            said["briefed"] = briefed
        self._note(said | {"proof": self._prove(signature, photo, by, at)})
        type(self).objects.at_estate(self.estate_id).filter(pk=self.pk).end_calls(self.estate_id, "recorded", at)
        Event.objects.record(
            Action.PAPER_HANDED, self, by=by, at=at, told=bool(self.mailing_id), household_id=self.household_id, public=True,
            title=self.title, unit=self.unit.code, taker=taker or words,
        )  # fmt: skip

    @verb
    def attempt(self: Any, words: str = "", *, by: Any, at: datetime | None = None) -> None:
        """Nobody was there. The first time counts where the company counts from it (CF-52)."""
        by.must("chase.act")
        at = at or clock.now()
        self._wait()
        tried_on = self.tried_on or clock.today(self.estate, at)
        self._note({"outcome": self.Outcome.TRIED, "tried_on": tried_on, "by_id": by.person_id, "at": at, "words": words.strip()[:100]})
        Event.objects.record(Action.PAPER_TRIED, self, by=by, at=at, told=False, title=self.title, unit=self.unit.code)

    @verb
    def address_it(self: Any, address: str, *, by: Any) -> None:
        """Where the household wants its post: of every paper that still waits for it, and remembered for the next (COM-20)."""
        by.must("chase.act")
        if not address.strip():
            raise Refused(_t("请写邮寄地址。"), code="address_missing")
        rows = type(self).objects.at_estate(self.estate_id).filter(household_id=self.household_id)
        rows.filter(outcome__in=["", "tried"]).update(address=address.strip()[:120])
        self.address = address.strip()[:120]

    def _wait(self: Any) -> None:
        """Hold the row; Refused when it is with its household already, or was withdrawn meanwhile."""
        row = type(self).objects.at_estate(self.estate_id).select_for_update(of=("self",)).filter(pk=self.pk).first()
        if row is None:
            raise Refused(_t("这封函件已经撤回。"), code="withdrawn")
        if row.mailing:
            row.mailing.must_go()
        if row.outcome == self.Outcome.HANDED:
            raise Refused(_t("这份文件已经送达。"), code="already_handed")

    def _note(self: Any, said: dict[str, Any]) -> None:
        for name, value in said.items():
            setattr(self, name, value)
        self.save(update_fields=[name.removesuffix("_id") for name in said])

    def _prove(self: Any, signature: str, photo: Any, by: Any, at: datetime) -> HouseholdDocument | None:
        if not signature and not photo:
            return None
        if photo:
            picture = cleaned(photo)
            content, suffix = bytes(picture.file.read()), picture.suffix
        else:
            content, suffix = picture_of(signature), "png"
        title = _t("送达凭据 %(title)s") % {"title": self.title}
        return HouseholdDocument.objects.file_away(self.household, HouseholdDocument.Kind.LETTER, title, content, by=by, at=at, suffix=suffix)
