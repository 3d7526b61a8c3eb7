"""Who an audience is, for a batch of events of one estate. Everything is read once; then nothing but sets."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.households.models import Member
from guanjia.people.models import CompanyPost, Person, Post
from guanjia.people.roles import Role
from guanjia.tickets.models import Ticket, WorkOrder

from .book import RESIDENTS, notices_book
from .models import Device

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from guanjia.estates.models import Estate
    from guanjia.events.models import Event

ROLES = {
    "dispatcher": Role.DISPATCHER,
    "front_desk": Role.FRONT_DESK,
    "supervisor": Role.SUPERVISOR,
    "manager": Role.MANAGER,
}
ENGINEERING = ("engineering_manager", "engineering_head", "engineering_coordinator", Role.REPAIRER)


# Audiences that a higher noun knows: name → (estate, event) → ids. Registered when its app is ready.
AUDIENCES: dict[str, Callable[[Estate, Event], set[int]]] = {}


class Crowd:
    """`audience(name, event)` → ids of people. Only those in post today, and those who live here, are ever among them."""

    def __init__(self, estate: Estate, events: list[Event], now: datetime) -> None:
        self.estate = estate
        self._read_tickets(events)
        self._read_posts(now)
        self._read_homes({key for event in events if (key := event.particulars.get("household_id"))})
        self._read_others(events)
        self._read_people(events)

    def _read_tickets(self, events: list[Event]) -> None:
        ids = {event.subject_id for event in events if event.subject_type == Ticket.noun}
        columns = ("pk", "klass", "anonymous", "steward_id", "taken_by_id", "reporter_id", "household_id", "zone_id")
        rows = Ticket.objects.at_estate(self.estate).filter(pk__in=ids).values(*columns)
        self.tickets = {row["pk"]: row for row in rows}
        self.works: dict[int, list[Any]] = defaultdict(list)
        self.orders = {}
        for order in (
            WorkOrder.objects.at_estate(self.estate)
            .filter(ticket_id__in=ids)
            .only("ticket_id", "worker_id", "given_by_id", "stage")
        ):
            self.orders[order.pk] = order
            if order.is_open:
                self.works[order.ticket_id].append(order)

    def _read_posts(self, now: datetime) -> None:
        day = clock.today(self.estate, now)
        self.posts = list(Post.objects.at_estate(self.estate).held_on(day))
        self.company = set(
            CompanyPost.objects.filter(company_id=self.estate.company_id, during__contains=day).values_list(
                "person_id", flat=True
            )
        )
        self.holders: dict[str, set[int]] = defaultdict(set)
        for post in self.posts:
            self.holders[post.role].add(post.person_id)
        self.staff = {post.person_id for post in self.posts} | self.company

    def _read_homes(self, named: set[int]) -> None:
        households = {row["household_id"] for row in self.tickets.values()} | named
        reporters = {row["reporter_id"] for row in self.tickets.values()}
        rows = Member.objects.at_estate(self.estate).filter(left_on__isnull=True, login__isnull=False)
        self.homes: dict[int, set[int]] = defaultdict(set)
        for household_id, login_id in rows.filter(household_id__in=households - {None}).values_list(
            "household_id", "login_id"
        ):
            self.homes[household_id].add(login_id)
        self.residents = set(rows.filter(login_id__in=reporters - {None}).values_list("login_id", flat=True)).union(
            *self.homes.values()
        )

    def _read_others(self, events: list[Event]) -> None:
        """Audiences of higher nouns, only for the events that tell them."""
        asked: set[tuple[str, Event]] = {(name, event) for event in events for note in notices_book().entry(event.action).tell for name in note.to if name in AUDIENCES}
        self.others = {(name, event.pk): AUDIENCES[name](self.estate, event) for name, event in asked}
        self.residents = self.residents.union(*(found for (name, _event), found in self.others.items() if name in RESIDENTS))

    def _read_people(self, events: list[Event]) -> None:
        self.people = Person.objects.filter(is_active=True).in_bulk(self.staff | self.residents)
        self.devices = set(Device.objects.filter(person_id__in=self.people).values_list("person_id", flat=True))

    def audience(self, name: str, event: Event) -> set[int]:
        """Anonymous reports have neither reporter nor household (a constraint of the table): nobody is among them."""
        ticket = self.tickets.get(event.subject_id) if event.subject_type == Ticket.noun else None
        found = self.others.get((name, event.pk)) or self._found(name, event, ticket or {})
        found = found - {None, event.actor_id}
        face, kind = (
            (self.residents, Person.Kind.RESIDENT)
            if name in RESIDENTS
            else (self.staff, Person.Kind.STAFF)
        )
        return {pk for pk in found if pk in face and pk in self.people and self.people[pk].kind == kind}

    def _found(self, name: str, event: Event, ticket: dict[str, Any]) -> set[Any]:
        said = event.particulars
        if name in ROLES:
            return self.holders[ROLES[name]]
        match name:
            case "reporter":
                return {ticket.get("reporter_id")}
            case "household":
                return self.homes.get(ticket.get("household_id"), set()) if not ticket.get("anonymous") else set()  # type: ignore[arg-type]
            case "told_household":
                return self.homes.get(said.get("household_id"), set())
            case "engineering":
                return next((self.holders[role] for role in ENGINEERING if self.holders[role]), self.holders[Role.SUPERVISOR])
            case "steward":
                return self._answering(ticket)
            case "taker":
                return {ticket.get("taken_by_id")}
            case "worker":
                return {order.worker_id for order in self.works[event.subject_id]} if ticket else set()
            case "given_worker":
                return {said.get("worker_id")}
            case "given_workers":
                return set(said.get("worker_ids", []))
            case "given_steward":
                return {said.get("steward_id")}
            case "giver":
                order = self.orders.get(said.get("work"))
                return {order.given_by_id} if order else set()
            case "asked":
                return (
                    self.holders[Role.SUPERVISOR]
                    if said.get("route") == "supervisor"
                    else self._found("steward", event, ticket)
                )
            case "all_stewards":
                return self.holders[Role.STEWARD]
            case "company":
                return self.company
            case "told":
                return self._told(event, ticket)
        return set()

    def _answering(self, ticket: dict[str, Any]) -> set[Any]:
        """Who answers for a ticket; one that nobody answers for is the dispatchers', and the managers' without any."""
        if ticket.get("steward_id") in self.people:
            return {ticket["steward_id"]}
        return self.holders[Role.DISPATCHER] or self.holders[Role.MANAGER]

    def _told(self, event: Event, ticket: dict[str, Any]) -> set[Any]:
        """Rungs of a ladder. A post that nobody holds passes the word upwards: it is never lost."""
        steps = event.particulars.get("tell") or [
            word for word in str(event.particulars.get("told", "")).split("+") if word
        ]
        found: set[Any] = set()
        for step in steps:
            for name in LADDER[LADDER.index(step) :] if step in LADDER else ():
                if some := self._rung(name, event, ticket) & set(self.people):
                    found |= some
                    break
        return found

    def _rung(self, name: str, event: Event, ticket: dict[str, Any]) -> set[Any]:
        if name == "responsible":
            return self._found("worker", event, ticket) | self._found("steward", event, ticket)
        if name == "deputy":
            deputies = {
                post.person_id for post in self.posts if post.deputy and post.zone_id in (None, ticket.get("zone_id"))
            }
            return deputies
        return self._found(name, event, ticket)


LADDER = ["responsible", "deputy", "dispatcher", "supervisor", "manager", "company"]
