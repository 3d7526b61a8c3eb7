"""Emergencies from the tap to the archive (EMG-01, EMG-02, EMG-05, EMG-06, EMG-09..11, EMG-20, EMG-26, REQ-25, F-71, F-87)."""

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import ProgrammingError, connections, transaction
from django.urls import reverse

from guanjia import clock
from guanjia.duties.models import Absence, Roster
from guanjia.emergencies.book import emergency_book
from guanjia.emergencies.contacts import tree
from guanjia.emergencies.ladder import run_once
from guanjia.emergencies.models import Analysis, Emergency, LogEntry, Measure
from guanjia.events.models import Event
from guanjia.notices.loop import run_once as tell
from guanjia.notices.models import Delivery
from guanjia.people.models import CompanyPost, Person
from guanjia.people.reach import reach_of
from guanjia.rulebooks.books import books, duties
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.scope import estate_scope
from tests.cast import build_cast
from tests.decoration.test_decoration import refused
from tests.duties.doing import photo
from tests.duties.doing import signature as drawing
from tests.reports.test_proofs import ask, broken

NIGHT = datetime(2026, 3, 10, 18, 30, tzinfo=UTC)  # 02:30 at the estate, the next morning
SAID = {"cause": "电动车充电短路", "course": "保安到场扑灭", "measures": "楼道禁止充电，加装烟感", "lessons": "夜班增加巡查", "liable": ""}


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def fire(cast):
    """郑保安 sees smoke in building 3."""
    return Emergency.objects.start("fire", building=cast.b3, place="1 单元 5 楼走道", words="有烟", by=cast.as_("zheng"))


def order(emergency, key):
    return emergency.orders.select_related("emergency__building").get(key=key)


def told(person):
    return [row.title for row in Delivery.objects.filter(person_id=person.pk, channel="inbox").order_by("pk")]


def test_tasks_go_at_once_to_who_is_on_duty(cast, fire):
    """EMG-09, EMG-11: each post's people of this moment with the plan's minutes; the zone's own steward, the leader for what nobody holds."""
    given = {row.key: row for row in fire.orders.all()}
    assert set(given) == {task.key for task in emergency_book().kinds["fire"].tasks}
    assert given["site"].people == [cast.ming.pk] and given["call"].people == [cast.jing.pk] and set(given["repair"].people) == {cast.zhou.pk, cast.wu.pk}
    assert given["call"].due_at == clock.now() + timedelta(minutes=2) and given["call"].on_duty
    tell(clock.now())
    notice = Delivery.objects.get(person_id=cast.ming.pk, channel="inbox")
    assert notice.urgent and notice.title == "{kind}应急：{where}" and not Delivery.objects.filter(person_id=cast.mei.pk).exists()


def test_at_night_the_shift_is_woken_and_others_are_called_in(cast):
    """EMG-03, EMG-10: the night shift first; where nobody is in their shift the holders of the post are called in; who is away is passed over."""
    day = date(2026, 3, 10)
    for person, shift in ((cast.zhou, "night"), (cast.wu, "day")):
        Roster.objects.create(estate=cast.sunny, person=person, day=day, shift=shift)
    Absence.objects.create(estate=cast.sunny, person=cast.ming, cover=cast.fang, during=(day, date(2026, 3, 20)))
    with clock.at(NIGHT):
        row = Emergency.objects.start("flood", building=cast.b3, by=cast.as_("zheng"))
        assert order(row, "repair").people == [cast.zhou.pk]
        assert order(row, "site").people == [cast.fang.pk] and not order(row, "site").on_duty


def test_a_double_tap_is_harmless_and_two_see_one_fire(cast, fire):
    """EMG-09: the same place and kind is joined, not started twice; another building is another emergency."""
    again = Emergency.objects.start("fire", building=cast.b3, by=cast.as_("zheng"))
    assert again == fire and fire.entries.count() == 1
    assert Emergency.objects.start("fire", building=cast.b3, words="浓烟", by=cast.as_("ming")) == fire
    assert fire.entries.count() == 2 and fire.orders.count() == 8
    assert Emergency.objects.start("fire", building=cast.b5, by=cast.as_("zheng")) != fire
    with pytest.raises(NotAllowed):
        Emergency.objects.start("fire", by=cast.as_("mei"))
    refused("no_such_kind", lambda: Emergency.objects.start("party", by=cast.as_("ming")))


def test_who_joins_says_where_they_see_it(cast, fire):
    """EMG-09: the second place is written down; the same words tapped twice are not."""
    assert Emergency.objects.start("fire", building=cast.b3, place="2 单元 9 楼", by=cast.as_("ming")) == fire
    assert fire.entries.order_by("pk").last().words == "也来报警 2 单元 9 楼"
    Emergency.objects.start("fire", building=cast.b3, place=fire.place, words=fire.words, by=cast.as_("zheng"))
    assert fire.entries.count() == 2


def test_nothing_chosen_is_not_everybody(cast, client):
    """The whole estate is woken only where it was said."""
    row = Emergency.objects.start("flood", place="地下车库", by=cast.as_("jing"))
    client.force_login(cast.jing)
    address = reverse("emergencies:notice", args=["sunny", row.pk])
    client.post(address, {"words": "请尽快挪车", "reach": "some"})
    assert not row.notices.exists()
    client.post(address, {"words": "请尽快挪车", "reach": "some", "buildings": cast.b3.pk})
    client.post(address, {"words": "请全体挪车", "reach": "all"})
    assert [notice.buildings for notice in row.notices.order_by("pk")] == [[cast.b3.pk], []]


def test_the_aftermath_takes_odd_words_and_shows_no_names(cast, client, fire):
    """Nonsense for an amount or a home is refused; who may not read households sees the room alone; once archived nothing is asked for."""
    fire.stand_down("已扑灭", by=cast.as_("sun"))
    fire.affect(cast.home, "走道熏黑", by=cast.as_("ming"))
    claim = fire.claim("平安财险", "P-1", Decimal("1200"), by=cast.as_("zhao"))
    client.force_login(cast.zhao)
    for odd in ("NaN", "sNaN", "Infinity", "1e99", "abc"):
        client.post(reverse("emergencies:claim_closure", args=["sunny", claim.pk]), {"outcome": "paid", "paid": odd})
        client.post(reverse("emergencies:damages", args=["sunny", fire.pk]), {"item": "地板", "amount": odd})
    assert client.post(reverse("emergencies:damages", args=["sunny", fire.pk]), {"item": "地板", "home": "999999"}).status_code == 404
    claim.refresh_from_db()
    assert not claim.closed_at and not fire.damages.exists()
    page = reverse("emergencies:after", args=["sunny", fire.pk])
    assert cast.meis.name in client.get(page).content.decode()
    client.force_login(cast.zheng)
    shown = client.get(page).content.decode()
    assert cast.home.code in shown and cast.meis.name not in shown
    Emergency.objects.filter(pk=fire.pk).update(stage="archived", archived_at=clock.now())
    refused("wrong_stage", lambda: Measure.objects.ask(fire, "加装烟感", cast.zhou, date(2026, 3, 20), by=cast.as_("zhao")))


def test_the_company_asks_the_insurer(cast, fire):
    """EMG-05: who reviews claims, also who commands nobody at the estate."""
    fire.stand_down("已扑灭", by=cast.as_("sun"))
    director = Person.objects.create(username="director", name="钟总", company=cast.company, kind=Person.Kind.STAFF)
    CompanyPost.objects.create(company=cast.company, person=director, role="company_quality", during=(date(2026, 1, 1), None))
    reach = reach_of(director, cast.sunny)
    assert reach.may("emergency.review") and not reach.may("emergency.command")
    assert fire.claim("平安财险", "P-1", Decimal("1200"), by=reach).pk


def test_tasks_are_done_once_by_whose_they_are(cast, fire):
    """EMG-01: on my way, done; another post's person may not; a commander may send one more."""
    site = order(fire, "site")
    with pytest.raises(NotAllowed):
        site.finish(by=cast.as_("zhou"))
    site.take(by=cast.as_("ming"))
    site.take(by=cast.as_("ming"))
    site.finish("已清点 12 户", by=cast.as_("ming"), photo=photo())
    assert (site.taken_by_id, site.done_by_id) == (cast.ming.pk, cast.ming.pk)
    refused("already_done", lambda: site.finish(by=cast.as_("ming")))
    repair = order(fire, "repair")
    repair.give(cast.he, by=cast.as_("sun"))
    assert cast.he.pk in order(fire, "repair").people
    refused("already_given", lambda: order(fire, "repair").give(cast.he, by=cast.as_("sun")))
    lines = [entry.kind for entry in fire.entries.order_by("pk")]
    assert lines == ["start", "task", "task", "task"] and fire.entries.exclude(photo="").count() == 1


def test_a_late_task_is_told_rung_by_rung_once(cast, fire):
    """EMG-09, EMG-20: at its minute its people, then the supervisor, then the manager; run again, nothing."""
    call, now = order(fire, "call"), clock.now()
    for minutes, heard in ((2, ["jing"]), (7, ["jing", "zhao"]), (17, ["qian"])):
        with clock.at(now + timedelta(minutes=minutes)):
            run_once(clock.now(), cast.sunny)
            run_once(clock.now(), cast.sunny)
            last = Event.objects.about(fire).filter(action="emergency.order_late", particulars__title=call.title).last()
            tell(clock.now())
            assert {row.person_id for row in Delivery.objects.filter(event_id=last.pk, channel="inbox")} == {getattr(cast, name).pk for name in heard}
    assert Event.objects.about(fire).filter(action="emergency.order_late", particulars__title=call.title).count() == 3


def test_residents_of_the_building_hear_at_night(cast):
    """Area-wide notice: those who live there, whatever the hour; nobody else sees it; the end is told to the same."""
    with clock.at(NIGHT):
        row = Emergency.objects.start("fire", building=cast.b3, by=cast.as_("zheng"))
        cast.mei.email = "mei@example.com"
        cast.mei.save()
        with pytest.raises(NotAllowed):
            row.tell_area("请下楼避险", buildings=[cast.b3.pk], by=cast.as_("zheng"))
        notice = row.tell_area("请下楼避险", buildings=[cast.b3.pk], by=cast.as_("jing"))
        tell(clock.now())
        assert notice.homes == 1 and told(cast.mei) == ["紧急通知：{kind}"] and not told(cast.lu)
        assert Delivery.objects.get(person_id=cast.mei.pk, channel="email").next_at is None  # sent, not kept for the morning
        assert Emergency.objects.visible_to(cast.as_("mei")).count() == 1 and not Emergency.objects.visible_to(cast.as_("lu")).exists()
        row.stand_down("已扑灭", by=cast.as_("sun"))
        tell(clock.now())
        assert told(cast.mei)[-1] == "{kind}已解除" and not told(cast.lu)
        refused("wrong_stage", lambda: row.stand_down("again", by=cast.as_("sun")))


def test_the_log_is_never_changed(cast, fire):
    """EMG-06: the application's role may not change or take away a line."""
    fire.log("消防车已到", by=cast.as_("wu"), photos=[photo(), photo()])
    assert fire.entries.filter(kind="note").count() == 2
    for attempt in (lambda: LogEntry.objects.update(words="x"), lambda: LogEntry.objects.all().delete()):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            attempt()


def test_from_the_stand_down_to_the_archive(cast, fire):
    """EMG-01, EMG-05, REQ-25, F-71, F-87: homes visited, damage, insurer, declared, measures; written by one, signed by another, frozen."""
    for key, who in (("site", "ming"), ("call", "jing"), ("report", "zhao"), ("repair", "zhou")):
        order(fire, key).finish(by=cast.as_(who))
    fire.stand_down("已扑灭", by=cast.as_("sun"))
    home = fire.affect(cast.home, "走道熏黑，门锁损坏", by=cast.as_("ming"))
    refused("clash", lambda: fire.affect(cast.home, "又一次", by=cast.as_("ming")))
    fire.note_damage("入户门", Decimal("1200"), home=home, by=cast.as_("ming"))
    with pytest.raises(NotAllowed):
        fire.claim("平安财险", "P-1", Decimal("1200"), by=cast.as_("ming"))
    claim = fire.claim("平安财险", "P-1", Decimal("1200"), by=cast.as_("zhao"))
    refused("incomplete", lambda: claim.close("paid", None, by=cast.as_("zhao")))
    claim.close("paid", Decimal("1000"), by=cast.as_("zhao"))
    fire.declare("街道应急办", by=cast.as_("zhao"))
    refused("incomplete", lambda: Analysis.objects.write(fire, {**SAID, "cause": ""}, by=cast.as_("zhao")))
    report = Analysis.objects.write(fire, SAID, by=cast.as_("zhao"))
    refused("own_matter", lambda: report.sign(drawing(), by=cast.as_("zhao")))
    report.send_back("补责任", by=cast.as_("qian"))
    refused("returned", lambda: report.sign(drawing(), by=cast.as_("qian")))
    report = Analysis.objects.write(fire, {**SAID, "liable": "车主"}, by=cast.as_("zhao"))
    refused("not_visited", lambda: report.sign(drawing(), by=cast.as_("qian")))
    home.visited("已道歉，协助换锁", by=cast.as_("ming"))
    Measure.objects.ask(fire, "5 楼加装烟感", cast.zhou, date(2026, 3, 20), by=cast.as_("zhao"))
    report.sign(drawing(), by=cast.as_("qian"))
    fire.refresh_from_db()
    assert fire.stage == "archived" and report.paper.read()[:5] == b"%PDF-"
    for name in ("emergency_report_signed", "emergency_logged", "emergency_aftercare", "emergency_homes_visited", "emergency_declared"):
        assert ask(cast, name) == (1, 1), name
    assert ask(cast, "emergency_steward_came") == (1, 1) and ask(cast, "emergency_reported_up") == (1, 1)


def test_what_was_not_done_is_breached(cast, fire):
    """EMG-06, EMG-09, EMG-10: an ended emergency without report, tasks dropped after their time."""
    with clock.at(clock.now() + timedelta(hours=1)):
        fire.stand_down("已扑灭", by=cast.as_("sun"))
    Emergency.objects.filter(pk=fire.pk).update(report_due_at=clock.now() - timedelta(minutes=1))
    assert ask(cast, "emergency_guards_acted") == (3, 0) and ask(cast, "emergency_repairs_acted") == (1, 0)
    assert broken(cast, "emergency_report_signed") == ["fire 1 单元 5 楼走道"] and ask(cast, "emergency_logged") == (1, 0)
    run_once(clock.now(), cast.sunny)
    assert Event.objects.about(fire).filter(action="emergency.report_late").count() == 1


def test_a_false_alarm_is_archived_and_judged_nowhere(cast, fire):
    fire.stand_down("炒菜油烟触发", false_alarm=True, by=cast.as_("ming"))
    assert fire.stage == "archived" and ask(cast, "emergency_report_signed") == (0, 0) and ask(cast, "emergency_orders_in_time") == (0, 0)


def test_the_contact_tree_names_its_gaps(cast):
    """EMG-03, EMG-11: who is on duty first, who has no telephone, which level has nobody."""
    branches = {branch.key: branch for branch in tree(cast.sunny)}
    assert branches["company"].gaps == ["这一级没有人任职"] and branches["cleaning"].people == []
    assert any("没有登记电话" in gap and "周工" in gap for gap in branches["engineering"].gaps)
    assert branches["order"].people[0].on_duty


@pytest.mark.parametrize("name", ["board", "start", "contacts", "plans", "register", "drills", "hazards", "hazard_new"])
def test_pages_open(cast, client, name):
    """Every colleague; residents nothing; the tree and the plans may be kept for the time without signal."""
    address = reverse(f"emergencies:{name}", args=["sunny"])
    for who, status in (("zheng", 200), ("qian", 200), ("mei", 404)):
        client.force_login(getattr(cast, who))
        answer = client.get(address)
        assert answer.status_code == status, who
        if status == 200 and name in ("contacts", "plans", "board"):
            assert answer.headers["Guanjia-Keep"]


def test_pages_start_work_and_end(cast, client):
    """The phone's way: kind, place, one tap; the tap again; done, noted, told, stood down; the register as a workbook."""
    def post(name, *args, **said):
        return client.post(reverse(f"emergencies:{name}", args=["sunny", *args]), said, follow=True)

    client.force_login(cast.ming)
    assert "119" in client.get(reverse("emergencies:start", args=["sunny"]) + "?kind=fire").content.decode()
    assert client.post(reverse("emergencies:start", args=["sunny"]), {"kind": "fire", "building": "999"}).status_code == 422
    for _tap in range(2):
        assert "任务已发给当班人员" in post("start", kind="fire", building=cast.b3.pk, place="5 楼").content.decode()
    row = Emergency.objects.get()
    post("order_taking", order(row, "site").pk)
    post("order_completion", order(row, "site").pk)
    post("log", row.pk, phrase="火已扑灭", photos=photo())
    post("notice", row.pk, words="请从楼梯下楼", reach="some")
    assert row.notices.get().buildings == [cast.b3.pk] and order(row, "site").done_by_id == cast.ming.pk
    assert client.get(reverse("emergencies:scene", args=["sunny", row.pk]) + "?part=live").status_code == 200
    client.force_login(cast.mei)
    assert "请从楼梯下楼" in client.get(reverse("tickets:home", args=["sunny"])).content.decode()
    assert "请从楼梯下楼" in client.get(reverse("emergencies:mine", args=["sunny", row.pk])).content.decode()
    client.force_login(cast.zhao)
    post("stand_down", row.pk, words="已扑灭")
    assert client.post(reverse("emergencies:homes", args=["sunny", row.pk]), {"room": "9-9-999", "words": "进水", "hurt": 0}).status_code == 422
    post("homes", row.pk, room="3-1-501", words="进水", hurt=0)
    post("damages", row.pk, item="地板", amount="abc")
    post("damages", row.pk, item="地板", amount="300")
    assert row.homes.count() == 1 and row.damages.get().amount == Decimal("300.00")
    assert client.post(reverse("emergencies:report", args=["sunny", row.pk]), {"cause": "x"}).status_code == 422
    assert client.get(reverse("emergencies:paper", args=["sunny", row.pk])).content[:5] == b"%PDF-"
    file = b"".join(client.get(reverse("emergencies:register", args=["sunny"]) + "?xlsx=1").streaming_content)
    assert file[:2] == b"PK"


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_the_same_moment_start_one():
    """The database keeps it: one live emergency of a kind and building."""
    cache.clear()
    world, ready, made = build_cast(), threading.Barrier(2), []

    def tap(name):
        try:
            with estate_scope(world.sunny):
                reach = reach_of(getattr(world, name), world.sunny)
            ready.wait()
            made.append(Emergency.objects.start("fire", building=world.b3, by=reach).pk)
        except Refused as refusal:
            made.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tap, args=(name,)) for name in ("ming", "zheng")]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    with estate_scope(world.sunny):
        assert Emergency.objects.count() == 1 and made[0] == made[1]


def test_every_row_of_emergencies_has_its_evidence():
    """EMG-01..27: a duty, a named proof or events answer for every clause; none is without evidence."""
    kept = {row for _book, duty in duties().values() for row in duty.rows if not duty.register_only}
    clauses = {key: entry for book in books().values() for key, entry in book.clauses.items() if key.startswith("EMG-")}
    assert sorted(clauses) == [f"EMG-{n:02}" for n in range(1, 28)]
    assert not [key for key, entry in clauses.items() if not (entry.proof or entry.events or key in kept)]
