"""Forgetting and taking away: the books stay whole, the person's file is complete (design §7, HSE-14, CF-64)."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from django.urls import reverse

from guanjia import clock
from guanjia.care import exporting, privacy
from guanjia.care.models import Answer, FamilyAsk, Visit
from guanjia.events.models import Event
from guanjia.gate.models import Article, Card, Guest
from guanjia.households.models import Consent, Member, Need
from guanjia.households.search import find
from guanjia.jobs.models import Job
from guanjia.jobs.registry import work_of
from guanjia.notices.models import Device
from guanjia.people.models import Person
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def mei(cast):
    ming, row = cast.as_("ming"), Member.objects.select_related("household", "estate").get(name="梅女士")
    Member.objects.filter(pk=row.pk).update(identity="510101199001011234")
    Consent.objects.give(row, "health", "paper", by=ming)
    Need.objects.add(cast.meis, "chronic", "高血压", by=ming, member=row)
    Ticket.objects.report(
        by=cast.as_("mei"),
        estate=cast.sunny,
        words="漏水",
        unit=cast.home,
        household_id=cast.meis.pk,
        reporter_name="梅女士",
        reporter_phone="+8619900000001",
    )
    Visit.objects.note(cast.meis, by=ming, outcome="met", met_whom="梅女士", heard="一切都好")
    row.refresh_from_db()
    return row


def test_who_lives_here_is_not_erased(cast, mei):
    with pytest.raises(Refused):
        privacy.erase(mei, "本人要求", by=cast.as_("qian"))
    with pytest.raises(NotAllowed):
        privacy.erase(mei, "本人要求", by=cast.as_("ming"))


def test_the_name_goes_and_the_books_stay(cast, mei):
    """Design §7: names replaced, tickets and events kept, nothing personal found or read any more."""
    tickets, events = Ticket.objects.count(), Event.objects.count()
    mei.leave(by=cast.as_("qian"))
    privacy.erase(mei, "本人要求", by=cast.as_("qian"))
    mei.refresh_from_db()
    assert (mei.phone, mei.identity, mei.born_year, mei.login_id) == ("", "", None, None) and "梅" not in mei.name
    ticket = Ticket.objects.get()
    assert (ticket.words, ticket.reporter_phone) == ("漏水", "") and "梅" not in ticket.reporter_name
    assert "梅" not in Visit.objects.get().met_whom and Need.objects.get().words == ""
    assert Ticket.objects.count() == tickets and Event.objects.count() == events + 2
    assert not find(cast.sunny, "梅女士")
    assert "梅女士" not in str(Event.objects.filter(action="personal.erased").values())
    with pytest.raises(Refused):
        privacy.erase(mei, "再一次", by=cast.as_("qian"))


def test_what_was_asked_of_the_file_and_the_phones_go_too(cast, mei):
    """Names and numbers in the household's asks, and the addresses of the person's devices."""
    by = cast.as_("mei")
    FamilyAsk.objects.ask(cast.meis, "change", member=mei, name="梅小姐", phone="13900000009", words="改名", by=by).judge(False, "请带证件", by=cast.as_("ming"))
    FamilyAsk.objects.ask(cast.meis, "add", name="梅女士", kind="family", phone="13900000009", by=by)
    other = FamilyAsk.objects.ask(cast.meis, "add", name="小宝", kind="family", by=by)
    Device.objects.create(person=cast.mei, digest="0" * 64, endpoint="https://push.example.com/secret", p256dh="x", auth="y", agreed_at=clock.now())
    mei.leave(by=cast.as_("qian"))
    privacy.erase(mei, "本人要求", by=cast.as_("qian"))
    rows = FamilyAsk.objects.exclude(pk=other.pk)
    assert not any("梅" in row.name or row.phone or row.words for row in rows) and rows.count() == 2
    assert FamilyAsk.objects.get(pk=other.pk).name == "小宝" and not Device.objects.exists()


def test_the_sign_in_closes_with_the_last_home(cast, mei):
    Member.objects.filter(pk=mei.pk).update(left_on=clock.today(cast.sunny))
    mei.refresh_from_db()
    privacy.forget(mei, clock.now())
    person = Person.objects.get(pk=cast.mei.pk)
    assert not person.is_active and person.phone is None and "梅" not in person.name
    assert Person.objects.get(pk=cast.mr_mei.pk).is_active


def test_who_moved_out_and_is_erased_signs_in_no_more(cast, mei):
    """Design §7: moving out lets go of the sign-in, yet its name and number are the person's and go with them."""
    mei.leave(by=cast.as_("qian"))
    privacy.erase(mei, "本人要求", by=cast.as_("qian"))
    person = Person.objects.get(pk=cast.mei.pk)
    assert not person.is_active and person.phone is None and "梅" not in person.name
    assert "19900000001" not in person.username


def test_a_sign_in_that_another_home_knows_by_its_number_stays(cast, mei):
    Member.objects.filter(household=cast.lus).update(phone="+8619900000001", login=None)
    mei.leave(by=cast.as_("qian"))
    privacy.erase(mei, "本人要求", by=cast.as_("qian"))
    assert Person.objects.get(pk=cast.mei.pk).is_active


def test_the_file_taken_away_is_not_left_behind(cast, mei, settings, tmp_path):
    """Design §7: an export made before the person was erased would still say everything."""
    settings.MEDIA_ROOT = tmp_path
    exporting.do(job := exporting.ask(mei, by=cast.as_("qian")), lambda *_: None)
    assert job.result_file.storage.exists(job.result_file.name)
    name = job.result_file.name
    mei.leave(by=cast.as_("qian"))
    privacy.erase(mei, "本人要求", by=cast.as_("qian"))
    job.refresh_from_db()
    assert not job.result_file and not (tmp_path / name).exists()


def test_what_is_past_its_time_is_forgotten_by_itself(cast, mei):
    """HSE-14: retention is a parameter; the day before nothing happens."""
    Member.objects.filter(pk=mei.pk).update(left_on=clock.today(cast.sunny))
    assert privacy.sweep(cast.sunny, clock.now() + timedelta(days=1095)) == 0
    assert privacy.sweep(cast.sunny, clock.now() + timedelta(days=1096)) == 1
    assert privacy.sweep(cast.sunny, clock.now() + timedelta(days=1096)) == 0


def test_visitors_are_forgotten_by_themselves(cast):
    """CF-64: name, telephone and plate go after their time, the coming to the gate and its outcome stay."""
    guard, at = cast.as_("zheng"), clock.now()
    met = Guest.objects.register(cast.home, "王小姐", "梅女士", by=guard, phone="13900000001", plate="川A88888").guest
    asked = Guest.objects.announce(cast.home, cast.meis, "李先生", at, at + timedelta(days=7), by=guard, phone="13900000002")
    privacy.sweep(cast.sunny, at + timedelta(days=180))
    met.refresh_from_db()
    assert (met.visitor, met.phone) == ("王小姐", "13900000001")
    privacy.sweep(cast.sunny, at + timedelta(days=181))
    for row in (met, asked):
        row.refresh_from_db()
    assert (met.visitor, met.phone, met.plate) == ("已清除", "", "") and met.passages.get().entered
    assert (asked.visitor, asked.phone) == ("李先生", "13900000002")


def test_the_gate_forgets_the_name_as_well(cast, mei):
    """HSE-14: on cards, articles and in the book of comings."""
    card = Card.objects.issue(cast.home, cast.meis, "梅女士", "K000001", by=cast.as_("he"))
    others = Card.objects.issue(cast.home, cast.meis, "梅先生", "K000002", by=cast.as_("he"))
    article = Article.objects.keep(cast.home, cast.meis, "快递", "货架", by=cast.as_("he"), for_name="梅女士")
    came = Guest.objects.register(cast.home, "王小姐", "梅女士", by=cast.as_("zheng"))
    mei.leave(by=cast.as_("qian"))
    privacy.erase(mei, "本人要求", by=cast.as_("qian"))
    for row in (card, others, article, came):
        row.refresh_from_db()
    alias = f"{privacy.GONE}{mei.pk}"
    assert (card.holder, article.for_name, came.answered, others.holder) == (alias, alias, alias, "梅先生")


def read(mei):
    with zipfile.ZipFile(io.BytesIO(exporting.archive(mei))) as file:
        assert file.namelist() == ["data.json", "data.xlsx"]
        return json.loads(file.read("data.json"))


def test_everything_held_on_a_person_and_nothing_of_others(cast, mei):
    """Design §7: JSON and Excel, in clear; the husband's number is not hers to take."""
    found = read(mei)
    text = json.dumps(found, ensure_ascii=False)
    for words in ("梅女士", "+8619900000001", "510101199001011234", "高血压", "漏水", "一切都好", "3-1-501"):
        assert words in text, words
    assert "+8619900000002" not in text and "吕" not in text


def test_who_may_take_it_and_that_it_leaves_a_trace(cast, mei):
    job = exporting.ask(mei, by=cast.as_("mei"))
    assert exporting.ask(mei, by=cast.as_("mei")).pk == job.pk
    assert Event.objects.filter(action="personal.exported").count() == 1
    for who in ("mr_mei", "ming", "zhou"):
        with pytest.raises(NotAllowed):
            exporting.ask(mei, by=cast.as_(who))
    assert exporting.ask(mei, by=cast.as_("qian")).pk != job.pk


def test_the_file_is_for_nobody_but_who_asked(cast, mei, client):
    """Design §7: who may import sees the jobs of the estate, yet nobody else's file of a person."""
    job = exporting.ask(mei, by=cast.as_("mei"))
    client.force_login(cast.qian)
    assert cast.as_("qian").may("estate.import")
    for name in ("job", "result"):
        assert client.get(reverse(f"jobs:{name}", args=["sunny", job.pk])).status_code == 404, name
    mine = exporting.ask(mei, by=cast.as_("qian"))
    assert client.get(reverse("jobs:job", args=["sunny", mine.pk])).status_code == 200


def test_a_resident_sees_agrees_answers_and_takes_away(cast, mei, client):
    client.force_login(cast.mei)
    mine = reverse("care:mine", args=["sunny"])
    text = client.get(mine).content.decode()
    assert "199****0001" in text and "19900000001" not in text
    there = reverse("care:my_consent", args=["sunny", "activity"])
    client.post(there, {"give": "1"})
    assert Consent.objects.standing().filter(member=mei, purpose="activity", how="online").exists()
    client.post(there)
    assert not Consent.objects.standing().filter(member=mei, purpose="activity").exists()
    assert (
        client.post(
            reverse("care:questionnaire", args=["sunny"]), {"people": 3, "slot": "evening", "wish": "周末上门"}
        ).status_code
        == 302
    )
    cast.meis.refresh_from_db()
    assert (cast.meis.slot, cast.meis.preferences) == ("evening", "周末上门") and Answer.objects.count() == 1
    answer = client.post(reverse("care:my_export", args=["sunny"]))
    job = Job.objects.get(kind=exporting.KIND)
    assert client.get(answer["Location"]).status_code == 200
    client.force_login(cast.mr_mei)
    assert client.get(reverse("care:my_exported", args=["sunny", job.pk])).status_code == 404
    client.force_login(cast.ming)
    assert client.get(mine).status_code == 404


def test_forgetting_is_long_work_with_a_bar(cast, client, mei):
    """Design decision 10: asked on the page, done by the worker; asked twice it is one job; refused at once where it cannot be."""
    client.force_login(cast.qian)
    there = f"/e/sunny/households/acts/member/{mei.pk}/erasure/"
    assert client.post(there, {"why": "本人要求"}).status_code == 409  # still lives here
    mei.leave(by=cast.as_("qian"))
    answer = client.post(there, {"why": "本人要求"})
    client.post(there, {"why": "本人要求"})
    job = Job.objects.get(kind="person_erasure")
    assert answer.url.endswith(f"/jobs/{job.pk}/")
    mei.refresh_from_db()
    assert not mei.erased_at
    assert work_of(job.kind)(job, lambda *_args: None) == {"erased": 1}
    mei.refresh_from_db()
    assert mei.erased_at and mei.name != "梅女士"
    client.force_login(cast.zhao)
    assert client.get(answer.url).status_code == 404


def test_two_rows_of_one_person_become_one(cast, client, mei):
    """HSE-11: what is held on the twin comes over; of two consents one stands; nobody is chosen by a number."""
    qian = cast.as_("qian")
    twin = Member.objects.join(cast.meis, "梅女士（重复）", "family", by=qian, born_on=date(1980, 5, 6))
    for purpose, member in (("health", twin), ("birthday", twin), ("birthday", mei)):
        Consent.objects.give(member, purpose, "paper", by=qian)
    Need.objects.add(cast.meis, "chronic", "高血压", by=qian, member=twin)
    with pytest.raises(Refused):
        mei.absorb(Member.objects.get(household=cast.lus), by=qian)
    with pytest.raises(NotAllowed):
        mei.absorb(twin, by=cast.as_("zhou"))
    client.force_login(cast.qian)
    there = f"/e/sunny/households/acts/member/{mei.pk}/merger/"
    assert "梅女士（重复）" in client.get(there).content.decode()
    client.post(there, {"twin": twin.pk})
    mei.refresh_from_db()
    twin.refresh_from_db()
    assert (mei.born_year, mei.phone) == (1980, "+8619900000001") and twin.left_on
    assert {row.purpose for row in Consent.objects.standing().filter(member=mei)} == {"health", "birthday"}
    assert {row.member for row in Need.objects.all()} == {mei} and not Consent.objects.standing().filter(member=twin).exists()
    assert Event.objects.filter(action="member.merged").count() == 1
    with pytest.raises(Refused):
        mei.absorb(twin, by=qian)


def test_who_was_written_down_twice_keeps_their_name(cast, mei):
    """HSE-11, HSE-14: the merged row is forgotten after its time; what bears the living person's name stays."""
    qian = cast.as_("qian")
    twin = Member.objects.join(cast.meis, "梅女士", "family", by=qian)
    mei.absorb(twin, by=qian)
    twin.refresh_from_db()
    privacy.forget(twin, clock.now())
    mei.refresh_from_db()
    mei.household.refresh_from_db()
    assert (mei.name, mei.household.name) == ("梅女士", "梅女士")
    assert (Visit.objects.get().met_whom, Ticket.objects.get().reporter_name) == ("梅女士", "梅女士")
    assert [hit.household_id for hit in find(cast.sunny, "梅女士")] == [cast.meis.pk]
