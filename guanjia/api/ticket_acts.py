"""Every verb of a ticket as a POST to its noun: the table of guanjia.tickets.acts and the acts of its household."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from guanjia.tickets.acts import TICKET_ACTS, Act
from guanjia.tickets.models import Ticket
from guanjia.tickets.resident_acts import RESIDENT_ACTS

from .bodies import TICKET_BODIES
from .door import Noun
from .fields import Body, Id
from .posting import operation
from .residents import OWN_BODIES, allow
from .ticket_shapes import JOINED, Acted, told
from .tickets import ticket_or_404

noun = Noun(tags=["ticket acts"])


def _of_staff(act: Act) -> Any:
    def do(request: Any, body: Body | None, number: str) -> Acted:
        ticket, reach = ticket_or_404(request.reach, number), request.reach
        reach.must(act.permission)
        made = act.do(ticket, reach, body.data(reach, ticket) if body else {})
        return _acted(act.noun, ticket, made)

    return do


def _of_household(act: Act) -> Any:
    def do(request: Any, body: Body | None, number: str) -> Acted:
        ticket, reach = ticket_or_404(request.reach, number), request.reach
        allow(act.noun, reach)
        return _acted(act.noun, ticket, act.do(ticket, reach, body.data(reach, ticket) if body else {}))

    return do


def _acted(noun: str, ticket: Ticket, made: Any) -> Acted:
    """The ticket as it now stands: read anew, and though the act may have taken it out of one's reach."""
    now = Ticket.objects.at_estate(ticket.estate_id).select_related(*JOINED).get(pk=ticket.pk)
    return Acted(act=noun, made=getattr(made, "pk", None), ticket=told(now))


def _register(act: Act, body: type[Body] | None, do: Any) -> None:
    operation(noun, f"/tickets/{{number}}/{act.noun}", Acted, f"ticket_{act.noun.replace('-', '_')}", act.noun.capitalize(), body, do)


for act in TICKET_ACTS:
    if act.noun in TICKET_BODIES:
        _register(act, TICKET_BODIES[act.noun], _of_staff(act))
for act in RESIDENT_ACTS:
    _register(act, OWN_BODIES[act.noun], _of_household(act))


@noun.post("/tickets/{number}/clocks/{id}/acknowledgement", response=Acted, summary="Acknowledge a clock")
def ticket_acknowledgement(request: Any, number: str, id: Id) -> Any:
    """Somebody has heard it: the ladder stops, the clock goes on. Harmless when said twice."""
    ticket = ticket_or_404(request.reach, number)
    request.reach.must("clock.acknowledge")
    get_object_or_404(ticket.running_clocks, pk=id).acknowledge(by=request.reach)
    return _acted("acknowledgement", ticket, None)
