"""What is sent with each act on a ticket. `data` turns ids and numbers into the rows that its verb wants."""

from __future__ import annotations

import base64
import binascii
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from pydantic import Field

from guanjia import clock
from guanjia.people.models import Person, Post
from guanjia.people.roles import Role
from guanjia.tickets.categories import categories
from guanjia.tickets.kinds import Kind, Klass, Priority
from guanjia.tickets.kinds import Verdict as Ruling
from guanjia.tickets.models import Confirmation, Incident, Ticket

from .fields import NO_NUL, Body, Id, Stars, perhaps, said
from .problems import Unfit

SIGNATURE_BYTES = 500_000


def colleague(reach: Any, pk: int, at: str, *roles: str) -> Person:
    """Somebody with a post at the estate today (one of `roles`, if any are named). Raises Unfit."""
    posts = Post.objects.at_estate(reach.estate).filter(person_id=pk).held_on(clock.today(reach.estate))
    row = (posts.filter(role__in=roles) if roles else posts).select_related("person").first()
    if row is None or not row.person.is_active:
        raise Unfit(f"body/{at}", _("这个人今天在本小区没有相应的岗位。"))
    return row.person


class Words(Body):
    words: str = said(1000, "楼下也漏了")


class Reason(Body):
    why: str = said(300, "自己修好了")


class Stared(Body):
    """1 (worst) to 5 (best) for each."""

    speed: Stars
    result: Stars
    attitude: Stars
    words: str = perhaps(500, "师傅很细心")


class Classified(Body):
    """Again with other words needs `why`."""

    klass: Klass
    category: str = Field(json_schema_extra={"enum": list(categories())}, max_length=30, pattern=NO_NUL, examples=["leak"])
    kind: Kind | None = None
    priority: Priority | None = None
    why: str = perhaps(300, "现场看是漏水")


class Dispatched(Body):
    """`wishes`: “无” is an answer, empty is not (REQ-08)."""

    worker: Id = Field(description="Id of a person with a post here.")
    priority: Priority
    wishes: str = said(300, "孩子上网课，请轻声")
    instructions: str = perhaps(500, "带角阀")

    def data(self, reach: Any, row: Any) -> dict[str, Any]:
        return {**self.model_dump(), "worker": colleague(reach, self.worker, "worker")}


class Confirmed(Body):
    outcome: Confirmation.Outcome
    words: str = perhaps(300, "已不漏")


class Judged(Body):
    ruling: Ruling
    why: str = said(300, "保洁当日未到岗")
    department: str = perhaps(40, "保洁部")
    accused: Id | None = None

    def data(self, reach: Any, row: Any) -> dict[str, Any]:
        return {**self.model_dump(), "accused": colleague(reach, self.accused, "accused") if self.accused else None}


class Corrected(Body):
    words: str = said(500, "改为每日两次")


class Signed(Body):
    """`signature` is a PNG as a data address, 500 kB at most."""

    signer: str = said(60, "梅女士")
    signature: str = said(700_000, "data:image/png;base64,iVBORw0KGgo…")

    def data(self, reach: Any, row: Any) -> dict[str, Any]:
        head, _comma, body = self.signature.partition(",")
        try:
            content = base64.b64decode(body, validate=True)
        except (binascii.Error, ValueError):
            content = b""
        if head != "data:image/png;base64" or not 0 < len(content) <= SIGNATURE_BYTES:
            raise Unfit("body/signature", _("请在框内签字。"))
        return {"signer": self.signer, "signature": ContentFile(content, "signature.png")}


class Compensated(Body):
    amount: Decimal = Field(gt=0, max_digits=14, decimal_places=2, examples=["50.00"], description="yuan")
    why: str = said(300, "维修延误，减免一月服务费")


class Merged(Body):
    target: str = said(20, "260310-0413", description="Number of the ticket that goes on.")

    def data(self, reach: Any, row: Any) -> dict[str, Any]:
        target = Ticket.objects.visible_to(reach).filter(number=self.target).first()
        if target is None:
            raise Unfit("body/target", _("没有找到这张报事单。"))
        return {"target": target}


class AreaWide(Body):
    title: str = said(80, "3 栋 1 单元停水")


class Joined(Body):
    incident: Id

    def data(self, reach: Any, row: Any) -> dict[str, Any]:
        incident = Incident.objects.at_estate(reach.estate).filter(pk=self.incident).first()
        if incident is None:
            raise Unfit("body/incident", _("没有找到这个区域事件。"))
        return {"incident": incident}


class PassedOn(Body):
    to: str = said(80, "市政道路养护")
    words: str = perhaps(300, "路灯在红线外")


class HandedTo(Reason):
    steward: Id

    def data(self, reach: Any, row: Any) -> dict[str, Any]:
        return {"why": self.why, "steward": colleague(reach, self.steward, "steward", Role.STEWARD, Role.ASSISTANT_STEWARD)}


TICKET_BODIES: dict[str, type[Body] | None] = {
    "classification": Classified, "dispatch": Dispatched, "group-reply": Words, "group-feedback": Words, "plan": Words, "progress": Words,
    "completion": Words, "confirmation": Confirmed, "follow-up": None, "archive": None, "verdict": Judged, "measure": Corrected,
    "compensation": Compensated, "hold": Reason, "resumption": None, "note": Words, "merger": Merged,
    "incident": AreaWide, "joining": Joined, "passing": PassedOn, "steward": HandedTo,
}  # fmt: skip
