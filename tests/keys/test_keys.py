"""Keys: labels, lending, two persons, alarms, losses, leaving (KEY-01..11, CF-17)."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import xlsxwriter
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from guanjia import clock
from guanjia.duties.models import Roster
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.importing.keys import read as read_keys
from guanjia.keys import alarm
from guanjia.keys.models import Autograph, Custody, Key, Loan, Loss
from guanjia.keys.models.autograph import digest_of
from guanjia.keys.models.key import LABEL
from guanjia.keys.paper import custody_pdf
from guanjia.notices.loop import run_once as tell
from guanjia.notices.models import Delivery
from guanjia.people.models import Post
from guanjia.people.posting import appoint, relieve
from guanjia.people.reach import reach_of
from guanjia.rulebooks.models import Parameter
from guanjia.staffing.models import Attendance
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.scope import estate_scope
from tests.cast import TUESDAY, staff

from .conftest import HOUR, PNG


def lend(key, cast, who="zhou", **more):
    said = {"proof_seen": True, "signature": PNG, "by": cast.as_("he"), **more}
    return key.lend("检修", person=getattr(cast, who), **said)


def refused(code, act):
    with pytest.raises(Refused) as caught, transaction.atomic():
        act()
    assert caught.value.code == code


# -- KEY-01 -----------------------------------------------------------------------------------------------------------


def test_a_label_names_no_room(cast):
    """KEY-01: the code is no room and does not contain the home's number; once an estate; the database keeps it."""
    by = cast.as_("he")
    for code in ("3-1-501", "501", "GZ001", "B-3-501", ""):
        refused("bad_code", lambda code=code: Key.objects.register(code, "spare", "门", "柜", by=by))
    refused("room_on_label", lambda: Key.objects.register("TG-501", "entrusted", "门", "柜", unit=cast.home, by=by))
    made = Key.objects.register("gz-9", "spare", "水箱间", "前台柜", by=by)
    assert made.code == "GZ-9"
    refused("code_taken", lambda: Key.objects.register("GZ-9", "spare", "门", "柜", by=by))
    with pytest.raises(IntegrityError), transaction.atomic():
        Key.objects.filter(pk=made.pk).update(code="3-1-501")
    with pytest.raises(NotAllowed):
        Key.objects.register("GZ-10", "spare", "门", "柜", by=cast.as_("zhou"))
    with pytest.raises(NotAllowed):
        Key.objects.register("TG-1", "entrusted", "门", "柜", unit=cast.home, by=cast.as_("fang"))  # another zone's home


@given(st.text(alphabet="ABZ019- ", max_size=10))
def test_whatever_passes_as_a_label_is_no_room(words):
    """KEY-01: letters, one dash, digits; a room's spelling (3-1-501) never passes."""
    if LABEL.fullmatch(words):
        head, dash, tail = words.partition("-")
        assert dash and head.isalpha() and tail.isdigit()


# -- KEY-04, KEY-05, KEY-10 -------------------------------------------------------------------------------------------


def test_only_the_own_posts_key_with_proof_in_the_own_shift(cast, work_key):
    """KEY-04, KEY-05: another post's key is refused; so is lending without proof seen, or outside the shift without the overtime written."""
    refused("not_own_post", lambda: lend(work_key, cast, "zheng"))
    refused("proof_missing", lambda: lend(work_key, cast, proof_seen=False))
    Roster.objects.create(estate=cast.sunny, person=cast.zhou, day=date(2026, 3, 10), shift="rest")
    refused("not_on_shift", lambda: lend(work_key, cast))
    loan = lend(work_key, cast, overtime="水泵抢修，赵主管安排")
    assert loan.overtime and loan.confirmed_at and Autograph.objects.under(loan)["out"].name == "周工"


def test_one_set_a_person_and_one_borrower_a_key(cast, work_key):
    """KEY-05: a second work key for the same person, or the same key for a second person, is refused."""
    lend(work_key, cast)
    refused("is_out", lambda: lend(work_key, cast, "wu"))
    other = Key.objects.register("GZ-002", "work", "水泵房", "前台柜", role="repairer", by=cast.as_("he"))
    refused("has_one", lambda: lend(other, cast))
    assert lend(other, cast, "wu").pk


def test_without_a_drawn_signature_the_borrower_confirms_by_login(cast, work_key):
    """KEY-10: out and in are each signed, or said in the borrower's own login; the keeper takes back, never the borrower."""
    loan = lend(work_key, cast, signature="")
    assert loan.confirmed_at is None
    refused("not_yours", lambda: loan.confirm(by=cast.as_("wu")))
    loan.confirm(by=cast.as_("zhou"))
    refused("signature_missing", lambda: loan.take_back(by=cast.as_("he")))
    loan.hand_in(by=cast.as_("zhou"))
    loan.take_back(by=cast.as_("he"))
    refused("already_done", lambda: loan.take_back(by=cast.as_("he"), signature=PNG))
    assert [event.action for event in Event.objects.about(work_key)] == [
        Action.KEY_KEPT, Action.KEY_LENT, Action.KEY_HANDED_IN, Action.KEY_RETURNED,
    ]  # fmt: skip


def test_outsiders_sign_in_person(cast):
    """KEY-01: no casual lending: somebody from outside leaves a name, a purpose and a signature."""
    key = Key.objects.register("GG-003", "spare", "天面", "前台柜", by=cast.as_("he"))
    refused("who_missing", lambda: key.lend("维保", name="电梯公司 孙工", by=cast.as_("he")))
    refused("purpose_missing", lambda: key.lend("", name="孙工", signature=PNG, by=cast.as_("he")))
    refused("bad_due", lambda: key.lend("维保", name="孙工", signature=PNG, due_at=TUESDAY - HOUR, by=cast.as_("he")))
    assert key.lend("维保", name="孙工", signature=PNG, by=cast.as_("he")).name == "孙工"


def test_custody_is_as_the_company_chose(cast, work_key):
    """CF-17: with `monitoring` only the monitoring post gives out; with `joint` a second keeper signs for work keys too."""
    Parameter.objects.set("keys.custody", "monitoring", by=cast.as_("qian"), reason="试行", estate=cast.sunny)
    refused("not_issuer", lambda: lend(work_key, cast))
    Parameter.objects.set("keys.custody", "joint", by=cast.as_("qian"), reason="试行", estate=cast.sunny)
    loan = lend(work_key, cast)
    assert loan.waits
    refused("not_second", lambda: loan.countersign(by=cast.as_("he")))
    loan.countersign(by=cast.as_("zhao"))
    assert not loan.waits


# -- KEY-02, KEY-03 ---------------------------------------------------------------------------------------------------


def test_an_owners_key_is_signed_for_kept_by_two_and_every_use_is_told(cast, entrusted):
    """KEY-02, KEY-03: no use before the owner signed; two keepers sign each use; the owner hears of going out and coming back."""
    key, ming, fang = entrusted.key, cast.as_("ming"), cast.as_("fang")
    refused("no_agreement", lambda: key.lend("浇花", person=cast.ming, signature=PNG, by=fang))
    with pytest.raises(NotAllowed):
        entrusted.sign(PNG, by=cast.as_("lu"))
    entrusted.sign(PNG, by=cast.as_("mei"))
    assert Autograph.objects.under(entrusted)["owner"].digest == digest_of(entrusted.paper())
    refused("not_keeper", lambda: key.lend("浇花", person=cast.zhou, signature=PNG, by=cast.as_("he")))
    loan = key.lend("浇花", person=cast.ming, signature=PNG, by=ming)
    assert loan.waits and not Event.objects.filter(action=Action.CUSTODY_USED).exists()
    refused("not_second", lambda: loan.countersign(by=ming))
    loan.countersign(by=fang)
    refused("own_key", lambda: loan.take_back(by=ming, signature=PNG))
    loan.take_back(by=fang, signature=PNG)
    tell(clock.now())
    told = Delivery.objects.filter(person=cast.mei).values_list("title", flat=True)
    assert {"请签钥匙托管协议", "您托管的钥匙被取用", "您托管的钥匙已放回"} <= set(told)
    assert custody_pdf(entrusted)[:5] == b"%PDF-"
    entrusted.end("业主取回", signature=PNG, by=ming)
    assert Key.objects.get(pk=key.pk).retired_at


def test_one_keeper_is_not_two(cast, entrusted):
    """KEY-02: the same person twice is refused, by the verb and by the database."""
    from guanjia.keys.models import Custody

    refused("one_keeper", lambda: Custody.objects.agree(entrusted.key, cast.meis, cast.ming, cast.ming, "浇花浇花", by=cast.as_("ming")))
    with pytest.raises(IntegrityError), transaction.atomic():
        Custody.objects.filter(pk=entrusted.pk).update(second=cast.ming.pk)


# -- KEY-06 -----------------------------------------------------------------------------------------------------------


def test_nobody_leaves_with_a_work_key(cast, work_key):
    """KEY-06: neither the shift nor the post ends with the key out; a written consent of another person lets them go."""
    loan = lend(work_key, cast)
    here = Attendance.objects.clock_in(by=cast.as_("zhou"))
    refused("things_out", lambda: here.clock_out(by=cast.as_("zhou")))
    post = Post.objects.get(person=cast.zhou)
    refused("keys_out", lambda: relieve(post, by=cast.as_("qian")))
    with pytest.raises(NotAllowed):
        loan.excuse("今晚值夜班带钥匙", by=cast.as_("sun"))
    refused("why_missing", lambda: loan.excuse("好", by=cast.as_("zhao")))
    loan.excuse("今晚值夜班带钥匙", by=cast.as_("zhao"))
    here.clock_out(by=cast.as_("zhou"))
    relieve(post, by=cast.as_("qian"))


def test_overdue_keys_are_told_rung_by_rung_once(cast, work_key):
    """KEY-06: at due the borrower, half an hour later the supervisor, two hours later the manager; run again, nothing more."""
    loan = lend(work_key, cast, due_at=TUESDAY + HOUR)
    assert alarm.run_once(TUESDAY + HOUR - timedelta(minutes=1), cast.sunny) == 0
    assert alarm.run_once(TUESDAY + HOUR, cast.sunny) == 1
    assert alarm.run_once(TUESDAY + HOUR, cast.sunny) == 0
    assert alarm.run_once(TUESDAY + 4 * HOUR, cast.sunny) == 2
    events = Event.objects.about(work_key).filter(action=Action.KEY_OVERDUE)
    assert [event.particulars["tell"] for event in events] == [[], ["supervisor"], ["manager"]]
    assert events.last().at == loan.due_at + 2 * HOUR
    with clock.at(TUESDAY + 4 * HOUR):
        tell(clock.now())
    assert Delivery.objects.filter(person=cast.zhao, title="钥匙 {code} 超时未还").count() == 1
    assert Delivery.objects.filter(person=cast.zhou, title="钥匙 {code} 该还了").count() == 2


def test_alarms_of_one_estate_fail_alone_and_ask_nothing_of_the_quiet(cast, work_key, monkeypatch, django_assert_max_num_queries):
    """KEY-06: another estate's trouble does not keep an alarm from this one; an estate with nothing late costs no statement."""
    with django_assert_max_num_queries(5):  # the savepoint, its scope, the one question
        assert alarm.run_once(TUESDAY) == 0
    lend(work_key, cast, due_at=TUESDAY + HOUR)
    with estate_scope(cast.lake):
        boss = staff(cast.company, "boss", "钱二")
        appoint(boss, cast.lake, "manager", by=None)
        by = reach_of(boss, cast.lake)
        Key.objects.register("GG-1", "spare", "门", "柜", by=by).lend("查漏", name="孙工", signature=PNG, due_at=TUESDAY + HOUR, by=by)
    tell_one = alarm._tell
    monkeypatch.setattr(alarm, "_tell", lambda estate, now: 1 / 0 if estate.pk == cast.lake.pk else tell_one(estate, now))
    assert alarm.run_once(TUESDAY + HOUR) == 1


def test_a_key_that_waits_for_its_second_keeper_holds_nobody(cast, work_key):
    """KEY-02, KEY-06: it is still in its place: no alarm, and its borrower may go."""
    Parameter.objects.set("keys.custody", "joint", by=cast.as_("qian"), reason="试行", estate=cast.sunny)
    lend(work_key, cast, due_at=TUESDAY + HOUR)
    assert alarm.run_once(TUESDAY + HOUR, cast.sunny) == 0
    Attendance.objects.clock_in(by=cast.as_("zhou")).clock_out(by=cast.as_("zhou"))


def test_a_return_is_signed_though_the_page_was_old(cast, work_key):
    """KEY-02: what was countersigned meanwhile is out, and comes back with a signature."""
    Parameter.objects.set("keys.custody", "joint", by=cast.as_("qian"), reason="试行", estate=cast.sunny)
    seen = lend(work_key, cast)
    Loan.objects.get(pk=seen.pk).countersign(by=cast.as_("zhao"))
    refused("signature_missing", lambda: seen.take_back(by=cast.as_("he")))


# -- KEY-08 -----------------------------------------------------------------------------------------------------------


def test_a_lost_key_is_reported_the_lock_changed_and_judged(cast, work_key):
    """KEY-08: not lent again while open; closed by somebody else, with the lock changed or the key found; the loan ends."""
    lend(work_key, cast)
    refused("not_yours", lambda: Loss.objects.report(work_key, "找不到了", by=cast.as_("wu")))
    loss = Loss.objects.report(work_key, "巡检后找不到", by=cast.as_("zhou"))
    refused("already_lost", lambda: Loss.objects.report(work_key, "找不到", by=cast.as_("he")))
    refused("lock_first", lambda: loss.close("fault", "通报批评", by=cast.as_("zhao")))
    loss.change_lock("配电间锁芯，锁匠王师傅", by=cast.as_("he"))
    refused("incomplete", lambda: loss.close("", "通报批评", by=cast.as_("zhao")))
    loss.close("fault", "通报批评", by=cast.as_("zhao"))
    assert Key.objects.get(pk=work_key.pk).retired_at and not Loan.objects.open().exists()


def test_an_owners_key_leaves_the_list_by_its_agreement_or_its_loss(cast, entrusted):
    """KEY-02, KEY-08: not struck off behind the owner's back; a lost one ends the agreement with it."""
    entrusted.sign(PNG, by=cast.as_("mei"))
    refused("in_custody", lambda: entrusted.key.retire("不用了", by=cast.as_("ming")))
    loss = Loss.objects.report(entrusted.key, "保险柜里找不到", by=cast.as_("ming"))
    loss.change_lock("入户门锁芯，锁匠王师傅", by=cast.as_("ming"))
    loss.close("fault", "通报批评", by=cast.as_("zhao"))
    entrusted.refresh_from_db()
    assert entrusted.ended_at and Key.objects.get(pk=entrusted.key_id).retired_at


# -- KEY-07 -----------------------------------------------------------------------------------------------------------


def test_the_shifts_audit_is_a_record_of_the_duty(cast, work_key, client):
    """KEY-07: what is out is ticked, what hangs is counted; a difference wants words and opens a ticket."""
    from guanjia.duties.models import Record
    from guanjia.keys.auditing import audit
    from tests.duties.doing import task

    loan = lend(work_key, cast)
    task(cast, "sun", key="key_shift_audit", form="key_audit", scope="estate", role="order_leader")
    refused("words_missing", lambda: audit([], 0, "", by=cast.as_("sun")))
    record = audit([loan.pk], 0, "", by=cast.as_("sun"))
    assert Record.objects.get(pk=record.pk).answers["out"]["value"] == "GZ-001 周工"
    refused("no_task", lambda: audit([loan.pk], 0, "", by=cast.as_("sun")))


# -- pages, files -----------------------------------------------------------------------------------------------------


def at(name, cast, *args):
    return reverse(f"keys:{name}", args=["sunny", *args])


def test_pages_lend_and_keep_what_was_typed(cast, work_key, client):
    """A refused loan answers 422 with the purpose still there; a good one is done once."""
    client.force_login(cast.he)
    form = {"person": cast.zhou.pk, "purpose": "检修配电", "due_at": "2026-03-10T18:00", "signature": PNG}
    answer = client.post(at("lending", cast, work_key.pk), form)
    assert answer.status_code == 422 and "检修配电" in answer.content.decode() and "请核对工装" in answer.content.decode()
    assert client.post(at("lending", cast, work_key.pk), {**form, "proof_seen": "on"}).status_code == 302
    assert "周工" in client.get(at("key", cast, work_key.pk)).content.decode()
    assert "GZ-001" in client.get(at("keys", cast) + "?state=out").content.decode()
    assert "GZ-001" not in client.get(at("keys", cast) + "?state=in").content.decode()
    labels = client.get(at("labels", cast)).content.decode()
    assert "GZ-001" in labels and "配电间" not in labels
    client.force_login(cast.zhou)
    assert "3 栋配电间" in client.get(at("mine", cast)).content.decode()
    assert client.get(at("keys", cast)).status_code == 404


def test_stewards_see_the_keys_of_their_zones_and_owners_their_own(cast, entrusted, client):
    """Others' things are 404: 吕先生 does not see 梅女士's key, nor does anybody of the other estate."""
    client.force_login(cast.mei)
    page = client.get(at("entrusted", cast, entrusted.pk)).content.decode()
    assert "每周三浇花" in page
    assert client.post(at("signing", cast, entrusted.pk), {"signature": PNG}).status_code == 302
    assert client.get(at("paper", cast, entrusted.pk)).content[:5] == b"%PDF-"
    client.force_login(cast.lu)
    assert client.get(at("entrusted", cast, entrusted.pk)).status_code == 404
    assert client.get(at("autograph", cast, Autograph.objects.get().pk)).status_code == 404
    client.force_login(cast.zhou)
    assert client.get(at("key", cast, entrusted.key_id)).status_code == 404
    Custody.objects.filter(pk=entrusted.pk).update(second=cast.he.pk)
    client.force_login(cast.fang)
    assert client.get(at("autograph", cast, Autograph.objects.get().pk)).status_code == 404  # a home of another zone
    client.force_login(cast.ming)
    assert client.get(at("autograph", cast, Autograph.objects.get().pk)).status_code == 200


def test_the_ledger_goes_out_to_excel_and_comes_in_again(cast, work_key, client):
    """F-43: the workbook that was downloaded is read again; a code is put right, never doubled; bad rows are named."""
    client.force_login(cast.he)
    content = b"".join(client.get(at("keys", cast) + "?xlsx=1").streaming_content)
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[1][0] == "GZ-001"
    there = reverse("importing:keys", args=["sunny"])
    file = BytesIO(content)
    file.name = "keys.xlsx"
    answer = client.post(there, {"file": file, "key": "a" * 32})
    assert answer.status_code == 200, answer.content.decode()[-1500:]
    assert Key.objects.count() == 1


def test_what_a_ledger_leaves_empty_stays_as_it_is(cast, work_key, tmp_path):
    """F-43: a file without 把数 and 岗位 puts the place right and nothing else."""
    work_key.amend(opens="3 栋配电间", custody="旧柜", copies=5, role="repairer", by=cast.as_("he"))
    path = tmp_path / "keys.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["编码", "类别", "开什么", "存放位置"])
        sheet.write_row(1, 0, ["GZ-001", "工作钥匙", "3 栋配电间", "前台钥匙柜 B-02"])
    assert read_keys(path, by=cast.as_("he")) == (1, [])
    work_key.refresh_from_db()
    assert (work_key.custody, work_key.copies, work_key.role) == ("前台钥匙柜 B-02", 5, "repairer")
