"""Tokens at the door, estates behind it, problems told in one way (issue 2.9, design §7)."""

from __future__ import annotations

import json
import re

import pytest

from guanjia.api.api import api as house_api
from guanjia.api.callers import caller
from guanjia.people.models import Person, Token
from guanjia.people.tokens import issue, person_of, revoke
from tests.cast import TUESDAY


def is_problem(response, status, code=None):
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status and body["code"] and body["title"] and body["detail"]
    return code is None or body["code"] == code


def operations():
    for bound in house_api._get_bound_routers():
        for path, view in bound.path_operations.items():
            for operation in view.operations:
                yield f"{bound.prefix}{path}", operation


def test_no_operation_is_open():
    """Deny by default: every operation asks for a token, and below an estate for a reach."""
    seen = 0
    for path, operation in operations():
        seen += 1
        assert operation.auth_callbacks, path
        assert path == "/estates" or operation.run.__code__.co_name == "within", path
        assert path.startswith("/estates")
    assert seen > 55


def test_every_act_of_the_table_is_an_operation():
    """Pages and API offer the same verbs (design decision 3)."""
    from guanjia.tickets.acts import TICKET_ACTS, WORK_ACTS

    paths = {path for path, _ in operations()}
    assert {f"/estates/{{estate}}/tickets/{{number}}/{act.noun}" for act in TICKET_ACTS} <= paths
    assert {f"/estates/{{estate}}/work/{{id}}/{act.noun}" for act in WORK_ACTS} <= paths


def test_without_a_token_nothing(api, cast):
    for headers in ({}, {"Authorization": "Bearer"}, {"Authorization": "Bearer gj_wrong"}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer " + "x" * 5000}):
        response = api(None).get("/tickets", headers=headers)
        assert is_problem(response, 401, "no_token") and response.headers["WWW-Authenticate"] == "Bearer"
    assert is_problem(api(None).post("/tickets", words="漏水"), 401)
    assert is_problem(api(None).get("//estates"), 401)


def test_a_session_is_no_token(api, cast):
    """No other site can borrow a signed-in browser."""
    nobody = api(None)
    nobody.client.force_login(cast.ming)
    assert is_problem(nobody.get("/tickets"), 401)
    assert is_problem(nobody.post("/tickets", words="漏水"), 401)


def test_a_revoked_token_opens_nothing(api, cast):
    ming = api("ming")
    assert ming.get("/tickets").status_code == 200
    revoke(Token.objects.get(person=cast.ming))
    assert is_problem(ming.get("/tickets"), 401)


def test_the_short_way_knows_what_the_long_way_knows(cast):
    """One statement for token and estate; the rule stays the one of guanjia.people.tokens."""
    good, old, gone, out = (issue(person) for person in (cast.ming, cast.fang, cast.zhou, cast.wu))
    Token.objects.filter(person=cast.fang).update(expires_at=TUESDAY)
    revoke(Token.objects.get(person=cast.zhou))
    Person.objects.filter(pk=cast.wu.pk).update(is_active=False)
    for token in (good, old, gone, out, "gj_wrong", "", good[:-1]):
        assert caller(token, "sunny")[0] == person_of(token)
    person, estate = caller(good, "sunny")
    assert person == cast.ming and estate == cast.sunny
    for row, known in ((person, cast.ming), (estate, cast.sunny)):
        known.refresh_from_db()
        assert {**row.__dict__, "_state": 0} == {**{key: value for key, value in known.__dict__.items() if not key.startswith("_") and key != "company"}, "_state": 0}
    assert caller(good, "nowhere") == (cast.ming, None)


def test_strangers_find_nothing(api, ticket):
    """Another estate's person, and no estate at all: 404, not 403."""
    for outsider in (api("stranger"), api("ming", "lake"), api("mei", "lake"), api("ming", "nowhere")):
        for response in (outsider.get(""), outsider.get("/tickets"), outsider.get(f"/tickets/{ticket.number}"), outsider.post("/tickets", words="漏水")):
            assert is_problem(response, 404, "not_found")


def test_estates_within_reach(api):
    assert [row["code"] for row in api("ming").get("//estates").json()] == ["sunny"]
    assert [row["code"] for row in api("mei").get("//estates").json()] == ["sunny"]
    assert [row["code"] for row in api("stranger").get("//estates").json()] == ["lake"]
    mine = api("ming").get("").json()
    assert mine["staff"] and mine["roles"] == ["steward"] and "ticket.file" in mine["permissions"]
    assert not api("mei").get("").json()["staff"]


def test_problems_have_one_shape(api, ticket):
    ming = api("ming")
    assert is_problem(ming.client.get("/api/v1/nothing"), 404)
    assert is_problem(ming.client.put(ming.address("/tickets"), headers=ming.headers), 405)
    assert is_problem(ming.client.post(ming.address("/tickets"), "{", content_type="application/json", headers=ming.headers), 400)
    assert is_problem(ming.client.post(ming.address("/tickets"), "words=a", content_type="text/plain", headers=ming.headers), 415)
    assert is_problem(ming.client.post(ming.address("/tickets"), '{"words": "' + "a" * 6_000_000 + '"}', content_type="application/json", headers=ming.headers), 413)
    response = ming.post("/tickets", words="漏\x00水", kind="nonsense", unexpected=1, household=2**63)
    assert is_problem(response, 422, "invalid")
    wrong = {slip["at"] for slip in response.json()["errors"]}
    assert {"body/words", "body/kind", "body/household", "body/unexpected"} == wrong
    assert is_problem(ming.post(f"/tickets/{ticket.number}/archive"), 409, "already_received")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_details_are_translated(api, ticket, language):
    """`detail` follows Accept-Language, `code` never changes."""
    response = api("ming").post(f"/tickets/{ticket.number}/archive", headers={"Accept-Language": language})
    assert is_problem(response, 409, "already_received") and response.headers["Content-Language"] == language


def test_an_etag_saves_the_second_answer(api, ticket):
    ming = api("ming")
    first = ming.get(f"/tickets/{ticket.number}")
    again = ming.get(f"/tickets/{ticket.number}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.content
    assert "Authorization" in first.headers["Vary"] and "private" in first.headers["Cache-Control"]


def test_the_document_is_public_and_whole(client, db):
    """Every operation names its problems, its estate and, where it writes, the key."""
    response = client.get("/api/v1/openapi.json")
    document = json.loads(response.content)
    assert response.status_code == 200 and document["info"]["title"] == "Guanjia"
    names = set()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            names.add(operation["operationId"])
            assert {"401", "403", "404", "422"} <= set(operation["responses"]), path
            assert operation["security"] == [{"Bearer": []}]
            where = {(each["in"], each["name"]) for each in operation["parameters"]}
            assert {("path", name) for name in re.findall(r"{(\w+)}", path)} == {each for each in where if each[0] == "path"}
            if method == "post":
                assert ("header", "Idempotency-Key") in where and "409" in operation["responses"]
    assert len(names) == sum(len(methods) for methods in document["paths"].values())
