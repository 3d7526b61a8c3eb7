"""Decoration from application to archive (MOV-05..11, MOV-13, MOV-14, CF-10, CF-56)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from guanjia import clock
from guanjia.billing.models import BillLine, Transfer
from guanjia.collection.models import Payment, Waiver
from guanjia.collection.models.payer import Payer
from guanjia.decoration.book import decoration_book, wanted
from guanjia.decoration.charging import deposited, owed
from guanjia.decoration.models import DepositReturn, Permit, Violation, Worker
from guanjia.decoration.neighbours import households_around
from guanjia.decoration.paper import file_pdf, letter_pdf, permit_pdf
from guanjia.estates.models import Unit, UnitState
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.households.models import HouseholdDocument
from guanjia.notices.loop import run_once as tell
from guanjia.notices.models import Delivery
from guanjia.rulebooks.models import Parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.cast import household, resident
from tests.duties.doing import photo

GOOD = dict.fromkeys(decoration_book().acceptance, "ok")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def refused(code, act):
    with pytest.raises(Refused) as caught, transaction.atomic():
        act()
    assert caught.value.code == code


def paper():
    return SimpleUploadedFile("a.pdf", PDF, content_type="application/pdf")


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def asked(cast):
    """梅女士's application, opened on her phone."""
    days = {"begins_on": date(2026, 3, 12), "ends_on": date(2026, 4, 20)}
    return Permit.objects.apply(cast.home, cast.meis, "厨房翻新、水电改造", "宏达装饰", "刘工", "19900000009", by=cast.as_("mei"), **days)


@pytest.fixture
def handed_in(cast, asked):
    for key in wanted(asked.owner):
        asked.supply(key, paper(), by=cast.as_("mei"))
    asked.submit(by=cast.as_("mei"))
    return asked


@pytest.fixture
def approved(cast, handed_in):
    handed_in.decide(True, "图纸已核", by=cast.as_("zhao"))
    handed_in.decide(True, by=cast.as_("qian"))
    return handed_in


@pytest.fixture
def begun(cast, approved):
    pay(cast, approved)
    Worker.objects.admit(approved, "张大勇", "水电工", date(2026, 3, 12), date(2026, 4, 20), identity="510100199001011234", by=cast.as_("he"))
    approved.begin(by=cast.as_("ming"))
    return approved


def pay(cast, permit):
    Payment.objects.take(Payer(cast.sunny, permit.household_id, permit.unit_id), owed(permit), way="transfer", key=f"pay {permit.pk}")


# -- application, papers, chain ---------------------------------------------------------------------------------------


def test_papers_are_complete_before_anybody_decides(cast, asked):
    """MOV-05: what is missing is named; a paper that is no picture and no PDF is refused; then the chain of the day stands."""
    refused("papers_missing", lambda: asked.submit(by=cast.as_("mei")))
    refused("not_a_photo", lambda: asked.supply("plan", SimpleUploadedFile("x.jpg", b"no"), by=cast.as_("mei")))
    with pytest.raises(NotAllowed):
        asked.supply("plan", by=cast.as_("mei"))  # only the desk may say that it saw the original
    for key in wanted(True):
        asked.supply(key, by=cast.as_("he"))
    asked.submit(by=cast.as_("mei"))
    assert asked.stage == "review" and [step["key"] for step in asked.chain] == ["engineering", "manager"]
    assert asked.due_at == clock.now() + timedelta(hours=48)


def test_two_levels_two_persons_never_the_applicant(cast, handed_in):
    """MOV-05, CF-10: in order, by the posts of the step; a refusal has its reason and it may be handed in again."""
    with pytest.raises(NotAllowed):
        handed_in.decide(True, by=cast.as_("qian"))  # the manager's turn comes second
    with pytest.raises(NotAllowed):
        handed_in.decide(True, by=cast.as_("he"))
    refused("why_missing", lambda: handed_in.decide(False, by=cast.as_("zhao")))
    handed_in.decide(False, "缺防水做法", by=cast.as_("zhao"))
    assert (handed_in.stage, handed_in.why, handed_in.round) == ("draft", "缺防水做法", 2)
    handed_in.submit(by=cast.as_("mei"))
    handed_in.decide(True, by=cast.as_("zhao"))
    refused("same_person", lambda: handed_in.decide(True, by=cast.as_("zhao")))
    handed_in.decide(True, by=cast.as_("qian"))
    assert handed_in.stage == "approved"
    tell(clock.now())
    assert {"装修申请被退回", "装修申请已批准"} <= set(Delivery.objects.filter(person=cast.mei).values_list("title", flat=True))


def test_who_took_it_in_does_not_decide_it(cast):
    """MOV-05: a supervisor who filed it at the desk is the applicant's hand; the database keeps two persons apart as well."""
    days = {"begins_on": date(2026, 3, 12), "ends_on": date(2026, 3, 20)}
    row = Permit.objects.apply(cast.home, cast.meis, "换地板四间", "宏达", "刘工", "1990", by=cast.as_("zhao"), **days)
    for key in wanted(True):
        row.supply(key, by=cast.as_("zhao"))
    row.submit(by=cast.as_("zhao"))
    refused("own_application", lambda: row.decide(True, by=cast.as_("zhao")))
    assert not row.may_decide(cast.as_("zhao"))
    refused("already_applied", lambda: Permit.objects.apply(cast.home, cast.meis, "再来一份", "宏达", "刘工", "1990", by=cast.as_("mei"), **days))
    with pytest.raises(IntegrityError), transaction.atomic():
        Permit.objects.filter(pk=row.pk).update(stage="working")  # never without an approval


def test_the_chain_is_the_companys_and_the_past_keeps_its_own(cast, asked):
    """CF-10: with `steward` one level decides what is handed in from then on."""
    Parameter.objects.set("decoration.chain", "steward", by=cast.as_("qian"), reason="试行", estate=cast.sunny)
    for key in wanted(True):
        asked.supply(key, by=cast.as_("he"))
    asked.submit(by=cast.as_("mei"))
    Parameter.objects.set("decoration.chain", "two_levels", by=cast.as_("qian"), reason="恢复", estate=cast.sunny)
    asked.decide(True, by=cast.as_("ming"))
    assert asked.stage == "approved"


def test_dates_and_homes_that_cannot_be(cast):
    """MOV-05: not in the past, not the wrong way round, not another's home."""
    said = ("厨房翻新改造", "宏达", "刘工", "1990")
    for first, last in ((date(2026, 3, 1), date(2026, 3, 20)), (date(2026, 3, 20), date(2026, 3, 12)), (date(2026, 3, 12), date(2027, 3, 12))):
        refused("bad_dates", lambda first=first, last=last: Permit.objects.apply(cast.home, cast.meis, *said, first, last, by=cast.as_("mei")))
    with pytest.raises(NotAllowed):
        Permit.objects.apply(cast.home, cast.meis, *said, date(2026, 3, 12), date(2026, 3, 20), by=cast.as_("lu"))


def test_a_steward_files_for_their_zone_only(cast, client):
    """MOV-05: not by the verb, and the desk's form finds no such home; the whole estate's desk files for anybody."""
    days = {"begins_on": date(2026, 3, 12), "ends_on": date(2026, 3, 20)}
    with pytest.raises(NotAllowed):
        Permit.objects.apply(cast.home, cast.meis, "厨房翻新改造", "宏达", "刘工", "1990", by=cast.as_("fang"), **days)
    client.force_login(cast.fang)
    said = {"room": "3-1-501", "works": "厨房翻新改造", "company": "宏达", "foreman": "刘工", "phone": "1990", **days}
    answer = client.post(reverse("decoration:application", args=["sunny"]), said)
    assert answer.status_code == 422 and not Permit.objects.exists()
    assert Permit.objects.apply(cast.home, cast.meis, "厨房翻新改造", "宏达", "刘工", "1990", by=cast.as_("ming"), **days).pk


def test_an_old_page_decides_no_other_step(cast, handed_in):
    """MOV-05: what was shown is what is decided; a step that somebody else decided meanwhile is not taken for the next."""
    shown = handed_in.turn
    handed_in.decide(True, by=cast.as_("zhao"), turn=shown)
    refused("stale", lambda: handed_in.decide(True, by=cast.as_("qian"), turn=shown))
    assert handed_in.may_decide(cast.as_("qian")) and not handed_in.may_decide(cast.as_("zhao"))
    handed_in.decide(True, by=cast.as_("qian"), turn=handed_in.turn)
    assert handed_in.stage == "approved"


# -- money, workers, works --------------------------------------------------------------------------------------------


def test_deposit_and_fees_are_charged_by_the_ledger_and_paid_before_works_begin(cast, approved):
    """MOV-11: two bills of the one ledger, the deposit a debt of ours; no beginning unpaid or without a worker's pass."""
    amounts = [Decimal(2000), Decimal(300)]
    assert [approved.deposit.amount, approved.charges.amount] == amounts and owed(approved) == sum(amounts)
    assert Transfer.objects.filter(line__bill=approved.deposit, credit__code="2241.02").count() == 1
    refused("not_paid", lambda: approved.begin(by=cast.as_("ming")))
    pay(cast, approved)
    refused("no_workers", lambda: approved.begin(by=cast.as_("ming")))
    Worker.objects.admit(approved, "张大勇", "水电工", date(2026, 3, 12), date(2026, 4, 1), by=cast.as_("he"))
    approved.begin(by=cast.as_("ming"))
    assert Unit.objects.get(pk=cast.home.pk).state == UnitState.RENOVATING  # the daily inspection's scope (MOV-06)


def test_the_gate_reads_passes(cast, begun, client):
    """MOV-14: forged, of another day, revoked, on a stopped site: each with its own answer; the identity number is masked."""
    refused("bad_dates", lambda: Worker.objects.admit(begun, "李四", "木工", date(2026, 3, 12), date(2026, 6, 1), by=cast.as_("he")))
    worker = begun.workers.get()
    assert worker.refusal(date(2026, 3, 10)) == "不在有效期内" and worker.refusal(date(2026, 3, 12)) == ""
    client.force_login(cast.zheng)
    there = reverse("decoration:pass", args=["sunny", worker.mark])
    page = client.get(there).content.decode()
    assert "不在有效期内" in page and "510100" not in page
    assert "不是本小区发的" in client.get(reverse("decoration:pass", args=["sunny", worker.mark[:-2] + "xx"])).content.decode()
    with clock.at(clock.now() + timedelta(days=3)):
        page = client.get(there).content.decode()
        assert "可以进入" in page and "**1234" in page and "510100" not in page
        begun.stop("hours", "午休电锤", by=cast.as_("ming"))
        assert "该户已停工" in client.get(there).content.decode()
    worker.revoke(by=cast.as_("he"))
    assert worker.refusal(date(2026, 3, 12)) == "出入证已收回"
    assert Worker.objects.of_mark(worker.mark, cast.lake) is None


def test_neighbours_are_told_at_the_beginning_and_of_progress(cast, approved):
    """MOV-13, CF-56: above, below and beside hear; with `household` the neighbours do not."""
    above = Unit.objects.create(estate=cast.sunny, building=cast.b3, entrance=cast.e31, zone=cast.east, room="601", floor=6, code="3-1-601")
    anna = resident("anna", "安女士", "+8619900000077")
    neighbour = household(cast.sunny, above, "9", anna)
    assert households_around(cast.home, date(2026, 3, 10)) == [neighbour.pk]
    pay(cast, approved)
    Worker.objects.admit(approved, "张大勇", "水电工", date(2026, 3, 12), date(2026, 4, 1), by=cast.as_("he"))
    approved.begin(by=cast.as_("ming"))
    tell(clock.now())
    assert Delivery.objects.filter(person=anna, title="{where} 装修告知").count() == 1
    assert not Delivery.objects.filter(person=cast.lu).exists()
    assert approved.tell_progress("水电完成，下周贴砖", by=cast.as_("ming")).neighbours == 1
    Parameter.objects.set("renovation.told", "household", by=cast.as_("qian"), reason="试行", estate=cast.sunny)
    assert approved.tell_progress("贴砖完成，下周吊顶", by=cast.as_("ming")).neighbours == 0


def test_a_breach_stops_the_works_until_it_is_mended_or_reported(cast, begun):
    """MOV-08: stopped at once; works go on when the last breach was re-checked; refused → a letter to the authority."""
    with pytest.raises(NotAllowed):
        begun.stop("structure", "拆墙", by=cast.as_("zhou"))
    first = begun.stop("structure", "拆改阳台配重墙", by=cast.as_("ming"), photo=photo())
    second = begun.stop("waste", "堵楼道", by=cast.as_("sun"))
    assert begun.stage == "stopped" and first.photo
    refused("wrong_stage", lambda: begun.finish(by=cast.as_("mei")))
    second.mend("已清运", by=cast.as_("ming"))
    assert Permit.objects.get(pk=begun.pk).stage == "stopped"
    first = Violation.objects.select_related("permit").get(pk=first.pk)
    first.report("区综合行政执法局", by=cast.as_("ming"))
    refused("already_done", lambda: first.report("区综合行政执法局", by=cast.as_("ming")))
    assert letter_pdf(first)[:5] == b"%PDF-"
    first.mend("已恢复墙体", by=cast.as_("ming"))
    assert Permit.objects.get(pk=begun.pk).stage == "working"
    tell(clock.now())
    assert Delivery.objects.filter(person=cast.mei, title="装修已责令停工").count() == 2


# -- the end ----------------------------------------------------------------------------------------------------------


def test_acceptance_deposit_and_archive(cast, begun):
    """MOV-09..11: defects send it back; then accepted, the deposit back by two persons out of the ledger, everything into the file."""
    refused("wrong_stage", lambda: begun.accept(GOOD, by=cast.as_("zhao")))
    begun.finish(by=cast.as_("mei"))
    with pytest.raises(NotAllowed):
        begun.accept(GOOD, by=cast.as_("he"))
    late = begun.stop("waste", "垃圾未清", by=cast.as_("ming"))
    late.mend("已清运", by=cast.as_("ming"))
    begun.refresh_from_db()
    assert (begun.stage, begun.finished_at) == ("working", None)  # asked for again once it is mended
    begun.finish(by=cast.as_("mei"))
    refused("points_missing", lambda: begun.accept({"structure": "ok"}, by=cast.as_("zhao")))
    refused("words_missing", lambda: begun.accept({**GOOD, "water": "bad"}, by=cast.as_("zhao")))
    begun.accept({**GOOD, "water": "bad"}, "卫生间渗水，重做防水", by=cast.as_("zhao"))
    assert begun.stage == "working"
    begun.finish(by=cast.as_("mei"))
    begun.accept(GOOD, by=cast.as_("ming"))
    assert begun.stage == "accepted" and Unit.objects.get(pk=cast.home.pk).state == UnitState.OCCUPIED
    assert begun.workers.get().revoked_at
    refused("deposit_held", lambda: begun.archive(by=cast.as_("he")))
    refused("wrong_amount", lambda: begun.ask_deposit(Decimal(1900), Decimal(0), "", by=cast.as_("he")))
    refused("why_missing", lambda: begun.ask_deposit(Decimal(1800), Decimal(200), "", by=cast.as_("he")))
    back = begun.ask_deposit(Decimal(1800), Decimal(200), "楼道墙面修补", by=cast.as_("qian"))
    refused("same_person", lambda: back.judge_it(True, by=cast.as_("qian")))
    with pytest.raises(NotAllowed):
        back.judge_it(True, by=cast.as_("zhao"))
    Permit.objects.get(pk=begun.pk)
    back.judge_it(False, "金额再核", by=_judge(cast))
    again = begun.ask_deposit(Decimal(1800), Decimal(200), "楼道墙面修补", by=cast.as_("he"))
    again.judge_it(True, by=cast.as_("qian"))
    assert deposited(begun) == 0
    moved = {(row.debit.code, row.credit.code, row.amount) for row in Transfer.objects.filter(entry=again.entry).select_related("debit", "credit")}
    assert moved == {("2241.02", "1002", Decimal(1800)), ("2241.02", "6001.09", Decimal(200))}
    assert not BillLine.objects.owing(cast.sunny).exists()
    begun.archive(by=cast.as_("he"))
    assert HouseholdDocument.objects.filter(household=cast.meis, kind="acceptance").count() == 1
    assert permit_pdf(begun)[:5] == file_pdf(begun)[:5] == b"%PDF-"
    actions = list(Event.objects.about(begun).values_list("action", flat=True))
    assert actions[0] == Action.DECORATION_APPLIED and actions[-1] == Action.DECORATION_ARCHIVED


def test_only_money_that_we_hold_is_given_back(cast, approved):
    """MOV-11: what was waived of a deposit was never paid; and what was taken back since it was asked for is not given again."""
    line = approved.deposit.lines.get()
    waiver = Waiver.objects.ask(line, Decimal(500), "老业主优惠", by=cast.as_("he"))
    waiver.judge_it(True, by=cast.as_("qian"))
    assert deposited(approved) == 0
    pay(cast, approved)
    assert deposited(approved) == 1500
    Permit.objects.filter(pk=approved.pk).update(stage="accepted", accepted_at=clock.now())
    back = approved.ask_deposit(Decimal(1500), Decimal(0), "", by=cast.as_("he"))
    DepositReturn.objects.filter(pk=back.pk).update(amount=Decimal(1600))
    refused("wrong_amount", lambda: DepositReturn.objects.get(pk=back.pk).judge_it(True, by=cast.as_("qian")))


def _judge(cast):
    """A second manager of the company."""
    from guanjia.people.posting import appoint
    from guanjia.people.reach import reach_of
    from tests.cast import staff

    boss = staff(cast.company, "boss", "钱二")
    appoint(boss, cast.sunny, "manager", by=None)
    return reach_of(boss, cast.sunny)


# -- pages, API -------------------------------------------------------------------------------------------------------


def test_pages_of_both_faces(cast, begun, client):
    """The resident sees steps and what is theirs; another household, another zone's steward and workers find nothing."""
    def get(who, name, *args):
        client.force_login(getattr(cast, who))
        return client.get(reverse(f"decoration:{name}", args=["sunny", *args]))

    assert "施工" in get("mei", "mine_permit", begun.pk).content.decode()
    assert [get(who, "mine_permit", begun.pk).status_code for who in ("lu", "ming")] == [404, 404]
    assert [get(who, "permit", begun.pk).status_code for who in ("ming", "fang", "zhou", "he")] == [200, 404, 404, 200]
    assert "责令停工" in get("ming", "permit", begun.pk).content.decode()
    assert get("mei", "paper", begun.pk, "permit").content[:5] == b"%PDF-"
    assert get("mei", "paper", begun.pk, "file").status_code == 404
    assert "张大勇" in get("mei", "passes", begun.pk).content.decode()
    client.force_login(cast.he)
    form = {"room": "3-1-502", "works": "改水电"}
    answer = client.post(reverse("decoration:application", args=["sunny"]), form)
    assert answer.status_code == 422 and "改水电" in answer.content.decode()
    answer = client.get(reverse("decoration:permits", args=["sunny"]) + "?show=site&xlsx=1")
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert "3-1-501" in get("he", "permits").content.decode() and "3-1-501" not in get("fang", "permits").content.decode()
