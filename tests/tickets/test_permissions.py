"""What a verb asks of its actor itself, whichever page or program calls it (design §7, decision 3)."""

from __future__ import annotations

import io

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import translation
from PIL import Image

from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tickets.anonymous import Nobody
from guanjia.tickets.models import Photo, Ticket
from tests.tickets.test_staff_pages import FORM, signed_in, text


def drawn():
    buffer = io.BytesIO()
    Image.new("RGBA", (80, 40), "navy").save(buffer, "PNG")
    return ContentFile(buffer.getvalue(), "signature.png")


@pytest.fixture
def ticket(cast):
    return Ticket.objects.report(
        by=cast.as_("mei"), estate=cast.sunny, kind="complaint", words="楼上半夜装修", unit=cast.home, household_id=cast.meis.pk
    )


@pytest.fixture
def fed_back(cast, ticket):
    ticket.classify(by=cast.as_("jing"), klass="routine", category="noise")
    ticket.complete("已劝停", by=cast.as_("ming"))
    ticket.confirm("satisfied", by=cast.as_("ming"))
    return ticket


ACTS = {
    "add": lambda ticket, by: ticket.add("又开始了", by=by),
    "urge": lambda ticket, by: ticket.urge(by=by),
    "cancel": lambda ticket, by: ticket.cancel("不用了", by=by),
}
LATER = {
    "reopen": lambda ticket, by: ticket.reopen("还在响", by=by),
    "sign": lambda ticket, by: ticket.sign(drawn(), "某人", by=by),
    "rate": lambda ticket, by: ticket.rate(by=by, speed=1, result=1, attitude=1),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_only_the_household_follows_an_open_report(cast, ticket, act):
    """A neighbour and a nameless caller are refused by the verb, the family is not."""
    for by in (cast.as_("lu"), Nobody(cast.sunny)):
        with pytest.raises(NotAllowed):
            act(ticket, by)
    act(ticket, cast.as_("mr_mei"))


@pytest.mark.parametrize("act", LATER.values(), ids=LATER)
def test_only_the_household_or_its_steward_ends_it(cast, fed_back, act, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for by in (cast.as_("lu"), cast.as_("zhou"), Nobody(cast.sunny)):
        with pytest.raises(NotAllowed):
            act(fed_back, by)
    act(fed_back, cast.as_("mei"))


def test_only_who_dispatches_takes_an_order_back(cast, ticket):
    """The worker hands over or refuses; ending the ticket still takes the order along."""
    ticket.classify(by=cast.as_("jing"), klass="routine", category="noise")
    order = ticket.dispatch(by=cast.as_("jing"), worker=cast.zhou, priority="high", wishes="无")
    with pytest.raises(NotAllowed):
        order.withdraw("不想去", by=cast.as_("zhou"))
    ticket.cancel("已经好了", by=cast.as_("mei"))
    order.refresh_from_db()
    assert order.stage == "withdrawn"


def test_a_signature_is_for_the_steward_and_the_household(cast, fed_back, settings, tmp_path):
    """REQ-21: a worker on the ticket sees its photos, not the customer's signature."""
    settings.MEDIA_ROOT = tmp_path
    fed_back.reopen("还在响", by=cast.as_("mei"))
    fed_back.dispatch(by=cast.as_("jing"), worker=cast.zhou, priority="high", wishes="无")
    fed_back.photograph([drawn()], by=cast.as_("mei"))
    fed_back.works.get().take(by=cast.as_("zhou"))
    fed_back.works.get().finish("已劝停", by=cast.as_("zhou"))
    fed_back.refresh_from_db()
    fed_back.sign(drawn(), "梅女士", by=cast.as_("mei"))
    signature, photo = (Photo.objects.at_estate(cast.sunny).get(moment=moment) for moment in ("signature", "report"))

    def opens(who, row):
        return signed_in(cast, who).get(f"/e/sunny/photos/{row.pk}/").status_code == 200

    assert [opens(who, signature) for who in ("ming", "mei", "mr_mei", "zhou", "lu")] == [True, True, True, False, False]
    assert opens("zhou", photo)


def test_an_event_speaks_every_reader_s_language(cast, ticket):
    """Whoever acts in English leaves no English behind: the reader's language decides."""
    with translation.override("en"):
        ticket.classify(by=cast.as_("jing"), klass="routine", category="noise")
        order = ticket.dispatch(by=cast.as_("jing"), worker=cast.zhou, priority="high", wishes="无")
        order.refuse("dangerous", "梯子断了", by=cast.as_("zhou"))
        order.judge_refusal(False, "已换梯子", by=cast.as_("zhao"))
        order.ask_help("neighbour", "一个人抬不动", by=cast.as_("zhou"))
        ticket.judge("valid", "属实", by=cast.as_("qian"))
        ticket.cancel("已经好了", by=cast.as_("mei"))
    told = [event.sentence for event in ticket.timeline]
    for words in ("常规", "危险", "不成立", "相邻岗位", "有效", "报事已撤销"):
        assert any(words in sentence for sentence in told), words
    assert not any(letter.isascii() and letter.isalpha() for sentence in told for letter in sentence), told


def test_a_refused_order_says_who_decides(cast, ticket):
    """STF-02: the worker reads that the supervisor decides; the supervisor reads why before deciding."""
    ticket.classify(by=cast.as_("jing"), klass="routine", category="noise")
    order = ticket.dispatch(by=cast.as_("jing"), worker=cast.zhou, priority="high", wishes="无")
    order.refuse("dangerous", "梯子断了", by=cast.as_("zhou"))
    page = text(signed_in(cast, "zhou").get(f"/e/sunny/work/{order.pk}/"))
    assert "等主管裁定" in page and "梯子断了" in page
    assert "业主的特殊要求" not in page, "“无” asks for nothing"
    assert "梯子断了" in text(signed_in(cast, "zhao").get(f"/e/sunny/work/{order.pk}/refusal-verdict/"))


def test_the_desk_files_without_a_name(cast):
    """Issue 2.3: on the telephone too; nobody is kept, the way back stands in the answer alone, also in a second one."""
    desk = signed_in(cast, "he")
    sent = FORM | {"kind": "complaint", "words": "保安夜里睡岗", "anonymous": "on", "household": cast.meis.pk, "unit": cast.home.pk, "reporter_name": "梅女士", "member": ""}
    answer, again = desk.post("/e/sunny/desk/", sent), desk.post("/e/sunny/desk/", sent)
    ticket = Ticket.objects.get()
    assert ticket.anonymous and ticket.taken_by == cast.he
    assert (ticket.reporter_name, ticket.reporter_phone, ticket.unit, ticket.household, ticket.where) == ("", "", None, None, "东区")
    link = text(answer).split("/anonymous/")[1].split("/")[0]
    assert f"/anonymous/{link}/" in text(again) and "no-store" in answer.headers["Cache-Control"]
    assert "保安夜里睡岗" in text(Client().get(f"/e/sunny/anonymous/{link}/"))


def test_another_kind_is_filed_with_its_name(cast):
    """Ticked for a complaint, then it was a repair after all: the address is needed."""
    sent = FORM | {"anonymous": "on", "household": cast.meis.pk, "unit": cast.home.pk, "reporter_name": "梅女士", "member": ""}
    assert signed_in(cast, "he").post("/e/sunny/desk/", sent).status_code == 302
    assert Ticket.objects.get().reporter_name == "梅女士"


def test_nine_photos_and_not_one_more(cast, ticket, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    ticket.photograph([drawn() for _ in range(9)], by=cast.as_("mei"))
    with pytest.raises(Refused):
        ticket.photograph([drawn()], by=cast.as_("mei"))
