"""Callers of the outside API: `api("ming").post("/tickets", words=…)`."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from guanjia.people.tokens import issue
from guanjia.tickets.models import Ticket

ROOT = "/api/v1"


class Caller:
    """One person's token at one estate. Paths are below the estate; a leading // means below /api/v1."""

    def __init__(self, person, estate="sunny"):
        self.headers = {"Authorization": f"Bearer {issue(person)}"} if person else {}
        self.estate = estate
        self.client = Client(raise_request_exception=False)

    def address(self, path):
        return ROOT + path[1:] if path.startswith("//") else f"{ROOT}/estates/{self.estate}{path}"

    def get(self, path, headers=None, **query):
        return self.client.get(self.address(path), query, headers={**self.headers, **(headers or {})})

    def post(self, path, key=None, headers=None, **body):
        more = {"Idempotency-Key": key} if key else {}
        return self.client.post(
            self.address(path), json.dumps(body) if body else "", content_type="application/json", headers={**self.headers, **more, **(headers or {})}
        )

    def form(self, path, key=None, **fields):
        more = {"Idempotency-Key": key} if key else {}
        return self.client.post(self.address(path), fields, headers={**self.headers, **more})


@pytest.fixture
def api(cast):
    """`api("ming")` calls as 李明; `api(None)` as nobody; `api("ming", "lake")` at the other estate."""
    callers = {}

    def caller(name, estate="sunny"):
        if (name, estate) not in callers:
            callers[name, estate] = Caller(getattr(cast, name) if name else None, estate)
        return callers[name, estate]

    return caller


@pytest.fixture
def ticket(cast):
    """A leak at 梅女士's, reported by her."""
    return Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="厨房水管漏水", unit=cast.home, household_id=cast.meis.pk)


@pytest.fixture
def classified(cast, ticket):
    ticket.classify(by=cast.as_("ming"), klass="urgent", category="leak")
    return ticket


@pytest.fixture
def work(cast, classified):
    """The leak, given to 周工."""
    return classified.dispatch(by=cast.as_("ming"), worker=cast.zhou, priority="high", wishes="无")
