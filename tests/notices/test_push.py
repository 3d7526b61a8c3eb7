"""Web Push: agreed to on a device, sealed and signed, quiet at night, urgent at once, gone when the browser says so (issue 7 line 8)."""

import base64
import json
import os
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec
from django.urls import reverse

from guanjia import clock
from guanjia.emergencies.models import Emergency
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.notices import sending
from guanjia.notices.deliver import fan_out
from guanjia.notices.models import Delivery, Device, Preference, PushKey, State
from guanjia.notices.pushing import b64, push_key
from guanjia.tenancy.errors import Refused
from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY

NIGHT = datetime(2026, 3, 10, 15, 30, tzinfo=UTC)  # 23:30 at the estate


@pytest.fixture
def service(settings):
    """A push service on this machine: keeps what came, answers what `answer` says."""
    settings.WEBHOOKS_TO_PRIVATE = True

    class Service(BaseHTTPRequestHandler):
        got, answer = [], 201

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            Service.got.append((self.path, dict(self.headers), body))
            self.send_response(Service.answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Service.address = f"http://127.0.0.1:{server.server_port}/push/"
    yield Service
    server.shutdown()
    server.server_close()


class Phone:
    """A browser's side: its keys, and what it makes of a message."""

    def __init__(self, service, name):
        self.endpoint, self.key, self.secret = service.address + name + "-" * 20, ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        self.p256dh = b64(self.key.public_key().public_bytes(form.Encoding.X962, form.PublicFormat.UncompressedPoint))
        self.auth = b64(self.secret)

    def subscribe(self, person, at=TUESDAY):
        return Device.objects.subscribe(person, self.endpoint, self.p256dh, self.auth, "Chrome", at)

    def read(self, body):
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm"))


@pytest.fixture
def phone(cast, service):
    made = Phone(service, "ming")
    made.subscribe(cast.ming)
    return made


def leak(cast):
    return Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="厨房漏水", kind="repair", unit=cast.home, household_id=cast.meis.pk)


def test_it_reaches_the_phone_sealed_and_signed(cast, service, phone):
    """The message opens with the phone's key alone and leads to the inbox; the signature names this installation."""
    ticket = leak(cast)
    fan_out(TUESDAY)
    row = Delivery.objects.get(channel="push")
    assert sending.send_due(TUESDAY) >= 1
    ((path, headers, body),) = service.got
    said = phone.read(body)
    inbox = Delivery.objects.get(channel="inbox", person_id=cast.ming.pk)
    assert said["title"] == f"新报事 {ticket.number}" and said["url"] == f"/e/sunny/inbox/{inbox.pk}/" and "厨房漏水".encode() not in body
    assert headers["Content-Encoding"] == "aes128gcm" and int(headers["TTL"]) > 0
    token, key = headers["Authorization"].removeprefix("vapid t=").split(",k=")
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert key.rstrip("=") == PushKey.objects.get().public and claims["aud"] == service.address.removesuffix("/push/") and claims["sub"]
    row.refresh_from_db()
    assert (row.state, row.external_id) == (State.SENT, "201") and path.startswith("/push/ming")
    assert sending.send_due(TUESDAY + timedelta(days=1)) == 0 and len(service.got) == 1


def test_residents_sleep_and_urgent_wakes(cast, service):
    """Quiet hours: what can wait comes in the morning; an emergency comes now."""
    phone = Phone(service, "mei")
    phone.subscribe(cast.mei)
    ticket = leak(cast)
    fan_out(TUESDAY)
    Delivery.objects.all().delete()
    Event.objects.record(Action.TICKET_PROGRESSED, ticket, by=cast.as_("ming"), at=NIGHT, words="明早来修", public=True)
    with clock.at(NIGHT):
        fire = Emergency.objects.start("fire", building=cast.b3, by=cast.as_("jing"))
        fire.tell_area("请马上下楼", buildings=[cast.b3.pk], by=cast.as_("jing"))
    fan_out(NIGHT)
    sending.send_due(NIGHT)
    assert [phone.read(body)["body"] for _path, _headers, body in service.got] == ["请马上下楼"] and service.got[0][1]["Urgency"] == "high"
    sending.send_due(NIGHT + timedelta(hours=9))
    assert len(service.got) == 2


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(cast, service, phone, status):
    service.answer = status
    leak(cast)
    fan_out(TUESDAY)
    assert sending.send_due(TUESDAY) == len([row for row in Delivery.objects.filter(state=State.SENT).exclude(channel="inbox")])
    assert not Device.objects.exists() and Delivery.objects.get(channel="push").state == State.GIVEN_UP
    fan_out(TUESDAY)
    leak(cast)
    fan_out(TUESDAY)
    assert Delivery.objects.filter(channel="push").count() == 1  # nobody to tell any more


def test_a_service_that_is_down_is_asked_again(cast, service, phone, monkeypatch):
    """Nothing breaks without the outside network: it waits, the inbox has it, and it goes out later."""
    service.answer = 503
    leak(cast)
    fan_out(TUESDAY)
    sending.send_due(TUESDAY)
    row = Delivery.objects.get(channel="push")
    assert row.state == State.FAILED and row.next_at == TUESDAY + sending.wait(1) and Device.objects.get().failures == 1
    service.answer = 201
    sending.send_due(row.next_at)
    row.refresh_from_db()
    assert row.state == State.SENT and Device.objects.get().failures == 0


def test_an_inner_address_is_never_called(cast, settings, service):
    """A browser's address is a stranger's word: public https only, and kept sealed."""
    settings.WEBHOOKS_TO_PRIVATE = False
    phone = Phone(service, "x")
    for endpoint in (phone.endpoint, "https://10.0.0.1/push/" + "x" * 20, "https://push.internal/" + "x" * 20, "javascript:alert(1)" + "x" * 20):
        with pytest.raises(Refused):
            Device.objects.subscribe(cast.ming, endpoint, phone.p256dh, phone.auth)
    with pytest.raises(Refused):
        Device.objects.subscribe(cast.ming, "https://push.example.com/" + "x" * 20, "short", phone.auth)
    Device.objects.subscribe(cast.ming, "https://push.example.com/secret-secret-secret", phone.p256dh, phone.auth)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT endpoint, auth FROM notices_device")
        assert "secret" not in str(cursor.fetchall()) and phone.auth not in str(cursor.fetchall())


def test_a_bad_key_harms_nobody_else(cast, service, phone):
    Device.objects.create(person=cast.ming, digest="0" * 64, endpoint=service.address + "bad" * 9, p256dh=b64(b"\x04" + b"x" * 64), auth=phone.auth, agreed_at=TUESDAY)
    leak(cast)
    fan_out(TUESDAY)
    sending.send_due(TUESDAY)
    assert Delivery.objects.get(channel="push").state == State.SENT and len(service.got) == 1


def test_the_page_switches_on_and_off(cast, client, service):
    """One address is one person's; the list shows no address; what a person wants of it is kept."""
    phone, url = Phone(service, "zhou"), reverse("notices:devices", args=["sunny"])
    said = {"endpoint": phone.endpoint, "p256dh": phone.p256dh, "auth": phone.auth}
    client.force_login(cast.zhou)
    for _twice in range(2):
        client.post(url, said)
    page = client.get(reverse("notices:inbox", args=["sunny"])).content.decode()
    assert Device.objects.get().person_id == cast.zhou.pk and phone.endpoint not in page and push_key().public in page
    client.post(reverse("notices:preferences", args=["sunny"]), {"email": "all", "push": "urgent"})
    assert Preference.objects.get(person=cast.zhou, channel="push").wanted == "urgent"
    client.force_login(cast.wu)  # the same phone in other hands
    client.post(url, said)
    assert Device.objects.get().person_id == cast.wu.pk
    client.force_login(cast.zhou)
    client.post(reverse("notices:forgetting", args=["sunny"]), {"endpoint": phone.endpoint})
    assert Device.objects.count() == 1  # not theirs
    client.force_login(cast.wu)
    client.post(reverse("notices:forgetting", args=["sunny"]), {"device": "99999999999999999999"})
    client.post(reverse("notices:forgetting", args=["sunny"]), {"device": Device.objects.get().pk})
    assert not Device.objects.exists()
    assert client.post(url, {"endpoint": "x"}).status_code == 302 and not Device.objects.exists()
