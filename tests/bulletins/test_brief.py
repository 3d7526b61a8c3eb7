"""The daily bulletin for owners is typed ahead from the day before; put out, it is the duty done (COM-12)."""

from datetime import timedelta

from guanjia import clock
from guanjia.bulletins.brief import words_of
from guanjia.bulletins.models import Bulletin
from guanjia.tickets.models import Ticket
from tests.cast import TUESDAY
from tests.duties.doing import task


def test_yesterday_in_words(cast, client):
    """Two came, one was done, two are in hand; nobody's name or words; the form begins with it."""
    for hours in (20, 26, 40):  # yesterday at 14:00 and 8:00, the day before
        Ticket.objects.report(by=cast.as_("ming"), estate=cast.sunny, words="厨房漏水", unit=cast.home, household_id=cast.meis.pk, at=TUESDAY - timedelta(hours=hours))
    Ticket.objects.filter(pk=Ticket.objects.first().pk).update(done_at=TUESDAY - timedelta(hours=19))
    words = words_of(cast.sunny, clock.now())
    assert "收到报事 2 件，办完 1 件，还有 2 件在办" in words and "3 月 9 日" in words
    assert not any(name in words for name in ("梅", "厨房", "李明"))
    client.force_login(cast.ming)
    assert "收到报事 2 件" in client.get("/e/sunny/bulletins/new/daily/").content.decode()


def test_put_out_it_is_the_days_duty(cast):
    """At the zones it is for; another zone's task stays open."""
    east = task(cast, key="com_bulletin", form="bulletin", slot="2026-03-10-e")
    west = task(cast, "fang", key="com_bulletin", form="bulletin", subject=cast.west, slot="2026-03-10-w")
    row = Bulletin.objects.write("daily", "对客日报", "昨天办完 3 件。", by=cast.as_("ming"), audience={"zones": [cast.east.pk]})
    row.send_in(by=cast.as_("ming"))
    east.refresh_from_db()
    west.refresh_from_db()
    assert (east.done_by_id, west.done_at) == (cast.ming.pk, None)


def test_for_one_building_it_is_nobodys_duty(cast):
    """What only one building reads tells no zone its day."""
    east = task(cast, key="com_bulletin", form="bulletin", slot="2026-03-10-e")
    row = Bulletin.objects.write("daily", "对客日报", "昨天办完 3 件。", by=cast.as_("ming"), audience={"buildings": [cast.b3.pk]})
    row.send_in(by=cast.as_("ming"))
    east.refresh_from_db()
    assert row.state == "out" and east.done_at is None
