"""What a household may do with its own reports, by the table of guanjia.tickets.resident_acts; all else is staff's."""

from __future__ import annotations

from typing import Any

from guanjia.tenancy.errors import NotAllowed
from guanjia.tickets.acts import offered
from guanjia.tickets.resident_acts import RESIDENT_ACTS

from .bodies import Reason, Signed, Stared, Words
from .fields import Body

OWN_BODIES: dict[str, type[Body] | None] = {
    "addition": Words, "urge": None, "rating": Stared, "reopening": Reason, "cancellation": Reason, "signature": Signed,
}  # fmt: skip
# By which permission staff may do the same on the household's word; a rating nobody gives for another.
ON_THEIR_WORD = {
    "addition": "ticket.file", "urge": "ticket.file", "reopening": "ticket.classify", "cancellation": "ticket.cancel", "signature": "ticket.confirm",
}  # fmt: skip


def allow(noun: str, reach: Any) -> None:
    """Raise NotAllowed unless the reach may do this to a ticket it sees."""
    if not reach.is_staff:
        reach.must("own.rate" if noun == "rating" else "own.file")
    elif noun not in ON_THEIR_WORD:
        raise NotAllowed("own.rate")
    else:
        reach.must(ON_THEIR_WORD[noun])


def may_still(ticket: Any, reach: Any) -> list[str]:
    """What a resident can do with a ticket as it stands."""
    return [act.noun for act in offered(RESIDENT_ACTS, ticket, reach)] + ["photos"] * ticket.is_open
