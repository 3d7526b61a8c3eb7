"""Every verb of a work order as a POST to its noun."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from guanjia.tickets.acts import WORK_ACTS, Act
from guanjia.tickets.kinds import Ground
from guanjia.tickets.models import HelpRequest, WorkOrder

from .bodies import Reason, colleague
from .door import Noun
from .fields import Body, Id, perhaps, said
from .posting import operation
from .works import JOINED, WorkActed, told, work_or_404

noun = Noun(tags=["work acts"])


class Arrived(Body):
    """`position` needs both degrees."""

    proof: Literal["word", "position", "qr"] = "word"
    mark: str = Field("", max_length=120, description="The label's text, with proof qr.")
    latitude: Decimal | None = Field(None, ge=-90, le=90, max_digits=9, decimal_places=6, examples=["30.572816"], description="degrees")
    longitude: Decimal | None = Field(None, ge=-180, le=180, max_digits=9, decimal_places=6, examples=["104.066801"], description="degrees")


class Used(Body):
    item: str = said(80, "角阀")
    quantity: Decimal = Field(gt=0, max_digits=10, decimal_places=2, examples=["1"])
    unit: str = perhaps(10, "个")
    price: Decimal | None = Field(None, ge=0, max_digits=14, decimal_places=2, examples=["35.00"], description="yuan apiece")


class Finished(Body):
    words: str = said(1000, "更换角阀，试水不漏")


class HelpAsked(Reason):
    route: HelpRequest.Route


class HandedOver(Reason):
    worker: Id

    def data(self, reach: Any, row: Any) -> dict[str, Any]:
        return {"why": self.why, "worker": colleague(reach, self.worker, "worker")}


class Helped(Body):
    helper: Id

    def data(self, reach: Any, row: Any) -> dict[str, Any]:
        return {"helper": colleague(reach, self.helper, "helper")}


class RefusedWork(Reason):
    """Only as illegal or dangerous (STF-02); anything else: do it, and object afterwards."""

    ground: Ground


class RefusalJudged(Reason):
    upheld: bool = Field(strict=True)


WORK_BODIES: dict[str, type[Body] | None] = {
    "taking": None, "arrival": Arrived, "finish": Finished, "resumption": None, "material": Used, "pause": Reason, "help": HelpAsked,
    "handover": HandedOver, "refusal": RefusedWork, "objection": Reason, "helper": Helped, "refusal-verdict": RefusalJudged,
    "withdrawal": Reason,
}  # fmt: skip


def _do(act: Act) -> Any:
    def do(request: Any, body: Body | None, id: int) -> WorkActed:
        reach = request.reach
        row = work_or_404(reach, id)
        if act.permission:
            reach.must(act.permission)
        made = act.do(row, reach, body.data(reach, row) if body else {})
        now = WorkOrder.objects.at_estate(row.estate_id).select_related(*JOINED).get(pk=row.pk)
        return WorkActed(act=act.noun, made=getattr(made, "pk", None), work=told(now))

    return do


for act in WORK_ACTS:
    operation(noun, f"/work/{{id}}/{act.noun}", WorkActed, f"work_{act.noun.replace('-', '_')}", act.noun.capitalize(), WORK_BODIES[act.noun], _do(act))
