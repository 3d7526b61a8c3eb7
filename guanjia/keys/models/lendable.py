"""Lending a key: to whom, for what, until when, signed by both sides (KEY-02..05, KEY-10)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.people.reach import reach_of
from guanjia.rulebooks.parameters import parameter
from guanjia.staffing.turns import turn_of
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

from ..book import keys_book

if TYPE_CHECKING:
    from datetime import datetime

    from .loan import Loan

LONGEST = timedelta(days=30)


class Lendable(models.Model):
    class Meta:
        abstract = True

    @verb
    def lend(
        self: Any, purpose: str, *, by: Any, person: Any = None, name: str = "", due_at: datetime | None = None, proof_seen: bool = False,
        overtime: str = "", signature: str = "", at: datetime | None = None,
    ) -> Loan:  # fmt: skip
        """Give it out, to a colleague (`person`) or to somebody named. Without a drawn signature the borrower confirms by login.

        Of a post's key: only to who holds the post, in uniform or with proof seen, in their own shift or with the overtime
        written (KEY-04, KEY-05). What two persons keep leaves only when the second has signed too (KEY-02).
        """
        from .loan import Loan

        at = at or clock.now()
        self._lock()
        self._must_be_issuer(by, at)
        due = due_at or at + timedelta(hours=int(parameter(self.estate, "keys.loan_hours", at)))
        self._must_be_in(purpose, due, at)
        name = person.name if person else name.strip()[:60]
        if not name or (person is None and not signature):
            raise Refused(_("借给外部人员要写姓名并当面签名。"), code="who_missing")
        if person is not None and person.pk == by.person_id and not signature:
            raise Refused(_("自己领用的钥匙请当面签名。"), code="signature_missing")
        shift = self._must_be_entitled(person, proof_seen, overtime.strip(), at)
        custody = self._must_be_entrusted(by)
        way = self._way(at)
        loan = Loan(
            estate_id=self.estate_id, key=self, kind=self.kind, person_id=person.pk if person else None, name=name, purpose=purpose.strip()[:200],
            out_at=at, due_at=due, given_by_id=by.person_id, proof_seen=proof_seen, role=self.role, shift=shift, overtime=overtime.strip()[:200],
            custody=custody, two=self.kind in way.two,
        )  # fmt: skip
        return loan._begin(signature, by=by, at=at)

    def _lock(self: Any) -> None:
        row = type(self).objects.at_estate(self.estate_id).select_for_update().get(pk=self.pk)
        if row.retired_at:
            raise Refused(_("这把钥匙已经注销。"), code="retired")

    def open_loan(self: Any) -> Any:
        return self.loans.filter(returned_at__isnull=True).first()

    def _way(self: Any, at: datetime) -> Any:
        return keys_book().custody[parameter(self.estate, "keys.custody", at)]

    def _must_be_issuer(self: Any, by: Any, at: datetime) -> None:
        by.must("key.keep")
        wanted = self._way(at).issuers.get(self.kind)
        if wanted and not by.roles & set(wanted):
            raise Refused(_("按规定这类钥匙由专人发放。"), code="not_issuer")

    def _must_be_in(self: Any, purpose: str, due: datetime, at: datetime) -> None:
        if self.losses.filter(closed_at__isnull=True).exists():
            raise Refused(_("这把钥匙已经报失。"), code="lost")
        if self.open_loan():
            raise Refused(_("这把钥匙已经借出。"), code="is_out")
        if len(purpose.strip()) < 2:
            raise Refused(_("请写用途。"), code="purpose_missing")
        if not at < due <= at + LONGEST:
            raise Refused(_("归还时间要在现在之后、30 天之内。"), code="bad_due")

    def _must_be_entitled(self: Any, person: Any, proof_seen: bool, overtime: str, at: datetime) -> str:
        """The shift it is taken in; nothing for what belongs to no post."""
        if self.kind != "work" and not self.role:
            return ""
        reach = reach_of(person, self.estate, at) if person else None
        if reach is None or self.role not in reach.roles:
            raise Refused(_("只能领取本岗位的钥匙。"), code="not_own_post")
        if self.kind == "work" and not proof_seen:
            raise Refused(_("请核对工装和工作证件。"), code="proof_missing")
        turn = turn_of(self.estate, person.pk, at)
        if turn is None and not overtime:
            raise Refused(_("现在不是本人的班次；加班请写明安排。"), code="not_on_shift")
        return turn.shift if turn else ""

    def _must_be_entrusted(self: Any, by: Any) -> Any:
        """The signed agreement under which an owner's key is kept; only its two keepers give it out (KEY-02, KEY-03)."""
        if self.kind != "entrusted":
            return None
        custody = self.custodies.filter(ended_at__isnull=True, signed_at__isnull=False).first()
        if custody is None:
            raise Refused(_("业主还没有签托管协议。"), code="no_agreement")
        if by.person_id not in (custody.first_id, custody.second_id):
            raise Refused(_("托管钥匙由两名保管人发放。"), code="not_keeper")
        return custody
