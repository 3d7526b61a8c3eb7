"""What a household may do with its own reports; everything else is staff's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from guanjia.tickets.kinds import BEFORE_DONE, OPEN, Stage

from .fields import Body, Stars, perhaps, said


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


@dataclass(frozen=True)
class OwnAct:
    """An act of the reporting household. `staff` is the permission by which staff may do it on their word; empty: never."""

    noun: str
    summary: str
    body: type[Body] | None
    do: Callable[[Any, Any, dict[str, Any]], Any]
    permission: str
    stages: tuple[str, ...]
    staff: str = ""

    def allow(self, reach: Any) -> None:
        """Raise NotAllowed unless the reach may do this."""
        reach.must((self.staff or self.permission) if reach.is_staff else self.permission)


ENDED = (Stage.DONE, Stage.FED_BACK, Stage.ARCHIVED)
OWN_ACTS = [
    OwnAct("addition", "Add words", Words, lambda t, by, d: t.add(d["words"], by=by), "own.file", OPEN, "ticket.file"),
    OwnAct("urge", "Urge", None, lambda t, by, d: t.urge(by=by), "own.file", OPEN, "ticket.file"),
    OwnAct("rating", "Rate", Stared, lambda t, by, d: t.rate(by=by, **d), "own.rate", ENDED),
    OwnAct("reopening", "Reopen", Reason, lambda t, by, d: t.reopen(d["why"], by=by), "own.file", (*ENDED, Stage.CANCELLED), "ticket.classify"),
    OwnAct("cancellation", "Cancel", Reason, lambda t, by, d: t.cancel(d["why"], by=by), "own.file", BEFORE_DONE, "ticket.cancel"),
]  # fmt: skip


def may_still(ticket: Any) -> list[str]:
    """What a resident can do with a ticket as it stands."""
    return [act.noun for act in OWN_ACTS if ticket.stage in act.stages] + ["photos"] * ticket.is_open
