"""Events as the verbs record them, and a listener at the other end of a webhook."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from guanjia.events.models import Event
from guanjia.notices.deliver import fan_out
from guanjia.notices.models import Delivery, Subscription
from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY


@pytest.fixture
def ticket(cast):
    """Mrs Mei's leak, in the east zone; nobody has been told yet."""
    return Ticket.objects.report(
        by=cast.as_("mei"),
        estate=cast.sunny,
        words="厨房漏水",
        kind="repair",
        unit=cast.home,
        household_id=cast.meis.pk,
    )


@pytest.fixture
def tell(cast):
    """Record an event, fan out, and say who was told: usernames, sorted."""

    def told(action, subject, by=None, channel="inbox", at=TUESDAY, **particulars):
        fan_out(at)
        Delivery.objects.filter(estate=cast.sunny).delete()
        Event.objects.record(action, subject, by=cast.as_(by) if by else None, at=at, **particulars)
        fan_out(at)
        return sorted(
            row.person.username
            for row in Delivery.objects.at_estate(cast.sunny).filter(channel=channel).select_related("person")
        )

    return told


@pytest.fixture
def listener(settings):
    """An HTTP server on this machine: what it got, and what it shall answer."""
    settings.WEBHOOKS_TO_PRIVATE = True
    world = SimpleNamespace(got=[], answer=200)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            world.got.append(
                SimpleNamespace(path=self.path, headers=dict(self.headers), body=body, said=json.loads(body))
            )
            self.send_response(world.answer)
            if world.answer == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    world.url = f"http://127.0.0.1:{server.server_port}/hook?x=1"
    yield world
    server.shutdown()
    server.server_close()


@pytest.fixture
def hook(cast, listener):
    return Subscription.objects.subscribe(
        listener.url, ["ticket.reported", "ticket.done"], by=cast.as_("qian"), at=TUESDAY
    )
