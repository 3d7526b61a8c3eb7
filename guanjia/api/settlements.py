"""Yearly settlements of prepaid costs (FEE-28)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404
from pydantic import BaseModel, Field

from guanjia.billing.models import Fee, SettledShare, YearSettlement

from .door import Noun
from .fields import Id

noun = Noun(tags=["settlements"])
MOST = 200


class ShareTold(BaseModel):
    unit: str
    payer: str = Field(description="Empty: the developer.")
    area: Decimal
    vacant: bool = Field(description="Its owner bears it all the same.")
    cost: Decimal
    charged: Decimal
    rest: Decimal = Field(description="Still to pay; below zero: given back as prepayment.")


class SettlementTold(BaseModel):
    id: int
    fee: str
    year: int
    cost: Decimal


class SettlementWhole(SettlementTold):
    shares: list[ShareTold]


class Settling(BaseModel):
    fee: str = Field(max_length=40, description="Its number.", pattern=r"^[^\x00]*$")
    year: int = Field(ge=2000, le=2099, examples=[2025])
    cost: Decimal = Field(gt=0, max_digits=14, decimal_places=2)


def _settlement(row: YearSettlement) -> dict[str, Any]:
    return {"id": row.pk, "fee": row.fee.name, "year": row.year, "cost": row.cost}


@noun.get("/settlements", response=list[SettlementTold], summary="Settled years")
def list_settlements(request: Any) -> Any:
    """For staff who may read the ledger."""
    request.reach.must("ledger.read")
    rows = YearSettlement.objects.at_estate(request.estate).select_related("fee").order_by("-year", "-pk")
    return [SettlementTold(**_settlement(row)) for row in rows[:MOST]]


@noun.get("/settlements/{id}", response=SettlementWhole, summary="One settled year, home by home")
def get_settlement(request: Any, id: Id) -> Any:
    """Residents see their own homes only."""
    row = YearSettlement.objects.at_estate(request.estate).select_related("fee").filter(pk=id).first()
    shares = SettledShare.objects.visible_to(request.reach).filter(settlement_id=id).select_related("unit", "household")
    told = [
        ShareTold(
            unit=one.unit.code, payer=one.household.name if one.household else "",
            **{name: getattr(one, name) for name in ("area", "vacant", "cost", "charged", "rest")},
        )
        for one in shares.order_by("unit__code")
    ]  # fmt: skip
    if row is None or not (told or request.reach.may("ledger.read")):
        raise Http404
    return SettlementWhole(**_settlement(row), shares=told)


@noun.post("/settlements", response=SettlementTold, summary="Settle a fee's year")
def settle(request: Any, body: Settling) -> Any:
    """Charges what was prepaid too little, gives back as prepayment what was too much. A year is settled once."""
    request.reach.must("bill.post")
    fee = Fee.objects.at_estate(request.estate).select_related("estate").filter(number=body.fee).first()
    if fee is None:
        raise Http404
    return SettlementTold(**_settlement(fee.settle_year(body.year, body.cost, by=request.reach)))
