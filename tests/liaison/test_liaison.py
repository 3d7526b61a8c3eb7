"""Bodies outside, their documents with a handler and a last day, what was coordinated (VAS-12, F-68)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from guanjia import clock
from guanjia.liaison import alarm
from guanjia.liaison.models import Contact, Incoming, Matter
from guanjia.notices.loop import run_once as tell
from guanjia.notices.models import Delivery
from guanjia.reports.checks import load
from guanjia.reports.proofs import counting, known_proof
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.api.conftest import Caller
from tests.lettings.test_books import sheet

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def refused(code, act):
    with pytest.raises(Refused) as caught, transaction.atomic():
        act()
    assert caught.value.code == code


@pytest.fixture
def fire(cast):
    return Contact.objects.keep(cast.sunny, "fire", "区消防救援大队", phone="028-1", words="消防检查", by=cast.as_("he"))


def receive(cast, fire, days=5, who="zhao", **more):
    today = clock.today(cast.sunny)
    return Incoming.objects.receive(fire, "消防隐患排查的通知", today, today + timedelta(days=days), getattr(cast, who), by=cast.as_("he"), **more)


def test_a_document_is_handled_once_by_who_should(cast, fire):
    """VAS-12: entered once for a key, by its handler or the register; a day before it came, or somebody not here, is refused; in the database too."""
    row = receive(cast, fire, who="zhou", key="k")
    assert receive(cast, fire, key="k").pk == row.pk
    refused("incomplete", lambda: receive(cast, fire, days=-1))
    refused("not_here", lambda: receive(cast, fire, who="stranger"))
    refused("open_matters", lambda: fire.close(by=cast.as_("he")))
    with pytest.raises(NotAllowed):
        row.handle("已回复", by=cast.as_("wu"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Incoming.objects.filter(pk=row.pk).update(handled_at=clock.now(), handled_by=cast.zhou)
    assert [set(Incoming.objects.visible_to(cast.as_(who)).values_list("pk", flat=True)) for who in ("zhou", "wu", "he", "mei")] == [{row.pk}, set(), {row.pk}, set()]
    refused("result_missing", lambda: row.handle(" ", by=cast.as_("zhou")))
    row.handle("已排查并回复", by=cast.as_("zhou"))
    refused("already_done", lambda: row.handle("再次", by=cast.as_("he")))
    refused("already_done", lambda: row.pass_on(cast.zhao, by=cast.as_("he")))
    fire.close(by=cast.as_("he"))
    with pytest.raises(NotAllowed):
        Contact.objects.keep(cast.sunny, "fire", "x", phone="1", by=cast.as_("ming"))


def test_its_day_nears_and_passes(cast, fire):
    """VAS-12: told once two days before, once when it is over; a later day begins anew; what is handled is told of no more."""
    row, done = receive(cast, fire), receive(cast, fire, days=6)
    done.handle("已回复", by=cast.as_("zhao"))
    now = clock.now()

    def told(days):
        return [alarm.run_once(now + timedelta(days=days), cast.sunny) for _time in range(2)]

    assert [told(days) for days in (2, 3, 5, 6, 7)] == [[0, 0], [1, 0], [0, 0], [1, 0], [0, 0]]
    with clock.at(now + timedelta(days=7)):
        row.pass_on(cast.zhou, due_on=clock.today(cast.sunny) + timedelta(days=1), by=cast.as_("he"))
    assert told(7) == [1, 0]
    tell(now + timedelta(days=7, hours=1))
    titles = set(Delivery.objects.filter(person=cast.zhou).values_list("title", flat=True))
    assert {"来文转您办理：{title}", "来文快到期：{title}"} <= titles
    assert Delivery.objects.filter(person=cast.qian, title="来文逾期未办：{title}").exists()


def test_pages_and_workbooks(cast, fire, client):
    """VAS-12, F-68: entered with its scan, handled, coordinated; the directory out and in again; others find nothing."""
    def get(who, name, *args, **said):
        client.force_login(getattr(cast, who))
        return client.get(reverse(f"liaison:{name}", args=["sunny", *args]), said)

    client.force_login(cast.he)
    today = clock.today(cast.sunny)
    said = {"contact": fire.pk, "title": "停电通知", "received_on": f"{today}", "due_on": f"{today - timedelta(days=1)}", "handler": cast.zhou.pk, "key": "k"}
    new = reverse("liaison:paper_new", args=["sunny"])
    wrong = client.post(new, said)
    assert wrong.status_code == 409 and "停电通知" in wrong.content.decode()
    said |= {"due_on": f"{today + timedelta(days=1)}", "upload": SimpleUploadedFile("a.pdf", PDF)}
    assert client.post(new, said).status_code == 302
    row = Incoming.objects.get()
    assert "停电通知" in get("he", "papers").content.decode() and "停电通知" in get("zhou", "papers").content.decode()
    assert b"".join(get("zhou", "file", row.pk).streaming_content) == PDF
    assert [get(who, "paper", row.pk).status_code for who in ("zhou", "wu", "mei", "stranger")] == [200, 404, 404, 404]
    assert [get(who, "contacts").status_code for who in ("he", "zhou", "mei")] == [200, 404, 404]
    client.force_login(cast.zhou)
    there = reverse("liaison:result", args=["sunny", row.pk])
    assert client.post(there, {"result": ""}).status_code == 422 and client.post(there, {"result": "已告知住户"}).status_code == 302
    client.force_login(cast.he)
    matter = reverse("liaison:matter", args=["sunny", fire.pk])
    assert client.post(matter, {"on": f"{today + timedelta(days=1)}", "words": "演练"}).status_code == 409
    assert client.post(matter, {"on": f"{today}", "words": "商定演练时间"}).status_code == 302
    talk = Matter.objects.get()
    for _time in range(2):
        client.post(reverse("liaison:matter_result", args=["sunny", talk.pk]), {"result": "定在四月三日"})
    assert "定在四月三日" in get("he", "contact", fire.pk).content.decode()
    book = b"".join(get("he", "papers", xlsx="1").streaming_content)
    importing = reverse("importing:contacts", args=["sunny"])
    assert client.post(importing, {"file": SimpleUploadedFile("a.xlsx", book), "key": "x"}).status_code == 200 and Contact.objects.count() == 1
    rows = (["类别", "单位", "电话"], ["公安交管", "派出所", "110"], ["外星", "x1", "1"])
    assert client.post(importing, {"file": sheet(*rows), "key": "x", "dry": "1"}).status_code == 422 and Contact.objects.count() == 1
    assert client.post(importing, {"file": sheet(*rows), "key": "x"}).status_code == 422 and Contact.objects.count() == 2


def test_programs_and_proof(cast, fire):
    """VAS-12 over the API, and on the page 制度执行: kept in time, broken when late, no evidence no more."""
    he, zhou = Caller(cast.he, "sunny"), Caller(cast.zhou, "sunny")
    today = clock.today(cast.sunny)
    sent = {"contact": fire.pk, "title": "通知", "received_on": f"{today}", "due_on": f"{today}", "handler": cast.zhou.pk}
    assert zhou.post("/incoming", **sent).status_code == 403
    made = he.post("/incoming", **sent)
    assert made.status_code == 201 and [row["id"] for row in zhou.get("/incoming").json()["items"]] == [made.json()["id"]]
    load()

    def counted(key, later):
        at = clock.now() + timedelta(days=later)
        text, values = counting([(known_proof(key), clock.now() - timedelta(days=9), at)])
        with connection.cursor() as cursor:
            cursor.execute(text, {**values, "estate": cast.sunny.pk, "now": at, "day": clock.today(cast.sunny, at), "time_zone": "Asia/Shanghai"})
            return tuple(sum(column) for column in zip(*[row[4:6] for row in cursor.fetchall()], strict=True)) or (0, 0)

    assert counted("incoming_handled", 1) == (1, 0) and counted("contacts_listed", 0) == (1, 1)
    assert zhou.post(f"/incoming/{made.json()['id']}/result", result="已办").json()["late"] is False
    assert zhou.post(f"/incoming/{made.json()['id']}/result", result="已办").status_code == 409
    assert counted("incoming_handled", 1) == (1, 1)
    Matter.objects.begin(fire, today, "商定演练", by=cast.as_("he"))
    assert counted("matters_settled", 30) == (0, 0) and counted("matters_settled", 31) == (1, 0)
    assert he.get("/outside-contacts", q="消防").json()["items"][0]["name"] == fire.name and zhou.get("/outside-contacts").json()["items"] == []
