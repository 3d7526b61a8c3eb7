"""The outside API: one router a noun, tokens at the door, problems told in one way."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from . import (
    activities,
    assembly,
    awards,
    balances,
    bank,
    bills,
    bulletins,
    campaigns,
    care,
    chases,
    contracts,
    debits,
    decorations,
    drafts,
    drawers,
    duties,
    emergencies,
    estates,
    fires,
    gate,
    hazards,
    households,
    houses,
    incidents,
    keys,
    latecharges,
    leases,
    leaves,
    ledger,
    letters,
    liaison,
    mailings,
    members,
    moves,
    nearby,
    payments,
    places,
    planning,
    quality,
    readings,
    rectifications,
    refunds,
    runs,
    scores,
    services,
    settlements,
    sorting,
    staffing,
    surveys,
    tariffs,
    tasks,
    teams,
    ticket_acts,
    tickets,
    training,
    work_acts,
    works,
)
from .books import noun as books
from .description import described
from .door import BEARER
from .problems import answer_problems

DESCRIPTION = """Estates, households (masked), tickets, work orders and incidents of Guanjia (管家), with every verb as a POST to its noun.

`Authorization: Bearer gj_…`; instants are UTC; see docs/api.md for paging, idempotency and problems."""


class Plain(JSONRenderer):
    """Chinese as it is, not as escapes: a third of the size."""

    json_dumps_params = {"ensure_ascii": False}


class HouseAPI(NinjaAPI):
    def get_openapi_schema(self, **_where: Any) -> Any:
        return self._document

    @cached_property
    def _document(self) -> Any:
        return described(super().get_openapi_schema())

    def get_openapi_operation_id(self, operation: Any) -> str:
        return str(operation.view_func.__name__)


api = HouseAPI(
    title="Guanjia", version="1", description=DESCRIPTION, urls_namespace="api", auth=BEARER, renderer=Plain(), docs_url=None, openapi_url="/openapi.json"
)
answer_problems(api)
api.add_router("/estates", estates.router)
api.add_router("/estates/{estate}", books)
PARTS = (
    estates,
    bills,
    runs,
    settlements,
    readings,
    payments,
    drawers,
    bank,
    balances,
    debits,
    refunds,
    chases,
    latecharges,
    letters,
    mailings,
    tariffs,
    planning,
    drafts,
    ledger,
    places,
    households,
    members,
    care,
    staffing,
    scores,
    surveys,
    training,
    leaves,
    teams,
    awards,
    quality,
    rectifications,
    tickets,
    ticket_acts,
    works,
    work_acts,
    tasks,
    duties,
    incidents,
    bulletins,
    activities,
    campaigns,
    contracts,
    assembly,
    sorting,
    keys,
    decorations,
    services,
    moves,
    gate,
    emergencies,
    fires,
    hazards,
    leases,
    houses,
    liaison,
    nearby,
)
for part in PARTS:
    api.add_router("/estates/{estate}", part.noun)
