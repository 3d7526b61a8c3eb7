"""After the work: the call, the follow-up, the rating, the verdict, the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guanjia.people.models import Person
from guanjia.people.roles import Role
from guanjia.tickets.categories import categories
from guanjia.tickets.kinds import Stage

from . import words
from .pictures import signature

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.tickets.models import Ticket


class Aftercare:
    """What `Life` does once somebody said it is done; it brings chance, people and the future."""

    dice: Any
    history: Any
    later: Any
    any_of: Any
    steward_of: Any
    dispatch: Any
    answer: Any
    happy = 0.9  # of those who rate
    outcomes: list[int] = [90, 6, 4]  # of calls: satisfied, not reached, unsatisfied; of a hundred

    def after(self, ticket: Ticket, at: datetime) -> None:
        self.later(at, 6, self.confirm, ticket, late=0.1)
        if ticket.reporter_id and self.dice.random() < 0.7:
            self.later(at, 14, self.rate, ticket)
        else:
            self.later(at, 18, self.follow_up, ticket)
        if ticket.is_complaint:
            self.later(at, 90, self.judge, ticket)

    def follow_up(self, ticket: Ticket, at: datetime) -> None:
        ticket.follow_up(by=self.steward_of(ticket))

    def rate(self, ticket: Ticket, at: datetime) -> None:
        happy = self.dice.random() < self.happy
        stars = [self.dice.choices([5, 4, 3], [70, 25, 5])[0] if happy else self.dice.randint(1, 3) for _ in range(3)]
        said = self.dice.choice(words.PRAISE if happy else words.GRUMBLE)
        by = self.history.reach(Person.objects.get(pk=ticket.reporter_id or 0))
        ticket.rate(by=by, speed=stars[0], result=stars[1], attitude=stars[2], words=said)

    def confirm(self, ticket: Ticket, at: datetime) -> None:
        outcome = self.dice.choices(["satisfied", "not_reached", "unsatisfied"], self.outcomes)[0]
        said = self.dice.choice(words.CONFIRM if outcome == "satisfied" else words.REOPEN) if outcome != "not_reached" else ""
        ticket.confirm(outcome, by=self.steward_of(ticket), words=said)
        if outcome == "satisfied":
            self.later(at, 200, self.archive, ticket)
        elif outcome == "not_reached":
            self.later(at, 60, self.confirm, ticket)
        elif ticket.stage == Stage.CLASSIFIED:
            self.later(at, 15, self.dispatch if categories()[ticket.category].trade != Role.STEWARD else self.answer, ticket)

    def judge(self, ticket: Ticket, at: datetime) -> None:
        by = self.history.reach(self.any_of(Role.SUPERVISOR))
        if ticket.lacks == "verdict":
            ticket.judge(self.dice.choice(["valid", "valid", "invalid"]), "已核实通话与派单记录", by=by, department="客服部")
        ticket.correct("当班复核未结单，超时前主动告知业主", by=self.steward_of(ticket))

    def archive(self, ticket: Ticket, at: datetime) -> None:
        if ticket.lacks in ("verdict", "measure"):
            self.later(at, 30, self.judge, ticket)
            self.later(at, 240, self.archive, ticket)
            return
        if ticket.lacks == "signature":
            if self.dice.random() < 0.2:
                self.later(at, 1440, self.archive, ticket)  # still waits for the customer's signature
                return
            ticket.sign(signature(self.dice), ticket.reporter_name, by=self.steward_of(ticket))
        ticket.archive(by=self.steward_of(ticket))
