"""Pages of tasks, records, patrols and vacant houses (issue 3 points 4–6)."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from guanjia import clock
from guanjia.duties import sampling
from guanjia.duties.coverage import coverage
from guanjia.duties.models import Absence, Duty, Finding, Record, Suspicion, Task
from guanjia.duties.models.finishable import Shot
from guanjia.estates.marks import mark_of
from guanjia.estates.models import Building, Place, PlaceKind, UnitState
from guanjia.households.models import Occupancy
from guanjia.rulebooks.models import Parameter
from guanjia.tickets.models import Ticket

from .doing import answers, photo, task

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def at(client, cast):
    """`at("ming")` signs in; then `at.get("today/")`."""

    def enter(name):
        client.force_login(getattr(cast, name))
        return client

    return enter


def vacant(cast, slot="2026-03-01", person="ming", **changes):
    cast.home.state = UnitState.VACANT
    cast.home.save()
    todo = task(cast, person=person, subject=cast.home, form="vacant_unit_check", key="vac_inspect", slot=slot)
    return todo.finish(
        by=cast.as_(person), answers=answers("vacant_unit_check", **changes), photos=[Shot(photo(hash(slot) % 1000))]
    )


def page(client, name, *args, **query):
    return client.get(reverse(f"duties:{name}", args=["sunny", *args]), query)


# -- today ---------------------------------------------------------------------------------------------------------


def test_tasks_and_tickets_stand_in_one_list_in_due_order(at, cast):
    """Issue 3 point 5: by deadline, whatever it is."""
    todo = task(cast, due=5)
    late = task(cast, opens=-300, due=-30, slot="2026-03-09", key="pat_full_daily")
    Ticket.objects.report(
        by=cast.as_("mei"), estate=cast.sunny, words="漏水", unit=cast.home, household_id=cast.meis.pk
    )
    text = at("ming").get("/e/sunny/today/").content.decode()
    assert text.index(f'id="task-{late.pk}-line"') < text.index(f'id="task-{todo.pk}-line"') < text.index('id="ticket-')


def test_a_worker_sees_only_their_own_tasks(at, cast):
    mine = task(cast, person="zhou", subject=cast.lift, form="equipment_check", key="x")
    other = task(cast, person="wu", subject=cast.lift, form="equipment_check", key="y")
    text = at("zhou").get("/e/sunny/today/").content.decode()
    assert f"task-{mine.pk}-card" in text and f"task-{other.pk}-card" not in text
    assert at("zhou").get(f"/e/sunny/tasks/{other.pk}/").status_code == 404


def test_queries_do_not_grow_with_tasks(at, cast, django_assert_max_num_queries):
    client = at("ming")
    client.get("/e/sunny/today/")

    def count():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as caught:
            assert client.get("/e/sunny/today/").status_code == 200
        return len(caught)

    task(cast, slot="2026-03-10#0")
    few = count()
    for n in range(1, 12):
        task(cast, slot=f"2026-03-10#{n}", subject=cast.b3)
    assert count() == few


def test_a_label_leads_to_what_is_to_do_there(at, cast):
    todo = task(cast, person="zhou", subject=cast.lift, form="equipment_check", key="x", proof=["mark"])
    text = at("zhou").get(f"/e/sunny/q/{mark_of(cast.lift)}/").content.decode()
    assert f"/e/sunny/tasks/{todo.pk}/?mark=" in text


def test_only_marked_pages_may_be_kept(at, cast):
    """A phone keeps 今日 and one's tasks for the time without signal, nothing else."""
    todo = task(cast)
    client = at("ming")
    kept = [
        path
        for path in ("today/", f"tasks/{todo.pk}/", "tickets/", "inbox/", "patrols/")
        if client.get(f"/e/sunny/{path}").headers.get("Guanjia-Keep")
    ]
    assert kept == ["today/", f"tasks/{todo.pk}/"]
    assert client.get("/e/sunny/today/").headers["Guanjia-Keep"] == str(cast.ming.pk)


# -- finishing over the page ---------------------------------------------------------------------------------------


def test_a_form_that_is_refused_loses_nothing(at, cast):
    todo = task(cast)
    said = answers(staff="", cleaning="bad", cleaning__words="积水")
    answer = at("ming").post(f"/e/sunny/tasks/{todo.pk}/record/", said)
    text = answer.content.decode()
    assert answer.status_code == 422 and "积水" in text and "请选一项" in text and not Record.objects.exists()


def test_a_phone_sends_a_record_once(at, cast):
    """With photos by item, the phone's times and id; again the same answer."""
    todo, key = task(cast, due=-30, opens=-300), str(uuid.uuid4())
    done = clock.now() - timedelta(minutes=40)
    shot = str(uuid.uuid4())
    said = answers(engineering="bad", engineering__words="灯坏") | {
        "client_id": key, "person": str(cast.ming.pk), "done_at": done.isoformat(), "sent_at": clock.now().isoformat(), "offline": "1",
    }  # fmt: skip
    client = at("ming")
    first, again = (
        client.post(
            f"/e/sunny/tasks/{todo.pk}/record/", said | {"photos-engineering": photo(name=f"{shot}.jpg")}, **JSON
        )
        for _ in range(2)
    )
    record = Record.objects.get()
    assert first.status_code == again.status_code == 201 and first.json() == again.json() == {
        "record": record.pk,
        "late": False,
    }
    assert (record.done_at, record.offline, str(record.photos.get().client_id), record.photos.get().item) == (
        done,
        True,
        shot,
        "engineering",
    )


def test_nobody_sends_under_anothers_name(at, cast):
    """Kept on the phone by 李明, sent while 赵主管 is signed in: refused, and still there for 李明."""
    todo = task(cast)
    answer = at("zhao").post(f"/e/sunny/tasks/{todo.pk}/record/", answers() | {"person": str(cast.ming.pk)}, **JSON)
    assert answer.status_code == 409 and answer.json()["code"] == "other_person" and not Record.objects.exists()


def test_conflicts_are_told_to_the_phone(at, cast):
    todo = task(cast)
    todo.finish(by=cast.as_("zhao"), answers=answers())
    send = {"person": str(cast.ming.pk), "client_id": str(uuid.uuid4())}
    client = at("ming")
    answer = client.post(f"/e/sunny/tasks/{todo.pk}/record/", answers() | send, **JSON)
    assert answer.status_code == 409 and answer.json()["code"] == "already_done"
    answer = client.post(f"/e/sunny/tasks/{todo.pk}/record/", answers() | send | {"beside": "1"}, **JSON)
    assert answer.status_code == 201 and Record.objects.get(by=cast.ming).beside


def test_nonsense_from_a_phone_is_nothing(at, cast):
    todo = task(cast)
    said = answers() | {
        "client_id": "x",
        "done_at": "gestern",
        "began_at": "9999-01-01T00:00:00Z",
        "latitude": "NaN",
        "longitude": "inf",
        "accuracy": "-1",
        "mark": "x" * 500,
    }
    assert at("ming").post(f"/e/sunny/tasks/{todo.pk}/record/", said, **JSON).status_code == 201
    assert Record.objects.get().latitude is None
    for number, nonsense in enumerate(({"longitude": "NaN"}, {"longitude": "1", "latitude": "1", "accuracy": "NaN"})):
        again = task(cast, slot=f"2026-03-0{number + 1}")
        assert at("ming").post(f"/e/sunny/tasks/{again.pk}/record/", said | nonsense, **JSON).status_code == 201


def test_leave_lasts_within_reason(at, cast):
    """The day after the last day of all is no date: refused in words."""
    client = at("qian")
    leave = {"person": cast.ming.pk, "first": "0001-01-01", "last": "9999-12-31"}
    assert client.post("/e/sunny/roster/absence/", leave).status_code == 302
    assert not Absence.objects.exists()


def test_a_file_that_is_no_photo_is_refused_by_name(at, cast):
    from django.core.files.uploadedfile import SimpleUploadedFile

    todo = task(cast)
    answer = at("ming").post(
        f"/e/sunny/tasks/{todo.pk}/record/", answers() | {"photos": SimpleUploadedFile("virus.jpg", b"MZ")}, **JSON
    )
    assert answer.status_code == 422 and "virus.jpg" in answer.json()["words"] and not Record.objects.exists()


# -- records and the reviewer --------------------------------------------------------------------------------------


def test_a_reviewer_judges(at, cast):
    task(cast, opens=60).finish(by=cast.as_("ming"), answers=answers())
    doubt = Suspicion.objects.get()
    assert "早于时段" in page(at("zhao"), "doubts").content.decode()
    at("zhao").post(reverse("duties:verdict", args=["sunny", doubt.pk]), {"stands": "1", "why": "监控没见到人"})
    assert Task.objects.get().done_at is None
    assert page(at("ming"), "doubts").status_code == 404
    assert "不算数" in page(at("ming"), "record", doubt.record_id).content.decode()


def test_a_record_is_shown_within_reach_only(at, cast):
    record = task(cast).finish(by=cast.as_("ming"), answers=answers(), photos=[Shot(photo())])
    shot = record.photos.get()
    assert page(at("ming"), "photo", shot.pk).status_code == 200
    for name in ("fang", "zhou", "mei"):
        client = at(name)
        assert (
            page(client, "record", record.pk).status_code == 404 and page(client, "photo", shot.pk).status_code == 404
        )


# -- coverage (PAT-03) ---------------------------------------------------------------------------------------------


def test_coverage_counts_what_was_ticked_scanned_or_about(cast):
    """PAT-03: the whole zone in five days; buildings × days."""
    me = cast.as_("ming")
    other = Building.objects.create(estate=cast.sunny, number="7", order=7, zone=cast.east)
    third = Building.objects.create(estate=cast.sunny, number="9", order=9, zone=cast.east)
    task(cast).finish(by=me, answers=answers(covered=[str(other.pk)]))
    task(cast, slot="2026-03-09", subject=cast.lift, form="round_checkin", key="x").finish(
        by=me, answers=answers("round_checkin"), mark=mark_of(cast.e31)
    )
    found = coverage(me, 14)
    heat = {row.building.number: (sum(count for _day, count in row.days), row.covered) for row in found.rows}
    assert heat == {"3": (1, True), "7": (1, True), "9": (0, False)} and [row.building for row in found.left] == [third]
    with clock.at(clock.now() + timedelta(days=5)):
        assert [row.covered for row in coverage(me, 14).rows] == [False] * 3


def test_a_company_may_count_the_zone_as_a_whole(at, cast):
    """CF-57: every check point, unless the company says that a zone is covered once somebody was there."""
    Building.objects.create(estate=cast.sunny, number="7", order=7, zone=cast.east)
    Building.objects.create(estate=cast.sunny, number="8", order=8)
    task(cast).finish(by=cast.as_("ming"), answers=answers(covered=[str(cast.b3.pk)]))
    reach = cast.as_("qian")
    assert (coverage(reach, 14).seen, coverage(reach, 14).lacking) == (1, 3)
    Parameter.objects.set("patrol.coverage_unit", "zone", by=None, reason="试", estate=cast.sunny)
    found = coverage(reach, 14)
    assert {row.building.number: row.covered for row in found.rows} == {"3": True, "7": True, "5": False, "8": False}
    assert (found.seen, found.lacking, len(found.counted)) == (1, 2, 3)
    assert "还有 2 个片区" in page(at("qian"), "patrols").content.decode()


def test_a_record_that_does_not_count_covers_nothing(cast):
    task(cast, opens=60).finish(by=cast.as_("ming"), answers=answers(covered=[str(cast.b3.pk)]))
    assert coverage(cast.as_("ming"), 5).covered == 1
    Suspicion.objects.get().judge(True, "没去", by=cast.as_("zhao"))
    assert coverage(cast.as_("ming"), 5).covered == 0


def test_the_patrol_pages(at, cast):
    task(cast).finish(
        by=cast.as_("ming"), answers=answers(covered=[str(cast.b3.pk)], cleaning="bad", cleaning__words="积水")
    )
    for name, words in {"patrols": "楼栋 × 日", "route": "还没走到的楼栋", "findings": "积水"}.items():
        assert words in page(at("ming"), name).content.decode()


# -- vacant houses -------------------------------------------------------------------------------------------------


def test_the_absent_owner_is_told_with_photos(at, cast):
    """VAC-05: a message in the inbox that leads to the result and its photos; nobody else's."""
    from guanjia.notices import loop
    from guanjia.notices.models import Delivery

    record = vacant(cast, water="bad", water__words="阀门没关")
    loop.run_once(clock.now())
    told = set(
        Delivery.objects.filter(estate=cast.sunny, person__in=[cast.mei, cast.mr_mei, cast.lu]).values_list(
            "person__username", flat=True
        )
    )
    assert told == {"mei", "mr_mei"}
    client = at("mei")
    inbox = client.get("/e/sunny/inbox/").content.decode()
    assert "已巡视" in inbox
    text = page(client, "visit", record.pk).content.decode()
    assert "阀门没关" in text and "1 处要处理" in text
    assert page(client, "photo", record.photos.get().pk).status_code == 200
    assert page(at("lu"), "visit", record.pk).status_code == 404


def test_a_former_owner_sees_no_later_visit(at, cast):
    """VAC-05: the checks of a home, and their photos, are shown to whoever had it that day."""
    record = vacant(cast)
    today = clock.today(cast.sunny)
    had = Occupancy.objects.filter(estate=cast.sunny, unit=cast.home)
    for during, status in (
        ((today - timedelta(days=400), today), 404),  # sold: today it is another's
        ((today + timedelta(days=1), None), 404),  # bought tomorrow
        ((today, today + timedelta(days=1)), 200),
    ):
        had.update(during=during)
        assert page(at("mei"), "visit", record.pk).status_code == status
        assert page(at("mei"), "photo", record.photos.get().pk).status_code == status


def test_engineering_hears_of_a_defect_at_once(cast):
    """VAC-04: whoever leads the engineers, the repairers here, is told when the record comes in."""
    from guanjia.notices import loop
    from guanjia.notices.models import Delivery

    vacant(cast, gas="bad", gas__words="阀门没关")
    loop.run_once(clock.now())
    assert {"zhou", "wu"} <= set(
        Delivery.objects.filter(estate=cast.sunny, urgent=True).values_list("person__username", flat=True)
    )


def test_the_register_and_the_count(at, cast):
    """VAC-06, VAC-07: last check, next due, defects; vacant by zone and the months in figures."""
    vacant(cast, water="bad", water__words="阀门没关")
    following = task(cast, subject=cast.home, form="vacant_unit_check", key="vac_inspect", slot="2026-04-01")
    text = page(at("ming"), "vacant").content.decode()
    assert "3-1-501" in text and "水阀关闭" in text and f"/tasks/{following.pk}/" in text and "2026-03" in text
    assert "3-1-501" in page(at("ming"), "vacant", show="defects").content.decode()
    assert "阀门没关" in page(at("ming"), "vacant_unit", cast.home.pk).content.decode()
    assert page(at("ming"), "vacant_unit", cast.home_west.pk).status_code == 404


def test_the_supervisor_looks_again_at_a_sample_and_at_every_defect(cast):
    """VAC-07: drawn once a month, the same however often; last month's defects are always among them."""
    homes = [cast.home, cast.home_next, cast.home_west]
    for n, unit in enumerate(homes):
        bad = {"water": "bad", "water__words": "没关"} if unit == cast.home_west else {}
        todo = task(cast, person="zhao", subject=unit, form="vacant_unit_check", key="vac_inspect", slot="2026-03-01")
        todo.finish(by=cast.as_("zhao"), answers=answers("vacant_unit_check", **bad), photos=[Shot(photo(n))])
    with clock.at(clock.now() + timedelta(days=25)):
        made = sampling.draw(cast.sunny)
        rows = Task.objects.filter(key=sampling.KEY)
        assert made == rows.count() in (1, 2) and sampling.draw(cast.sunny) == 0
        assert cast.home_west in [row.unit for row in rows] and {row.person for row in rows} == {cast.zhao}
        one = rows.get(unit=cast.home_west)
        finding = Finding.objects.get()
        one.finish(
            by=cast.as_("zhao"),
            answers={**answers("vacant_unit_check"), f"recheck-{finding.pk}": "mended"},
            photos=[Shot(photo(9))],
        )
        finding.refresh_from_db()
        assert finding.mended_at


def test_labels_are_there_for_every_kind_of_place(at, cast):
    """QR sheets: boards as well."""
    for n, kind in enumerate(PlaceKind.values):
        Place.objects.create(estate=cast.sunny, code=f"p{n}", name=f"位置{n}", kind=kind)
    text = at("qian").get("/e/sunny/labels/").content.decode()
    assert all(f"位置{n}" in text for n in range(len(PlaceKind.values))) and "board" in PlaceKind.values


def test_forms_of_every_duty_can_be_opened(at, cast):
    """Each form draws, whatever items it has."""
    from guanjia.rulebooks.form_book import forms_book

    client = at("ming")
    for key in forms_book().forms:
        todo = task(
            cast, form=key, key=f"t_{key}"[:60], slot="2026-03-10", proof=["photo", "mark", "signature", "position"]
        )
        answer = client.get(f"/e/sunny/tasks/{todo.pk}/")
        assert answer.status_code == 200, key
        assert todo.finish(
            by=cast.as_("ming"),
            answers=answers(key) | {"signature": answers("handover")["signature"]},
            photos=[Shot(photo(3)), *_item_photos(key)],
        )
    assert Duty.objects.count() == len(forms_book().forms)


def _item_photos(key):
    from guanjia.rulebooks.form_book import form

    return [Shot(photo(4), name) for name, item in form(key).items.items() if item.kind == "photo"]
