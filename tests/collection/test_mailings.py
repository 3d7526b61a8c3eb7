"""函件: to one or many households, handed over with proof like the statements; nobody collects → a call (COM-15 … COM-20, CF-18, CF-52)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from guanjia import clock
from guanjia.collection.chasing import make_calls
from guanjia.collection.models import Call, Handing, Hold, Mailing, Payer
from guanjia.events.models import Event
from guanjia.notices.crowd import AUDIENCES
from guanjia.notices.loop import run_once as tell
from guanjia.notices.models import Delivery
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.duties.doing import signature

from .test_dunning import on
from .test_proofs import ask

pytestmark = pytest.mark.django_db
SIGNED = signature()
SAID = ("电梯年检的说明", "四月三日上午年检。\n请走二单元。", "阳光花园服务中心")


def write(cast, who="qian", **more):
    """Written and approved by another."""
    made = Mailing.objects.write(*SAID, by=cast.as_(who), **more)
    if made.state == "asked":
        made.judge_it(True, by=cast.as_("zhao"))
    return made


def test_the_way_follows_the_household_and_the_writer_reaches_their_zone(cast):
    """CF-18, COM-17, COM-18, COM-20: guards for who moved in, in person for key customers, by post for who has not."""
    type(cast.lus).objects.filter(pk=cast.lus.pk).update(tier="core")
    made = write(cast, client_key="k")
    assert write(cast, client_key="k").pk == made.pk
    assert dict(made.handings.values_list("household", "way")) == {cast.meis.pk: "guards", cast.lus.pk: "personal"}
    type(cast.home).objects.filter(pk=cast.home.pk).update(state="vacant")
    mine = write(cast, "ming")
    assert list(mine.handings.values_list("household", "way")) == [(cast.meis.pk, "post")]
    mine.handings.get().address_it("成都市锦江区 1 号", by=cast.as_("ming"))
    assert write(cast, units=[cast.home.pk]).handings.get().address == "成都市锦江区 1 号"  # remembered
    assert AUDIENCES["mailing_stewards"](cast.sunny, Event.objects.get(action="mailing.approved", subject_id=mine.pk)) == {cast.ming.pk}
    assert not Mailing.objects.visible_to(cast.as_("fang")).filter(pk=mine.pk).exists()
    with pytest.raises(Refused):
        write(cast, "ming", units=[])
    with pytest.raises(NotAllowed):
        write(cast, "zhou")


def test_a_letter_is_handed_over_once_with_proof(cast):
    """COM-16, COM-17: who received it, and a signature or photo kept on the household's file."""
    row = write(cast, units=[cast.home.pk]).handings.get()
    ming = cast.as_("ming")
    assert Handing.objects.hand(ming, [row.pk], "handed") == 0  # not in a heap
    for said in ({"taker": ""}, {"taker": "梅女士"}, {"taker": "", "signature": SIGNED}):
        with pytest.raises(Refused):
            row.deliver(by=ming, **said)
    row.attempt("没人", by=ming)
    row.deliver("梅女士", by=ming, signature=SIGNED, enveloped=True, briefed=True)
    row = Handing.objects.get()
    assert (row.outcome, row.taker, row.by_id, row.proof.household_id, row.enveloped) == ("handed", "梅女士", cast.ming.pk, cast.meis.pk, True)
    with pytest.raises(Refused):
        row.attempt(by=ming)
    assert ask(cast, "papers_guards", on(28)) == (1, 1) and ask(cast, "papers_enveloped", on(28)) == (1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handing.objects.update(proof=None)


def test_two_weeks_and_nobody_has_it(cast):
    """COM-19: a call is made though nothing is owed; money and holds leave it open."""
    with clock.at(on(2)):
        write(cast)
        Handing.objects.get(household=cast.lus).deliver("吕先生", by=cast.as_("fang"), signature=SIGNED, briefed=True)
    with clock.at(on(16)):
        make_calls(cast.sunny)
        assert not Call.objects.filter(kind="uncollected").exists()
    with clock.at(on(17)):
        make_calls(cast.sunny)
        make_calls(cast.sunny)
        call = Call.objects.get(kind="uncollected")
        assert (call.household_id, call.words) == (cast.meis.pk, SAID[0])
        payer = Payer.of(cast.sunny, cast.meis.pk)
        Call.objects.stop_if_paid(payer, clock.now())
        Hold.objects.begin(payer, "hardship", "住院", by=cast.as_("ming"))
    assert Call.objects.get(pk=call.pk).ended_at is None
    at = on(17) + timedelta(days=4)
    assert ask(cast, "calls_uncollected", at) == (1, 0) and ask(cast, "papers_guards", at) == (2, 1)


def test_withdrawn_letters_go_no_further(cast):
    made = write(cast)
    Handing.objects.get(household=cast.meis).deliver("梅女士", by=cast.as_("ming"), signature=SIGNED)
    with pytest.raises(Refused):
        made.withdraw("错", by=cast.as_("fang"))
    stale = Handing.objects.get(household=cast.lus)
    made.withdraw("日期写错", by=cast.as_("qian"))
    with pytest.raises(Refused, match="撤回"):
        stale.deliver("吕先生", by=cast.as_("fang"), signature=SIGNED)  # the page was open before
    assert [row.household_id for row in made.handings.all()] == [cast.meis.pk]
    with pytest.raises(Refused):
        made.withdraw("又", by=cast.as_("qian"))


def test_a_paper_that_arrived_or_was_withdrawn_needs_no_call(cast):
    """COM-19: nobody is rung up about what they have, or about what comes no more; other calls stay."""
    ming = cast.as_("ming")
    with clock.at(on(2)):
        first, second = write(cast, units=[cast.home.pk]), write(cast, units=[cast.home.pk])
    with clock.at(on(17)):
        make_calls(cast.sunny)
        assert Call.objects.open().filter(kind="uncollected").count() == 2
        first.handings.get().deliver("梅女士", by=ming, signature=SIGNED)
        assert [call.slot for call in Call.objects.open().filter(kind="uncollected")] == [f"letter {second.pk}"]
        second.withdraw("日期写错", by=cast.as_("qian"))
    assert not Call.objects.open().filter(kind="uncollected").exists()
    assert dict(Call.objects.filter(kind="uncollected").values_list("slot", "outcome")) == {f"letter {first.pk}": "recorded", f"letter {second.pk}": "held"}


def test_the_pages(client, cast):
    """COM-15, F-47: written, printed, handed over with a photo, taken along as Excel."""
    base = "/e/sunny/money"
    client.force_login(cast.ming)
    wrong = client.post(f"{base}/mailings/new/", {"title": "停水", "words": "明天", "signer": "中心", "rooms": "9-9-999"})
    assert wrong.status_code == 422 and "9-9-999" in wrong.content.decode()
    assert client.post(f"{base}/mailings/new/", {"title": "停水", "words": "明天", "signer": "中心", "rooms": "5栋1单元101"}).status_code == 409  # not his zone
    assert client.post(f"{base}/mailings/new/", {"title": "停水", "words": "明天\n下午", "signer": "中心", "rooms": "3栋1单元501"}).status_code == 302
    row = Handing.objects.get()
    for path in ("mailings/", f"mailings/{row.mailing_id}/", f"handings/{row.pk}/", "handings/"):
        page = client.get(f"{base}/{path}")
        assert page.status_code == 200 and ("停水" in page.content.decode() or path == "handings/")
    assert client.get(f"{base}/mailings/{row.mailing_id}/pdf/").status_code == 404
    client.force_login(cast.zhao)
    assert "同意送出" in client.get(f"{base}/mailings/{row.mailing_id}/").content.decode() and "停水" in client.get(f"{base}/mailings/?show=asked").content.decode()
    assert client.post(f"{base}/mailings/{row.mailing_id}/verdict/", {"verdict": "yes"}).status_code == 302
    client.force_login(cast.ming)
    assert "停水" in client.get(f"{base}/handings/").content.decode()
    assert client.get(f"{base}/mailings/{row.mailing_id}/pdf/").content.startswith(b"%PDF")
    there = f"{base}/handings/{row.pk}/"
    kept = client.post(there, {"outcome": "handed", "taker": "梅女士"})
    assert kept.status_code == 409 and "梅女士" in kept.content.decode()
    assert client.post(there, {"outcome": "handed", "taker": "x", "photos": SimpleUploadedFile("a.jpg", b"no")}).status_code == 409
    assert client.post(there, {"outcome": "tried"}).status_code == 302
    assert client.post(there, {"outcome": "handed", "taker": "梅女士", "signature": SIGNED, "enveloped": "1"}).status_code == 302
    assert "梅女士" in client.get(there).content.decode()
    assert client.get(f"{base}/handings/file/").status_code == 200
    client.force_login(cast.fang)
    for path in (f"mailings/{row.mailing_id}/", f"mailings/{row.mailing_id}/pdf/", f"handings/{row.pk}/"):
        assert client.get(f"{base}/{path}").status_code == 404


def test_nothing_goes_before_another_has_read_it(cast, client):
    """COM-15: a permission of its own, never the writer's; before that nobody hands it over, prints it or rings up about it; refused it goes to nobody."""
    with clock.at(on(2)):
        made = Mailing.objects.write(*SAID, by=cast.as_("qian"))
        row = Handing.objects.get(household=cast.meis)
        assert not Handing.objects.at_estate(cast.sunny).waiting().exists()
        for act in (lambda: row.deliver("梅女士", by=cast.as_("ming"), signature=SIGNED), lambda: row.attempt(by=cast.as_("ming")), lambda: made.judge_it(True, by=cast.as_("qian"))):
            with pytest.raises(Refused):
                act()
        with pytest.raises(NotAllowed):
            made.judge_it(True, by=cast.as_("ming"))
        with pytest.raises(IntegrityError), transaction.atomic():
            Mailing.objects.filter(pk=made.pk).update(state="approved", judged_at=clock.now(), judge=cast.qian)
    with clock.at(on(17)):
        make_calls(cast.sunny)
        assert not Call.objects.filter(kind="uncollected").exists() and ask(cast, "papers_guards", on(28)) == (0, 0)
        made.judge_it(True, by=cast.as_("zhao"))
        with pytest.raises(Refused):
            made.judge_it(False, "晚了", by=cast.as_("zhao"))
        assert set(made.handings.values_list("issued_on", flat=True)) == {clock.today(cast.sunny)}  # the two weeks begin now
        bad = Mailing.objects.write(*SAID, by=cast.as_("ming"))
        with pytest.raises(Refused):
            bad.judge_it(False, by=cast.as_("zhao"))
        bad.judge_it(False, "日期不对", by=cast.as_("zhao"))
        assert not bad.handings.exists()
        tell(clock.now() + timedelta(minutes=5))
        assert Delivery.objects.filter(person=cast.ming, title="函件没有批准：{title}").exists() and Delivery.objects.filter(person=cast.qian, title="有函件要送：{title}").exists()
        client.force_login(cast.ming)
        assert SAID[0] in client.get(f"/e/sunny/money/mailings/new/?again={bad.pk}").content.decode()


def test_who_is_rung_up_stands_on_the_letters_page(cast, client):
    """COM-19: not among the debtors; in no hour of rest; once, in words; it is no dunning contact."""
    with clock.at(on(2)):
        write(cast, units=[cast.home.pk])
    with clock.at(on(17)):
        make_calls(cast.sunny)
        call = Call.objects.get(kind="uncollected")
        client.force_login(cast.ming)
        base = "/e/sunny/money"
        assert "3-1-501" in client.get(f"{base}/mailings/?show=calls").content.decode() and "3-1-501" not in client.get(f"{base}/calls/").content.decode()
        assert client.post(f"{base}/mailings/calls/{call.pk}/", {"words": ""}).status_code == 302 and not Call.objects.get().ended_at
        with pytest.raises(Refused) as night:
            call.ring("明天来取", by=cast.as_("ming"), at=on(17) + timedelta(hours=12))
        assert night.value.code == "resting"
        for _time in range(2):
            client.post(f"{base}/mailings/calls/{call.pk}/", {"words": "明天来取"})
        call.refresh_from_db()
        assert (call.outcome, call.said) == ("recorded", "明天来取") and Event.objects.filter(action="call.rung").count() == 1
        client.force_login(cast.fang)
        assert client.post(f"{base}/mailings/calls/{call.pk}/", {"words": "x"}).status_code == 404
    at = on(17) + timedelta(days=4)
    assert ask(cast, "calls_uncollected", at) == (1, 1) and ask(cast, "contacts_written", at) == (0, 0)
