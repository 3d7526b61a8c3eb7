"""My reports: a long list by key (design §6: keyset pages, constant query count)."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY


def rows(cast, *names):
    Ticket.objects.bulk_create(
        Ticket(
            estate=cast.sunny, number=name, kind="enquiry", channel="online", words=f"事 {name}", reported_at=TUESDAY, household=cast.meis,
            unit=cast.home, zone=cast.east, steward=cast.ming,
        )
        for name in names
    )  # fmt: skip


def test_pages_by_key_lose_nothing_and_cost_the_same(cast, client):
    """45 reports of one instant: forward and back; the number of queries does not grow with the rows."""
    client.force_login(cast.mei)

    def cost(path):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    rows(cast, "a", "b")
    few = cost("/e/sunny/mine/"), cost("/e/sunny/home/")
    rows(cast, *(f"x-{n:02}" for n in range(43)))
    assert (cost("/e/sunny/mine/"), cost("/e/sunny/home/")) == few
    seen, address = [], ""
    for _ in range(3):
        answer = client.get(f"/e/sunny/mine/{address}")
        seen += [card.ticket.number for card in answer.context["cards"]]
        address = f"?before={answer.context['next']}"
    assert len(seen) == len(set(seen)) == 45 and not answer.context["next"]
    back = client.get(f"/e/sunny/mine/?after={answer.context['previous']}")
    assert [card.ticket.number for card in back.context["cards"]] == seen[20:40]
    assert [card.ticket.number for card in client.get("/e/sunny/mine/?before=nonsense").context["cards"]] == seen[:20]
