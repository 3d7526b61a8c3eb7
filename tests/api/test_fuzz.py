"""Schemathesis against the whole application, in this process: nothing breaks, everything answers as documented.

The pytest plugin stays off (it costs seconds at every start): operations are walked with schemathesis' own Python API.
"""

from __future__ import annotations

import logging

import pytest
from django.core.files.base import ContentFile
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from .test_acts import picture
from .test_door import is_problem

schemathesis = pytest.importorskip("schemathesis")
EXAMPLES = 3  # of each operation, for each of the three who ask
WHO = ("ming", "mei", "qian")


@pytest.fixture
def one_connection():
    """A request's end lets go of its connection; here everything happens in the test's own transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def names(cast, work, ticket, settings, tmp_path):
    """What paths can be filled with so that something is found."""
    from guanjia.tickets.models import Incident

    settings.MEDIA_ROOT = tmp_path
    logging.getLogger("django.request").setLevel(logging.ERROR)
    incident = Incident.objects.create(estate=cast.sunny, title="停水", opened_by=cast.jing, opened_at=ticket.reported_at)
    photo = ticket.photograph([ContentFile(picture(), "a.jpg")], by=cast.as_("mei"))[0]
    found = {"/work/": work.pk, "/incidents/": incident.pk, "/households/": cast.meis.pk, "/photos/": photo.pk, "/clocks/": ticket.running_clocks.first().pk}
    yield lambda path: {"number": ticket.number, "code": "3-1-501", "id": next((pk for part, pk in found.items() if part in path), 1)}
    logging.getLogger("django.request").setLevel(logging.NOTSET)


@pytest.mark.parametrize("who", WHO)
def test_nothing_breaks_and_all_is_documented(who, api, names, one_connection):
    """No 5xx; status, content type and body of every answer are in the document (issue 2 proof)."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.db import transaction
    from hypothesis import HealthCheck, Phase, given
    from hypothesis import settings as effort
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    checks = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    headers, statuses = api(who).headers, {}

    def ask(case):
        case.headers = {**{key: value for key, value in (case.headers or {}).items() if key != "Authorization"}, **headers}
        if case.path_parameters and "estate" in case.path_parameters:
            known = {"estate": "sunny", **names(case.operation.path)}
            case.path_parameters.update({key: known[key] for key in case.path_parameters})
        with transaction.atomic():
            answer = case.call()
            transaction.set_rollback(True)
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
        if not (answer.status_code == 400 and answer.content == b"NUL"):  # turned away at the door of the whole house
            case.validate_response(answer, checks=list(checks))

    few = effort(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    for found in schema.get_all_operations():
        few(given(case=found.ok().as_strategy())(ask))()
    assert statuses.get(200, 0) > 30 and statuses.get(422, 0) > 10, statuses


def test_hostile_texts_everywhere(api, ticket):
    """NUL, lone surrogates, right-to-left marks, endless digits, deep nesting: 4xx or done, never 5xx."""
    ming, at = api("ming"), f"/tickets/{ticket.number}/note"
    texts = ('{"words": "\\ud800"}', '{"words": "a\\u0000b"}', '{"words": ' + "9" * 5000 + "}", "[" * 100_000, '{"words": "‮\\u202e😀"}', "NaN", '{"\\ud800": 1}', "null", '"x"')
    for text in texts:
        answer = ming.client.post(ming.address(at), text, content_type="application/json", headers=ming.headers)
        assert answer.status_code in (200, 400, 422), (text[:40], answer.content)
    for query in ({"cursor": "%%%"}, {"cursor": "eyJh"}, {"limit": "9" * 400}, {"changed_since": "0001-01-01T00:00:00Z"}, {"changed_since": "yesterday"}):
        assert is_problem(ming.get("/tickets", **query), 422), query
    for path in ("/work/99999999999999999999", "/work/0", "/work/x", "/households/-1"):
        assert is_problem(ming.get(path), 422), path
    assert is_problem(ming.get("/tickets/%E4%B8%AD%F0%9F%98%80"), 404)
