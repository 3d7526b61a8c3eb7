"""Odd input at every address, as every kind of person: an answer, never a traceback (issue 2 proof, design §9)."""

from __future__ import annotations

import os
import random

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from guanjia.tickets.acts import TICKET_ACTS, WORK_ACTS
from guanjia.tickets.models import Ticket
from guanjia.tickets.resident_acts import RESIDENT_ACTS

ODD = ["", "99999999999999999999999", "-1", "1e400", "NaN", "½", "²", "2026-13-45", "0001-01-01", "9999-12-31", "𠮷🀄" * 30, "x" * 70_000, "<b>", "%", "'"]
FIELDS = ["words", "why", "klass", "category", "kind", "worker", "priority", "wishes", "instructions", "helper", "steward", "outcome", "speed", "result", "attitude", "target", "to", "ruling", "department", "accused", "amount", "signer", "signature", "title", "incident", "proof", "mark", "latitude", "longitude", "item", "quantity", "unit", "price", "ground", "upheld", "route", "place", "spot", "where", "wished_on", "slot", "anonymous", "client_key", "reason", "notice-words", "closure-words", "preferences", "hints", "username", "password", "phone", "code", "next", "name", "household", "channel", "reporter_name", "reporter_phone", "hint", "places", "q", "before", "after", "page", "sort", "state", "show", "stage", "zone", "from", "until", "since", "order", "building", "unit", "person", "role", "url", "secret", "token", "language", "theme", "type", "email", "step", "kinds", "by"]
GOOD = {
    "klass": "urgent", "category": "leak", "kind": "complaint", "priority": "high", "outcome": "not_reached", "ruling": "valid", "upheld": "yes",
    "route": "neighbour", "ground": "dangerous", "proof": "position", "speed": "5", "result": "5", "attitude": "5", "reason": "other", "channel": "on_site",
    "amount": "1.00", "quantity": "1", "spot": "public", "way": "staff", "state": "closed", "show": "all",
}  # fmt: skip
NOUNS = sorted({act.noun for act in [*TICKET_ACTS, *WORK_ACTS, *RESIDENT_ACTS]})
PEOPLE = {"mei": 0.25, "zhou": 0.2, "jing": 0.2, "qian": 0.4}  # how much of all addresses each tries: CI the same ones every time


def patterns(resolver=None, prefix=""):
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLPattern):
            yield prefix + str(each.pattern)
        else:
            yield from patterns(each, prefix + str(each.pattern))


@pytest.fixture
def addresses(cast):
    ticket = Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="漏水", unit=cast.home, household_id=cast.meis.pk)
    ticket.classify(by=cast.as_("ming"), klass="routine", category="leak")
    order = ticket.dispatch(by=cast.as_("ming"), worker=cast.zhou, wishes="无", priority="high")
    incident = ticket.open_incident("停水", by=cast.as_("jing"))
    household, found = cast.meis.pk, []
    for pattern in patterns():
        if pattern.startswith(("api/", "static", "^", "healthz")) or "out" in pattern or "session" in pattern:
            continue
        base = pattern.replace("<slug:estate_code>", "sunny")
        for number, pk, text in ((ticket.number, order.pk, "x"), ("a%00b", 99999999999999999999999, "%00"), ("𠮷" * 50, household, "½"), (ticket.number, incident.pk, "0" * 300)):
            for noun in NOUNS if "<slug:noun>" in base and number == ticket.number else ["progress"]:
                path = base.replace("<slug:noun>", noun).replace("<str:number>", number).replace("<int:pk>", str(pk))
                for kind in ("str", "slug", "int", "path", "uuid"):
                    while f"<{kind}:" in path:
                        head, _, tail = path.partition(f"<{kind}:")
                        path = head + (str(pk) if kind == "int" else text) + tail.partition(">")[2]
                found.append("/" + path)
    return sorted(set(found))


@pytest.mark.parametrize("who", PEOPLE)
def test_nothing_breaks(cast, addresses, who):
    client = Client(raise_request_exception=False, HTTP_HOST="localhost")
    client.force_login(getattr(cast, who))
    dice, broken, reached = random.Random(who if os.environ.get("CI") else None), {}, 0
    for path in dice.sample(addresses, int(len(addresses) * PEOPLE[who])):
        for method in ("get", "post"):
            odds = [odd for odd in ODD if len(odd) < 1000 or method == "post"]
            said = {name: GOOD.get(name, "好") if dice.random() < 0.6 else dice.choice(odds) for name in FIELDS}
            answer = getattr(client, method)(path, said)
            if answer.status_code >= 500:
                broken[method, path[:80]] = repr(answer.exc_info and answer.exc_info[1])[:200]
            reached += answer.status_code != 404
    assert reached > 20 and not broken, broken


@pytest.mark.parametrize("goal", ["好", "httpx", "people:nowhere", "//elsewhere.example/", "\\\\elsewhere"])
def test_a_goal_that_is_no_address_leads_to_the_start(cast, goal):
    client = Client(HTTP_HOST="localhost")
    client.force_login(cast.mei)
    assert client.get("/sign-in/", {"next": goal}).headers["Location"] == "/"
