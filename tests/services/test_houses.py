"""House files: ordered by the household, equipment by class, repairs of orders and tickets, a diagnosis when its day comes, the report (VAS-14, F-95)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from guanjia import clock
from guanjia.duties.generation import generate
from guanjia.duties.models import Task
from guanjia.events.models import Event
from guanjia.households.models import HouseholdDocument, Occupancy
from guanjia.notices.loop import run_once as tell
from guanjia.notices.models import Delivery
from guanjia.services.house_alarm import checks_due
from guanjia.services.house_paper import answers
from guanjia.services.models import HouseFile, HouseRepair, ServiceOrder
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.duties.lawbook import set_to

ITEMS = ("water", "power", "gas", "climate", "kitchen", "bath", "openings", "surface", "smart")


def refused(code, act):
    with pytest.raises(Refused) as caught, transaction.atomic():
        act()
    assert caught.value.code == code


@pytest.fixture
def file(cast):
    return HouseFile.objects.open(cast.home, cast.meis, "", by=cast.as_("mei"))


def diagnose(cast, file):
    """The alarm, the generation, and the record of whoever the task came to."""
    now = clock.now()
    assert [checks_due(cast.sunny, now) for _time in range(2)] == [1, 0]
    for minutes in (1, 2):
        generate(now + timedelta(minutes=minutes), cast.sunny)
    task = Task.objects.get(key="vas_house_health", done_at__isnull=True)
    assert (task.unit_id, task.household_id, task.zone_id, task.person_id) == (cast.home.pk, cast.meis.pk, cast.east.pk, cast.he.pk)
    said = dict.fromkeys(ITEMS, "ok") | {"gas": "bad", "gas-words": "软管老化", "words": "总体良好"}
    return task.finish(by=cast.as_("he"), answers=said, at=now + timedelta(minutes=5))


def test_only_for_a_household_that_ordered_it(cast, file):
    """VAS-14: in its own login, or at the desk with how it agreed; one a home; a neighbour's is not theirs."""
    assert file.agreed == "本人手机订购"
    refused("known", lambda: HouseFile.objects.open(cast.home, cast.meis, "电话订购", by=cast.as_("he")))
    with pytest.raises(IntegrityError), transaction.atomic():
        HouseFile.objects.create(estate=cast.sunny, unit=cast.home, household=cast.meis, agreed="x", by=cast.he, at=clock.now())
    refused("consent_missing", lambda: HouseFile.objects.open(cast.home_west, cast.lus, " ", by=cast.as_("he")))
    refused("not_living_here", lambda: HouseFile.objects.open(cast.home_west, cast.meis, "电话", by=cast.as_("he")))
    for who in ("mei", "ming"):
        with pytest.raises(NotAllowed):
            HouseFile.objects.open(cast.home_west, cast.lus, "电话", by=cast.as_(who))
    assert [HouseFile.objects.visible_to(cast.as_(who)).count() for who in ("mei", "lu", "he", "ming", "fang", "zhou")] == [1, 0, 1, 1, 0, 0]
    file.end(by=cast.as_("mei"))
    refused("already_done", lambda: file.install("gas", "热水器", by=cast.as_("he")))
    assert checks_due(cast.sunny, clock.now()) == 0


def test_the_file_ends_with_the_household(cast, file):
    """VAS-14, HSE-14: who moved out reads nothing of the next household's home; that one may order its own."""
    Occupancy.objects.end(cast.home, cast.meis, on=clock.today(cast.sunny), kinds=["owner", "tenant"])
    later = clock.now() + timedelta(days=2)
    assert checks_due(cast.sunny, later) == 0
    file.refresh_from_db()
    assert file.ended_at == later and Event.objects.filter(action="house_file.ended", subject_id=file.pk).exists()


def test_from_diagnosis_to_report_and_again(cast, file):
    """VAS-14: a task with its home when the day comes, once; one report for each diagnosis, among the household's papers and told to it; a year later anew."""
    set_to(cast, clock.now(), "book.posts.adopted", True)
    generate(clock.now(), cast.sunny)
    heater = file.install("gas", "热水器", brand="万和", by=cast.as_("he"))
    refused("incomplete", lambda: file.install("rocket", "x", by=cast.as_("he")))
    refused("not_diagnosed", lambda: file.report("换软管", by=cast.as_("he")))
    order = ServiceOrder.objects.place(cast.home, cast.meis, "indoor_repair", details={"part": "水"}, words="漏水", by=cast.as_("mei"))
    today = clock.today(cast.sunny)
    file.mend(heater, today, "换软管", order=order, by=cast.as_("he"))
    with pytest.raises(Refused), transaction.atomic():
        file.mend(heater, today, "又一次", order=order, by=cast.as_("he"))
    refused("incomplete", lambda: file.mend(heater, today + timedelta(days=1), "明天", by=cast.as_("he")))
    record = diagnose(cast, file)
    assert [row[1:] for row in answers(record) if row[1] == "bad"] == [("bad", "软管老化")]
    paper = file.report("半年内更换燃气软管", by=cast.as_("he"), at=clock.now() + timedelta(hours=1))
    assert paper.kind == HouseholdDocument.Kind.REPORT and paper.household_id == cast.meis.pk and paper.file.read()[:5] == b"%PDF-"
    refused("already_done", lambda: file.report("再", by=cast.as_("he"), at=clock.now() + timedelta(hours=1)))
    tell(clock.now() + timedelta(hours=2))
    assert Delivery.objects.filter(person=cast.mei, title="屋宇健康管理报告已出具").exists()
    assert [str(event.action) for event in Event.objects.about(file)] == [f"house_file.{word}" for word in ("opened", "installed", "mended", "check_due", "reported")]
    assert [checks_due(cast.sunny, clock.now() + timedelta(days=days)) for days in (364, 365, 366)] == [0, 1, 0]


def test_the_pages(cast, file, client):
    """VAS-14: the desk keeps it, a mistake keeps what was typed; the household orders, reads and gives it up."""
    def get(who, name, *args):
        client.force_login(getattr(cast, who))
        return client.get(reverse(f"services:{name}", args=["sunny", *args]))

    assert [get(who, "house", file.pk).status_code for who in ("he", "ming", "fang", "zhou", "mei")] == [200, 200, 404, 404, 404]
    client.force_login(cast.he)
    wrong = client.post(reverse("services:houses", args=["sunny"]), {"room": "5-1-101", "agreed": ""})
    assert wrong.status_code == 422 and "5-1-101" in wrong.content.decode()
    item = reverse("services:house_item", args=["sunny", file.pk])
    bad = client.post(item, {"kind": "gas", "name": "热水器", "installed_on": "2026-02-01", "warranty_until": "2025-01-01"})
    assert bad.status_code == 409 and "热水器" in bad.content.decode()
    assert client.post(item, {"kind": "gas", "name": "热水器"}).status_code == 302
    kept = file.items.get()
    mend = reverse("services:house_repair", args=["sunny", file.pk])
    assert client.post(mend, {"item": kept.pk, "on": "2026-03-09", "words": "清洗"}).status_code == 302 and HouseRepair.objects.get().words == "清洗"
    assert client.post(reverse("services:house_report", args=["sunny", file.pk]), {"advice": "x"}).status_code == 409
    assert "热水器" in get("mei", "mine_house").content.decode() and "热水器" not in get("lu", "mine_house").content.decode()
    there = reverse("services:mine_house", args=["sunny"])
    client.force_login(cast.lu)
    assert client.post(there, {"room": "3-1-501"}).status_code == 404 and client.post(there, {"room": "5-1-101"}).status_code == 302
    assert HouseFile.objects.filter(unit=cast.home_west, household=cast.lus).exists()
