"""今日 without signal, in Chromium with the network cut (issue 3 point 5). Pictures are left in artifacts/.

Nothing here sleeps: each step waits for a state of the page, of the service worker's cache or of the database.
"""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import segno
from django.test import Client
from playwright.sync_api import Error, expect

from guanjia import clock
from guanjia.duties.models import Record
from guanjia.emergencies.book import emergency_book
from guanjia.emergencies.models import Plan
from guanjia.estates.marks import mark_of
from guanjia.estates.models import UnitState
from guanjia.people.models import Person
from guanjia.people.reach import reach_of
from guanjia.tenancy.scope import estate_scope
from tests.browsing import PHONE, needs_browser, new_page, picture, sign_in, wait_ready
from tests.duties.doing import answers, photo, task

pytestmark = [pytest.mark.django_db(transaction=True), *needs_browser]
KEPT = "async path => Boolean(await (await caches.open('pages')).match(path))"
EMPTY = """() => new Promise(done => { const asked = indexedDB.open('guanjia'); asked.onsuccess = () => {
  const rows = asked.result.transaction('records').objectStore('records').count()
  rows.onsuccess = () => { asked.result.close(); done(rows.result === 0) } } })"""
DRAFTED = """() => new Promise(done => { const asked = indexedDB.open('guanjia'); asked.onsuccess = () => {
  const rows = asked.result.transaction('drafts').objectStore('drafts').getAll()
  rows.onsuccess = () => { asked.result.close(); done(rows.result.some(row => row.entries.some(entry => entry[2]) && row.entries.some(entry => entry[1] === '积水'))) } } })"""
PUT = """name => { const put = IDBObjectStore.prototype.put
  IDBObjectStore.prototype.put = function (...all) { if (this.name === name) throw new DOMException('full', 'QuotaExceededError'); return put.apply(this, all) } }"""


@pytest.fixture
def phones(opened):
    """`phones("ming")` → a page on a new phone, signed in; `page.context` is the phone."""
    return lambda name: opened(name, PHONE, has_touch=True, is_mobile=True)


@pytest.fixture
def todo(world):
    with estate_scope(world.sunny):
        return task(world, slot=f"{clock.today(world.sunny)}")


def until(page, question, arg=None, wanted=True):
    """Ask the page again and again until it says so; a minute at most."""
    ask = f"""async arg => {{ const asked = {question}
      for (let n = 0; n < 600; n++) {{ if ((await asked(arg)) === {str(wanted).lower()}) return true; await new Promise(done => setTimeout(done, 100)) }}
      return false }}"""
    for _navigated in range(5):  # the page may move on by itself while it is asked
        try:
            assert page.evaluate(ask, arg), question
            return
        except Error as gone:
            if "context was destroyed" not in str(gone):
                raise
            wait_ready(page)


def sent(page):
    """The device keeps no record any more: the house has them all."""
    until(page, EMPTY)


def ready_for_anything(page, *tasks):
    """今日 opened, the worker in charge, the page and its tasks kept."""
    page.goto("/e/sunny/today/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for path in ("/e/sunny/today/", *(f"/e/sunny/tasks/{row.pk}/" for row in tasks)):
        until(page, KEPT, path)
    until(page, "async () => Boolean(navigator.serviceWorker.controller)")


def open_task(page, todo):
    page.goto("/e/sunny/today/")
    page.locator(f"[data-task='{todo.pk}'] a").first.click()
    page.wait_for_selector("form[data-restored]")


def fill(page, bad=""):
    page.get_by_role("button", name="其余都合格").click()
    if bad:
        item = page.locator("[data-item=cleaning]")
        item.get_by_text("不合格").click()
        item.locator("textarea").fill(bad)


def finish(page):
    page.get_by_role("button", name="完成", exact=True).click()


def records(world):
    with estate_scope(world.sunny):
        return list(Record.objects.at_estate(world.sunny).select_related("task").order_by("pk"))


def cut(page):
    page.context.set_offline(True)
    until(page, "async () => !navigator.onLine")


def test_without_signal_nothing_is_lost_and_all_is_sent_once(world, phones, todo):
    """The whole way: list, form, photo and finish without signal; the page is killed; the signal returns; one record."""
    page = phones("ming")
    ready_for_anything(page, todo)
    cut(page)
    open_task(page, todo)
    expect(page.get_by_text("逐项检查")).to_be_visible()
    fill(page, "三栋大堂有积水")
    page.locator("[data-item=photos] input[type=file]").set_input_files(
        {"name": "hall.jpg", "mimeType": "image/jpeg", "buffer": photo(5).read()}
    )
    expect(page.locator("[data-item=photos] .picked")).to_have_count(1)
    finish(page)
    expect(page.get_by_text("已完成，等待发送")).to_be_visible()
    picture(page, "offline-1-waiting", full=False)
    assert not records(world)

    context = page.context
    page.close()  # killed
    again = new_page(context)
    again.goto("/e/sunny/today/")
    expect(again.locator("[data-outbox] .kept")).to_have_count(1)
    expect(again.locator(f"[data-task='{todo.pk}'] [data-kept]")).to_be_visible()
    picture(again, "offline-2-today", full=False)
    context.set_offline(False)
    sent(again)
    (record,) = records(world)
    assert record.offline and record.task_id == todo.pk and record.answers["cleaning"]["words"] == "三栋大堂有积水"
    with estate_scope(world.sunny):
        assert record.photos.count() == 1 and record.findings.count() == 1
    again.reload()
    assert len(records(world)) == 1


def test_a_draft_outlives_the_page(world, phones, todo):
    """What was typed and photographed before the page was killed is there again, photo included."""
    page = phones("ming")
    ready_for_anything(page, todo)
    cut(page)
    open_task(page, todo)
    page.locator("[data-item=cleaning]").get_by_text("不合格").click()
    page.locator("[data-item=cleaning] textarea").fill("积水")
    page.locator("[data-item=photos] input[type=file]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(5).read()}
    )
    expect(page.locator("[data-item=photos] .picked")).to_have_count(1)
    until(page, DRAFTED)
    context = page.context
    page.close()
    again = new_page(context)
    open_task(again, todo)
    expect(again.locator("[data-item=cleaning] textarea")).to_have_value("积水")
    expect(again.locator("[data-item=photos] .picked")).to_have_count(1)


def test_an_answer_that_was_lost_does_not_make_a_second_record(world, phones, todo):
    """Double replay: the house has it, the phone never heard; it sends again and gets the same record."""
    page = phones("ming")
    ready_for_anything(page, todo)
    open_task(page, todo)
    fill(page)
    lost = []

    def swallow(route):
        if lost:
            return route.continue_()
        route.fetch()
        lost.append(1)
        return route.abort()

    page.route("**/record/", swallow)
    finish(page)
    expect(page.get_by_text("已完成，等待发送")).to_be_visible()
    assert len(records(world)) == 1  # it did arrive
    page.locator("[data-send-all]").dispatch_event("click")  # it may be on its way by itself already, the button gone
    sent(page)
    assert len(records(world)) == 1


def test_a_conflict_is_shown_and_can_be_kept_beside(world, phones, todo):
    """While the phone had no signal, 赵主管 did it: both records stand, the task is his, nobody's work is lost."""
    page = phones("ming")
    ready_for_anything(page, todo)
    cut(page)
    open_task(page, todo)
    fill(page)
    finish(page)
    expect(page.get_by_text("已完成，等待发送")).to_be_visible()
    with estate_scope(world.sunny):
        todo.finish(by=reach_of(world.zhao, world.sunny), answers=answers())
    page.context.set_offline(False)
    expect(page.get_by_text("赵主管已经完成了这项任务")).to_be_visible()
    picture(page, "offline-3-conflict", full=False)
    page.get_by_role("button", name="作为补充记录交上").click()
    sent(page)
    first, second = records(world)
    assert (first.beside, second.beside, second.by_id) == (False, True, world.ming.pk)


def test_a_session_that_ended_is_said_and_sending_goes_on_after_it(world, phones, todo, live_server):
    page = phones("ming")
    ready_for_anything(page, todo)
    open_task(page, todo)
    fill(page)
    page.context.clear_cookies()
    finish(page)
    expect(page.get_by_text("登录过期了")).to_be_visible()
    assert not records(world)
    sign_in(page.context, Client(), world.ming, live_server.url)
    page.goto("/e/sunny/today/")
    sent(page)
    assert [row.by_id for row in records(world)] == [world.ming.pk]


def test_another_person_on_the_phone_sends_nothing_of_the_first(world, phones, todo, live_server):
    """王芳 signs in on 李明's phone: his record stays his, and his pages are gone."""
    page = phones("ming")
    ready_for_anything(page, todo)
    cut(page)
    open_task(page, todo)
    fill(page)
    finish(page)
    expect(page.get_by_text("已完成，等待发送")).to_be_visible()
    context = page.context
    page.close()  # or it would load itself again when the signal returns, while the next page opens
    context.clear_cookies()
    sign_in(context, Client(), world.fang, live_server.url)
    context.set_offline(False)
    page = new_page(context)
    page.goto("/e/sunny/today/")
    expect(page.get_by_text("另有 1 份是别的同事的")).to_be_visible()
    until(page, KEPT, f"/e/sunny/tasks/{todo.pk}/", wanted=False)
    assert not records(world)
    sign_in(page.context, Client(), world.ming, live_server.url)
    page.goto("/e/sunny/today/")
    sent(page)
    assert [row.by_id for row in records(world)] == [world.ming.pk]


def test_signing_out_leaves_no_page_behind(world, phones, todo):
    page = phones("ming")
    ready_for_anything(page, todo)
    page.goto("/me/")
    page.locator("form[action='/sign-out/'] button").first.click()
    page.wait_for_url("**/sign-in/**")
    until(page, KEPT, "/e/sunny/today/", wanted=False)
    page.context.set_offline(True)
    page.goto("/e/sunny/today/")
    expect(page.get_by_text("已填的内容留在手机里")).to_be_visible()


def test_pages_that_are_not_marked_are_never_kept(world, phones, todo):
    page = phones("ming")
    ready_for_anything(page, todo)
    page.goto("/e/sunny/tickets/")
    page.goto("/e/sunny/inbox/")
    page.goto("/e/sunny/today/")
    paths = page.evaluate(
        "caches.open('pages').then(cache => cache.keys()).then(keys => keys.map(key => new URL(key.url).pathname))"
    )
    assert set(paths) == {"/e/sunny/today/", f"/e/sunny/tasks/{todo.pk}/", "/whose-pages"}


def test_a_full_phone_says_so_and_keeps_the_form(world, phones, todo):
    """QuotaExceededError: nothing is claimed to be kept; with a signal it goes straight to the house."""
    page = phones("ming")
    ready_for_anything(page, todo)
    open_task(page, todo)
    fill(page, "积水")
    page.evaluate(PUT, "records")
    cut(page)
    finish(page)
    expect(page.get_by_text("手机存储满了")).to_be_visible()
    expect(page.locator("[data-item=cleaning] textarea")).to_have_value("积水")
    assert not records(world)
    page.context.set_offline(False)
    finish(page)
    page.wait_for_url("**/today/")
    assert [row.answers["cleaning"]["words"] for row in records(world)] == ["积水"]


def test_what_the_house_refuses_goes_back_into_its_form(world, phones, todo):
    """Sent from elsewhere and refused: it can be opened again with everything in it."""
    page = phones("ming")
    ready_for_anything(page, todo)
    cut(page)
    open_task(page, todo)
    fill(page, "积水")
    finish(page)
    expect(page.get_by_text("已完成，等待发送")).to_be_visible()
    with estate_scope(world.sunny):  # the rule changed meanwhile: a photo is wanted now
        todo.duty.proof = ["photo"]
        todo.duty.save()
    page.context.set_offline(False)
    page.goto("/e/sunny/today/")
    page.get_by_role("link", name="打开修改").click()
    page.wait_for_selector("form[data-restored]")
    expect(page.locator("[data-item=cleaning] textarea")).to_have_value("积水")
    page.locator("[data-item=photos] input[type=file]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(8).read()}
    )
    expect(page.locator("[data-item=photos] .picked")).to_have_count(1)
    finish(page)
    page.wait_for_url("**/today/")
    assert len(records(world)) == 1


def test_what_is_missing_is_said_without_asking_the_server(world, phones, todo):
    page = phones("ming")
    ready_for_anything(page, todo)
    cut(page)
    open_task(page, todo)
    page.locator("[data-item=cleaning]").get_by_text("不合格").click()
    finish(page)
    expect(page.locator("[data-error=cleaning]")).to_have_text("请写一句哪里不合格。")
    expect(page.locator("[data-error=staff]")).to_have_text("请选一项。")


def test_a_label_is_read_from_a_picture(world, phones):
    """A place's QR code; this browser has no BarcodeDetector, so jsQR reads it."""
    with estate_scope(world.sunny):
        here = task(
            world,
            person="zhou",
            subject=world.lift,
            form="equipment_check",
            key="x",
            proof=["mark"],
            slot=f"{clock.today(world.sunny)}",
        )
        mark = mark_of(world.lift)
    page = phones("zhou")
    open_task(page, here)
    page.get_by_role("button", name="扫码").click()
    code = io.BytesIO()
    segno.make(f"https://example.cn/e/sunny/q/{mark}/", error="m").save(code, kind="png", scale=8, border=4)
    page.locator("dialog.scanner input[type=file]").set_input_files(
        {"name": "label.png", "mimeType": "image/png", "buffer": code.getvalue()}
    )
    expect(page.get_by_text("已扫码，是这里")).to_be_visible()
    fill(page)
    finish(page)
    page.wait_for_url("**/today/")
    (record,) = records(world)
    assert (record.mark_kind, record.mark_id) == ("p", world.lift.pk)
    with estate_scope(world.sunny):
        assert not record.suspicions.filter(why__in=["far", "no_mark"]).exists()


def test_a_vacant_house_from_check_to_owner(world, phones):
    """VAC-01..05 on screens: the steward checks, the owner reads."""
    with estate_scope(world.sunny):
        world.home.state = UnitState.VACANT
        world.home.save()
        here = task(
            world,
            subject=world.home,
            form="vacant_unit_check",
            key="vac_inspect",
            slot=f"{clock.today(world.sunny):%Y-%m}-01",
            due=60 * 24,
        )
        here.opens_at -= timedelta(hours=1)
    page = phones("ming")
    open_task(page, here)
    picture(page, "vacant-1-form")
    fill(page)
    page.locator("[data-item=photos] input[type=file]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(8).read()}
    )
    expect(page.locator("[data-item=photos] .picked")).to_have_count(1)
    finish(page)
    page.wait_for_url("**/today/")
    (record,) = records(world)
    owner = phones("mei")
    owner.goto(f"/e/sunny/visits/{record.pk}/")
    expect(owner.get_by_text("一切完好")).to_be_visible()
    picture(owner, "vacant-2-owner")


def test_plans_and_the_contact_tree_open_without_signal_after_one_visit(world, phones):
    """EMG-04, EMG-06, EMG-23: the emergency page was opened once; every plan with its points and every number is there."""
    with estate_scope(world.sunny):
        Plan.objects.issue("fire", "集合点：中心花园；消防车从南门进", by=reach_of(world.qian, world.sunny))
    Person.objects.filter(pk=world.ming.pk).update(phone="13900005678")
    page = phones("zheng")
    there = "/e/sunny/emergencies/"
    page.goto(there)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for path in (there, f"{there}contacts/", f"{there}plans/", *(f"{there}plans/{kind}/" for kind in emergency_book().kinds)):
        until(page, KEPT, path)
    until(page, "async () => Boolean(navigator.serviceWorker.controller)")
    cut(page)
    page.goto(there)
    page.get_by_role("link", name="应急预案").click()
    page.get_by_role("link", name="火警").click()
    expect(page.get_by_text("消防车从南门进")).to_be_visible()
    picture(page, "offline-4-plan", full=False)
    page.goto(f"{there}contacts/")
    expect(page.locator("a[href='tel:13900005678']").first).to_be_attached()
    expect(page.locator("a[href='tel:119']").first).to_be_visible()
    picture(page, "offline-5-contacts", full=False)


def test_the_house_can_be_installed(world, phones):
    """Manifest, icons and a worker that answers without signal: what a browser asks of an app."""
    page = phones("ming")
    page.goto("/e/sunny/today/")
    said = page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then(answer => answer.json())")
    assert said["display"] == "standalone" and {icon["sizes"] for icon in said["icons"]} >= {"192x192", "512x512"}
    for icon in said["icons"]:
        assert page.request.get(icon["src"]).ok, icon
    assert page.request.get("/sw.js").headers["content-type"].startswith("text/javascript")
