"""Plans, drills and hazards (EMG-04, EMG-06, EMG-08, EMG-13, EMG-15, EMG-23, PAT-13, F-71, F-89)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from guanjia import clock
from guanjia.duties.models.finishable import Shot
from guanjia.emergencies.book import EmergencyBook, emergency_book
from guanjia.emergencies.drilling import asked_for, startable
from guanjia.emergencies.ladder import run_once
from guanjia.emergencies.models import Emergency, Evaluation, Hazard, Measure, Plan, PlanReading
from guanjia.events.models import Event
from guanjia.notices.loop import run_once as tell
from guanjia.notices.models import Delivery
from guanjia.tenancy.errors import NotAllowed
from tests.decoration.test_decoration import refused
from tests.duties.doing import photo, task
from tests.reports.test_proofs import ask, broken

GOOD = dict.fromkeys(emergency_book().points, "ok")
WHERE = "集合点：中心花园；燃气总阀在单元东侧"


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


def test_a_plan_is_issued_read_and_issued_anew(cast):
    """EMG-06, F-71: a version keeps its tasks and where things are; who reads it again says nothing; a new one is read anew."""
    with pytest.raises(NotAllowed):
        Plan.objects.issue("fire", WHERE, by=cast.as_("ming"))
    refused("words_missing", lambda: Plan.objects.issue("fire", " ", by=cast.as_("qian")))
    first = Plan.objects.issue("fire", WHERE, by=cast.as_("qian"))
    assert first.acknowledge(by=cast.as_("ming")) and not first.acknowledge(by=cast.as_("ming"))
    tell(clock.now())
    assert Delivery.objects.filter(channel="inbox", person_id=cast.zhou.pk).exists() and not Delivery.objects.filter(person_id=cast.mei.pk).exists()
    second = Plan.objects.issue("fire", WHERE + "，改到南门", by=cast.as_("qian"))
    assert (second.number, Plan.objects.newest(cast.sunny)["fire"]) == (2, second) and not second.readings.exists()
    assert Emergency.objects.start("fire", building=cast.b3, by=cast.as_("ming")).plan == second


def test_proof_of_plans_and_who_read_them(cast):
    """EMG-04, EMG-23: the three scenarios have plans; a fortnight later whoever has not read is a breach."""
    assert ask(cast, "emergency_plans_complete") == (1, 0)
    old = clock.now() - timedelta(days=20)
    plans = [Plan.objects.issue(kind, WHERE, by=cast.as_("qian"), at=old) for kind in ("fire", "lift", "security")]
    assert ask(cast, "emergency_plans_complete") == (1, 1) and ask(cast, "emergency_plans_read") == (3, 0)
    from guanjia.people.models import Person, Post

    everybody = Post.objects.values_list("person_id", flat=True).distinct()
    PlanReading.objects.bulk_create(PlanReading(estate=cast.sunny, plan=plans[0], person=person, at=old) for person in Person.objects.filter(pk__in=everybody))
    assert ask(cast, "emergency_plans_read") == (3, 1)


def test_the_book_is_checked(tmp_path):
    """A task of a post that nobody knows, a number that is not there."""
    said = emergency_book().model_dump(by_alias=True)
    said["kinds"]["fire"]["tasks"][0]["role"] = "wizard"
    with pytest.raises(ValueError, match="wizard"):
        EmergencyBook.model_validate(said)
    said = emergency_book().model_dump(by_alias=True)
    said["kinds"]["fire"]["calls"] = ["999"]
    with pytest.raises(ValueError, match="999"):
        EmergencyBook.model_validate(said)


def test_a_drill_goes_the_same_way_and_is_evaluated(cast):
    """EMG-08, EMG-15: started by a commander, tasks as in earnest, residents told nothing unless it says so; bad points need a rectification."""
    with pytest.raises(NotAllowed):
        Emergency.objects.start("fire", building=cast.b3, drill=True, by=cast.as_("zhou"))
    row = Emergency.objects.start("fire", building=cast.b3, drill=True, by=cast.as_("sun"))
    real = Emergency.objects.start("fire", building=cast.b3, by=cast.as_("sun"))
    assert real != row and row.number.startswith("YL") and row.orders.count() == real.orders.count()
    assert row.tell_area("请配合疏散", buildings=[cast.b3.pk], by=cast.as_("sun")).words.startswith("【演练】")
    refused("drill", lambda: row.affect(cast.home, "没有", by=cast.as_("sun")))
    refused("wrong_stage", lambda: Evaluation.objects.evaluate(row, GOOD, 30, "好的", by=cast.as_("zhao")))
    row.stand_down("演练结束", by=cast.as_("sun"))
    refused("points_missing", lambda: Evaluation.objects.evaluate(row, {}, 30, "好的", by=cast.as_("zhao")))
    bad = GOOD | {"talk": "bad"}
    refused("measure_first", lambda: Evaluation.objects.evaluate(row, bad, 30, "对讲不通", by=cast.as_("zhao")))
    measure = Measure.objects.ask(row, "更换对讲机电池", cast.sun, date(2026, 3, 20), by=cast.as_("zhao"))
    judged = Evaluation.objects.evaluate(row, bad, 30, "对讲不通", by=cast.as_("zhao"))
    row.refresh_from_db()
    assert row.stage == "archived" and judged.paper.read()[:5] == b"%PDF-" and measure.rectification.responsible_id == cast.sun.pk
    assert ask(cast, "emergency_drill_held") == (1, 1) and ask(cast, "drills_evaluated") == (1, 1)
    refused("wrong_stage", lambda: Evaluation.objects.evaluate(row, GOOD, 30, "再来", by=cast.as_("zhao")))


def test_an_evaluated_drill_does_the_duty_that_asked_for_it(cast):
    """EMG-08, EMG-15: one task, one drill; with the evaluation its record is filed with figures and photo; proven as drilled."""
    asks = task(cast, person="zhao", form="drill", key="emg_fire_check", proof=["photo"])
    boss = cast.as_("zhao")
    assert list(startable(boss, clock.now())) == [asks] and not startable(cast.as_("zhou"), clock.now()).exists()
    refused("wrong_task", lambda: Emergency.objects.start("fire", building=cast.b3, task=asks, by=boss))
    alarm = Emergency.objects.start("lift", building=cast.b3, drill=True, task=asks, by=boss)
    refused("task_taken", lambda: Emergency.objects.start("fire", building=cast.b3, drill=True, task=asks, by=boss))
    alarm.stand_down("没有演成", false_alarm=True, by=boss)
    row = Emergency.objects.start("fire", building=cast.b3, words="模拟起火", drill=True, task=asks, by=boss)
    assert not startable(boss, clock.now()).exists() and list(asked_for(boss)) == [asks]
    later = clock.now() + timedelta(minutes=24, seconds=10)
    row.stand_down("演练结束", by=boss, at=later)
    refused("photo_missing", lambda: Evaluation.objects.evaluate(row, GOOD, 43, "疏散有序", by=boss, at=later))
    asks.refresh_from_db()
    assert not asks.done_at and Emergency.objects.get(pk=row.pk).stage == "down"
    Evaluation.objects.evaluate(row, GOOD, 43, "疏散有序", photos=[photo()], by=boss, at=later)
    asks.refresh_from_db()
    record = asks.records.get()
    assert asks.done_by_id == cast.zhao.pk and record.photos.count() == 1
    assert {name: said["value"] for name, said in record.answers.items()} == {"scenario": f"{row.title} {row.where} 模拟起火", "present": 43, "minutes": 25, "shortcomings": "疏散有序"}
    refused("wrong_task", lambda: Emergency.objects.start("gas", building=cast.b3, drill=True, task=asks, by=boss))
    assert ask(cast, "drill_tasks_drilled") == (1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Emergency.objects.filter(pk=row.pk).update(drill=False)


def test_a_drill_of_paper_is_none(cast):
    """EMG-08: a record that was only filled in is a breach of the clause; the log's picture serves where the duty wants one."""
    asks = [task(cast, person="zhao", form="drill", key=key, proof=["photo"]) for key in ("paper", "held")]
    boss = cast.as_("zhao")
    asks[0].finish(by=boss, answers={"scenario": "火警", "present": "9", "minutes": "5"}, photos=[Shot(photo())])
    row = Emergency.objects.start("fire", building=cast.b3, drill=True, task=asks[1], by=boss)
    row.log("集合", photos=[photo(3)], by=boss)
    row.stand_down("演练结束", by=boss)
    Evaluation.objects.evaluate(row, GOOD, 12, "好的", by=boss)
    asks[1].refresh_from_db()
    assert asks[1].done_at and asks[1].records.get().photos.count() == 1 and ask(cast, "drill_tasks_drilled") == (2, 1)


def test_pages_of_a_drill_that_a_duty_asks_for(cast, client):
    """The drills' page offers it, the start names it, the evaluation brings the photo."""
    asks = task(cast, person="zhao", form="drill", key="emg_fire_check", proof=["photo"])
    client.force_login(cast.zhao)
    there = reverse("emergencies:drills", args=["sunny"])
    assert f"?drill=1&amp;task={asks.pk}" in client.get(there).content.decode() or f"?drill=1&task={asks.pk}" in client.get(there).content.decode()
    start = reverse("emergencies:start", args=["sunny"])
    assert asks.title in client.get(f"{start}?drill=1&task={asks.pk}").content.decode()
    client.post(start, {"kind": "fire", "drill": "1", "task": asks.pk, "place": "车库"})
    row = Emergency.objects.get()
    assert row.task == asks and "已启动，等评估" in client.get(there).content.decode()
    row.stand_down("演练结束", by=cast.as_("zhao"))
    assert "随之完成" in client.get(reverse("emergencies:after", args=["sunny", row.pk])).content.decode()
    client.post(reverse("emergencies:evaluation", args=["sunny", row.pk]), {**GOOD, "present": "12", "words": "好的", "photos": photo()})
    asks.refresh_from_db()
    assert asks.done_at and asks.records.get().photos.count() == 1


def test_a_hazard_is_found_planned_cleared(cast):
    """EMG-13, F-89, PAT-13: by anybody, due by its severity; measure and person; cleared with words by who answers for it."""
    refused("incomplete", lambda: Hazard.objects.find("线头外露", "odd", "3 栋", by=cast.as_("zheng")))
    with pytest.raises(NotAllowed):
        Hazard.objects.find("线头外露", "high", "3 栋", by=cast.as_("mei"))
    row = Hazard.objects.find("线头外露", "high", "大堂", building=cast.b3, measure="已围挡", photo=photo(), by=cast.as_("zheng"))
    assert row.due_at == clock.now() + timedelta(hours=24) and row.zone_id == cast.east.pk
    with pytest.raises(NotAllowed):
        row.clear("包好了", by=cast.as_("zhou"))
    row.plan("重新接线", cast.zhou, by=cast.as_("ming"))
    refused("words_missing", lambda: row.clear("", by=cast.as_("zhou")))
    row.clear("已重新接线", by=cast.as_("zhou"), photo=photo(2))
    refused("already_done", lambda: row.clear("again", by=cast.as_("zhou")))
    assert ask(cast, "hazards_cleared_in_time") == (1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Hazard.objects.filter(pk=row.pk).update(cleared_words="")


def test_who_no_longer_answers_for_a_hazard_does_not_clear_it(cast):
    """The row is read anew: a page opened before it went to somebody else gives nothing."""
    row = Hazard.objects.find("线头外露", "high", "大堂", by=cast.as_("zheng"))
    row.plan("重新接线", cast.zhou, by=cast.as_("ming"))
    stale = Hazard.objects.get(pk=row.pk)
    row.plan("请外单位来", cast.wu, by=cast.as_("ming"))
    with pytest.raises(NotAllowed):
        stale.clear("包好了", by=cast.as_("zhou"))


def test_a_late_hazard_climbs_once(cast):
    row = Hazard.objects.find("消防通道被占", "grave", "5 栋北侧", by=cast.as_("zheng"))
    row.plan("拖车", cast.sun, by=cast.as_("zhao"))
    for hours, count in ((1, 0), (3, 1), (4, 1), (28, 2)):
        with clock.at(row.found_at + timedelta(hours=hours)):
            run_once(clock.now(), cast.sunny)
            assert Event.objects.about(row).filter(action="hazard.late").count() == count
    with clock.at(row.found_at + timedelta(hours=28)):
        tell(clock.now())
        assert Delivery.objects.filter(person_id=cast.sun.pk, title="隐患超时未消除").count() == 2
        assert Delivery.objects.filter(person_id=cast.qian.pk, title="隐患超时未消除").count() == 1
    assert broken(cast, "hazards_cleared_in_time") == ["消防通道被占"] or ask(cast, "hazards_cleared_in_time")[0] <= 1


def test_pages_of_plans_and_hazards(cast, client):
    """What was typed stays; a plan is issued, read, printed; a hazard is found with a picture, cleared, exported."""
    def url(name, *args):
        return reverse(f"emergencies:{name}", args=["sunny", *args])

    client.force_login(cast.zhao)
    assert client.post(url("issue", "fire"), {"words": ""}).status_code == 422
    assert client.post(url("issue", "party"), {"words": WHERE}).status_code in (404, 409)
    assert WHERE in client.post(url("issue", "fire"), {"words": WHERE}, follow=True).content.decode()
    client.post(url("reading", Plan.objects.get().pk))
    assert PlanReading.objects.filter(person_id=cast.zhao.pk).exists()
    assert client.get(url("plan_paper", "fire")).content[:5] == b"%PDF-"
    bad = client.post(url("hazard_new"), {"words": "地砖翘起", "where": "3 栋门口"})
    assert bad.status_code == 422 and "地砖翘起" in bad.content.decode()
    client.post(url("hazard_new"), {"words": "地砖翘起", "where": "3 栋门口", "severity": "low", "photos": photo()})
    row = Hazard.objects.get()
    assert client.get(url("hazard_photo", row.pk, "found")).status_code == 200 and client.get(url("hazard_photo", row.pk, "cleared")).status_code == 404
    client.post(url("hazard_plan", row.pk), {"person": cast.zhou.pk, "measure": "重铺"})
    client.post(url("hazard_clearance", row.pk), {"words": "已重铺"})
    row.refresh_from_db()
    assert row.cleared_words == "已重铺" and row.responsible_id == cast.zhou.pk
    assert b"".join(client.get(url("hazards") + "?xlsx=1").streaming_content)[:2] == b"PK"
    assert client.get(url("hazards") + "?show=cleared&severity=low").status_code == 200
