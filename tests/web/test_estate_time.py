"""Pages tell the estate's own time, not the server's (design decision 9)."""

from __future__ import annotations

from django.test import Client

from guanjia.tickets.models import Ticket


def test_instants_are_shown_and_read_in_the_estates_zone(cast):
    """乌鲁木齐 is two hours behind: reported at 02:00 UTC is 08:00 there, and 15:00 typed there is 09:00 UTC."""
    cast.sunny.time_zone = "Asia/Urumqi"
    cast.sunny.save(update_fields=["time_zone"])
    client = Client(HTTP_HOST="localhost")
    client.force_login(cast.jing)
    client.post("/e/sunny/desk/", {
        "client_key": "k", "household": cast.meis.pk, "channel": "on_site", "kind": "repair", "words": "漏水", "unit": cast.home.pk,
        "wished_from": "2026-03-10T15:00", "wished_until": "2026-03-10T16:00",
    })  # fmt: skip
    ticket = Ticket.objects.get()
    assert ticket.wished_from.hour == 9
    page = client.get(f"/e/sunny/tickets/{ticket.number}/").content.decode()
    assert "15:00" in page and "16:00" in page and "17:00" not in page
