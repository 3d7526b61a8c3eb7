"""An anonymous complaint: nobody is kept, and whoever holds its secret can follow it (issue 2, point 3)."""

from __future__ import annotations

import io
import json
import re
import uuid

import pytest
from django.core.cache import cache
from django.test import Client
from PIL import Image

from guanjia.events.models import Event
from guanjia.tickets.models import Photo, Rating, Reopening, Ticket

REPORT = "/e/sunny/report/"


def photo():
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(buffer, "JPEG")
    buffer.name = "a.jpg"
    buffer.seek(0)
    return buffer


@pytest.fixture
def told(cast, client, tmp_path, settings):
    """Mei complains without her name; returns the ticket, the address to come back to and what she sent."""
    cache.clear()
    settings.MEDIA_ROOT = tmp_path
    client.force_login(cast.mei)
    sent = {"kind": "complaint", "words": "保安夜里睡岗", "spot": str(cast.home.pk), "anonymous": "on", "client_key": str(uuid.uuid4())}
    answer = client.post(REPORT, sent | {"photos": [photo()]})
    return Ticket.objects.get(), address(answer), sent


def address(answer):
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    return re.search(r"/e/sunny/anonymous/[\w-]+/", answer.content.decode()).group()


def test_nobody_is_kept(cast, client, told):
    """No name, phone, room or household; no actor in events and photos; not among one's own reports."""
    ticket, way_back, _sent = told
    kept = json.dumps(list(Ticket.objects.values()) + list(Event.objects.values()) + list(Photo.objects.values()), default=str, ensure_ascii=False)
    for trace in ["梅女士", cast.mei.phone, "3-1-501", '"501"', way_back.split("/")[-2]]:
        assert trace not in kept, trace
    assert (ticket.unit, ticket.household, ticket.reporter, ticket.where, ticket.zone) == (None, None, None, "东区", cast.east)
    assert set(Event.objects.values_list("actor_id", flat=True)) | set(Photo.objects.values_list("by_id", flat=True)) == {None}
    assert client.get(f"/e/sunny/mine/{ticket.number}/").status_code == 404
    assert ticket.words not in client.get("/e/sunny/mine/").content.decode()
    assert way_back.split("/")[-2] not in json.dumps(dict(client.session.items()), default=str)


def test_a_second_click_shows_the_same_way_back(client, told):
    ticket, way_back, sent = told
    assert address(client.post(REPORT, sent | {"photos": [photo()]})) == way_back
    assert Ticket.objects.get() == ticket and ticket.photos.count() == 1


def test_the_secret_opens_the_page_to_anybody(told):
    """Signed out; told to keep the address to itself."""
    _ticket, way_back, _sent = told
    answer = Client().get(way_back)
    assert answer.status_code == 200 and "保安夜里睡岗" in answer.content.decode() and "您报事" in answer.content.decode()
    assert answer.headers["Referrer-Policy"] == "no-referrer" and answer.headers["Cache-Control"] == "no-store"
    assert Client().get(way_back.replace("sunny", "lake")).status_code == 404
    assert Client().get("/e/sunny/anonymous/guess/").status_code == 404
    assert Client().get("/e/nowhere/anonymous/guess/").status_code == 404


def test_photos_only_with_the_secret(cast, client, told):
    ticket, way_back, _sent = told
    pk = ticket.photos.get().pk
    assert Client().get(f"{way_back}photos/{pk}/").status_code == 200
    assert client.get(f"/e/sunny/photos/{pk}/").status_code == 404
    assert Client().get(f"{way_back}photos/{pk + 1}/").status_code == 404


def test_a_ticket_with_a_name_has_no_such_page(cast, told):
    """An empty secret is nobody's key."""
    Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, kind="repair", words="漏水", unit=cast.home)
    assert Client().get("/e/sunny/anonymous/ /").status_code == 404


@pytest.mark.parametrize("signed_in", [False, True])
def test_follow_up_leaves_no_trace(cast, client, told, signed_in):
    """Add, urge, rate, reopen; even when the device is signed in, and where the browser sends `Origin: null`."""
    ticket, way_back, _sent = told
    nameless = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    if signed_in:
        nameless.force_login(cast.mei)
    for noun, sent in [("addition", {"words": "昨晚两点又睡了", "photos": [photo()]}), ("urge", {})]:
        assert nameless.post(f"{way_back}{noun}/", sent).url == way_back
    ticket.refresh_from_db()
    ticket.classify(by=cast.as_("ming"), klass="routine", category="service")
    ticket.complete("已换人", by=cast.as_("ming"))
    nameless.post(f"{way_back}rating/", {"speed": 4, "result": 4, "attitude": 4})
    nameless.post(f"{way_back}reopening/", {"why": "新人也睡"})
    ticket.refresh_from_db()
    assert (ticket.urged, ticket.reopened, Rating.objects.get().by_id, Reopening.objects.get().by_id) == (1, 1, None, None)
    assert set(Event.objects.exclude(actor_id=cast.ming.pk).values_list("actor_id", "actor_name")) == {(None, "")}
    assert "您催办" in nameless.get(way_back).content.decode()
    for noun in ["cancellation", "signature", "classification"]:
        assert nameless.post(f"{way_back}{noun}/", {"reason": "solved", "why": "x"}).status_code == 404


def test_staff_read_that_a_nameless_neighbour_did_it(cast, client, told):
    ticket, way_back, _sent = told
    Client().post(f"{way_back}urge/")
    client.force_login(cast.jing)
    page = client.get(f"/e/sunny/tickets/{ticket.number}/").content.decode()
    assert "匿名业主催办" in page and "梅女士" not in page


def test_the_nameless_are_limited_too(cast, client, told):
    _ticket, _way_back, sent = told
    answers = [client.post(REPORT, sent | {"words": f"第 {n} 件", "client_key": str(uuid.uuid4())}).status_code for n in range(20)]
    assert answers == [200] * 19 + [409]


def test_only_complaints_are_nameless(cast, client, told):
    _ticket, _way_back, sent = told
    answer = client.post(REPORT, sent | {"kind": "repair", "client_key": str(uuid.uuid4())})
    assert answer.status_code == 422 and "只有投诉可以匿名" in answer.content.decode()
