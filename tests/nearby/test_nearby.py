"""The directory of places nearby: kept, verified, searched, stale ones said so (VAS-07, VAS-08, F-70)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse

from guanjia import clock
from guanjia.duties.generation import generate
from guanjia.duties.models import Task
from guanjia.nearby import alarm
from guanjia.nearby.models import Facility
from guanjia.reports.checks import load
from guanjia.reports.proofs import counting, known_proof
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.api.conftest import Caller
from tests.duties.lawbook import set_to
from tests.lettings.test_books import sheet


@pytest.fixture
def clinic(cast):
    said = {"phone": "028-8555 0120", "address": "示范路 8 号", "hours": "8:00–20:00", "price": "挂号 10 元"}
    return Facility.objects.keep(cast.sunny, "hospital", "示范路社区卫生服务中心", by=cast.as_("ming"), **said)


def test_what_is_kept_is_verified_and_grows_stale(cast, clinic):
    """VAS-07: 90 days after the last look it is to be verified; a look, or a correction, makes it fresh."""
    today = clock.today(cast.sunny)
    assert not Facility.objects.stale(cast.sunny, today) and not Facility.objects.stale(cast.sunny, today + timedelta(days=90))
    assert list(Facility.objects.stale(cast.sunny, today + timedelta(days=91))) == [clinic]
    with clock.at(clock.now() + timedelta(days=91)):
        clinic.verify(by=cast.as_("he"))
        assert not Facility.objects.stale(cast.sunny, clock.today(cast.sunny))
    again = Facility.objects.keep(cast.sunny, "hospital", clinic.name, phone="028-1", by=cast.as_("ming"))
    assert again.pk == clinic.pk and Facility.objects.count() == 1
    with pytest.raises(Refused), transaction.atomic():
        Facility.objects.keep(cast.sunny, "bank", "无名银行", by=cast.as_("ming"))  # neither telephone nor address
    with pytest.raises(NotAllowed):
        clinic.close(by=cast.as_("zhou"))


def test_residents_search_and_call(cast, clinic, client):
    """VAS-08: hours, price, address, a link that calls; by name, address or kind; what closed is gone; another estate finds nothing."""
    def see(who, words=""):
        client.force_login(getattr(cast, who))
        return client.get(reverse("nearby:mine" if who in ("mei", "lu") else "nearby:list", args=["sunny"]), {"q": words})

    page = see("mei", "医院").content.decode()
    assert 'href="tel:02885550120"' in page and "挂号 10 元" in page and "8:00–20:00" in page
    assert clinic.name not in see("mei", "银行").content.decode()
    with clock.at(clock.now() + timedelta(days=100)):
        assert "可能有变" in see("mei").content.decode() and "核实无误" in see("he").content.decode()
    assert see("stranger").status_code == 404
    client.force_login(cast.he)
    heads, row = ["类别", "名称", "电话"], ["银行", "示范银行", "95500"]
    assert client.post(reverse("importing:nearby", args=["sunny"]), {"file": sheet(heads, row), "key": "x"}).status_code == 200
    assert "示范银行" in see("mei").content.decode()
    client.force_login(cast.he)
    book = b"".join(client.get(reverse("nearby:list", args=["sunny"]), {"xlsx": 1}).streaming_content)
    clinic.close(by=cast.as_("he"))
    assert client.post(reverse("importing:nearby", args=["sunny"]), {"file": SimpleUploadedFile("a.xlsx", book), "key": "y"}).status_code == 200
    clinic.refresh_from_db()
    assert clinic.closed_at is None and (clinic.phone, clinic.hours, clinic.price) == ("028-8555 0120", "8:00–20:00", "挂号 10 元")
    clinic.close(by=cast.as_("he"))
    assert clinic.name not in see("mei").content.decode()


def test_programs_read_and_keep_it(cast, clinic):
    """VAS-07, VAS-08 over the API: what is not sent stays; a resident reads only; closed twice is refused."""
    he, mei = Caller(cast.he, "sunny"), Caller(cast.mei, "sunny")
    again = he.post("/facilities", kind="hospital", name=clinic.name, price="挂号 12 元").json()
    assert (again["id"], again["price"], again["phone"], again["stale"]) == (clinic.pk, "挂号 12 元", "028-8555 0120", False)
    assert [row["name"] for row in mei.get("/facilities", q="医院").json()["items"]] == [clinic.name]
    assert mei.post(f"/facilities/{clinic.pk}/verification").status_code == 403
    assert he.post(f"/facilities/{clinic.pk}/verification").status_code == 200
    assert [he.post(f"/facilities/{clinic.pk}/closure").status_code for _time in range(3)] == [200, 409, 409]
    assert he.post(f"/facilities/{clinic.pk}/verification").status_code == 409 and mei.get("/facilities").json()["items"] == []


def test_no_evidence_becomes_evidence(cast, clinic):
    """VAS-07, VAS-08: the proof page counts what is whole and fresh; a hotline needs no hours."""
    load()
    Facility.objects.keep(cast.sunny, "hotline", "供电服务热线", phone="95598", by=cast.as_("ming"))

    def counted(key, day):
        text, values = counting([(known_proof(key), clock.now() - timedelta(days=9), clock.now())])
        with connection.cursor() as cursor:
            cursor.execute(text, {**values, "estate": cast.sunny.pk, "now": clock.now(), "day": day, "nearby.verify_days": parameter(cast.sunny, "nearby.verify_days", clock.now())})
            return tuple(sum(column) for column in zip(*[row[4:6] for row in cursor.fetchall()], strict=True))

    today = clock.today(cast.sunny)
    assert counted("nearby_verified", today + timedelta(days=90)) == (2, 2) and counted("nearby_verified", today + timedelta(days=91)) == (2, 0)
    assert counted("nearby_whole", today) == (1, 1)
    Facility.objects.filter(pk=clinic.pk).update(hours="")
    assert counted("nearby_whole", today) == (1, 0)
    assert Facility(phone="028-8000 0120、028-8000 0121").dial == "02880000120" and Facility(phone="8000 0120转8").dial == "80000120"


def test_a_stale_entry_asks_somebody_to_look(cast, clinic, client):
    """VAS-07: a task a week long, once for each verification; verifying it does the task, whoever's it was; the page leads there."""
    set_to(cast, clock.now(), "book.posts.adopted", True)
    with clock.at(clock.now() + timedelta(days=91)):
        now = clock.now()
        generate(now, cast.sunny)
        assert [alarm.run_once(now, cast.sunny) for _time in range(2)] == [1, 0]
        generate(now + timedelta(minutes=1), cast.sunny)
        generate(now + timedelta(minutes=2), cast.sunny)
        task = Task.objects.get(key="vas_info_refresh")
        assert (task.person_id, task.subject_kind, (task.due_at - now).days) == (cast.zhao.pk, "event", 6)
        client.force_login(cast.zhao)
        page = client.get(reverse("duties:task", args=["sunny", task.pk])).content.decode()
        assert clinic.name in page
        assert client.get(reverse("notices:about", args=["sunny", task.pk])).url == reverse("nearby:facility", args=["sunny", clinic.pk])
        clinic.verify(by=cast.as_("ming"), at=now + timedelta(hours=1))
        task.refresh_from_db()
        assert (task.done_by_id, task.person_id) == (cast.ming.pk, cast.ming.pk) and clinic.name in task.records.get().words
        assert alarm.run_once(now, cast.sunny) == 0
