"""The books on their pages: adopting, writing one's own, retiring, setting a duty; what a change would move (issue 3 §1, §2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange

from guanjia import clock
from guanjia.people.models import CompanyPost
from guanjia.rulebooks.adoption import Adoption
from guanjia.rulebooks.models import OwnBook, Parameter
from guanjia.rulebooks.moving import would_move
from guanjia.rulebooks.own import books_of
from guanjia.rulebooks.parameters import forget
from guanjia.tickets.models import Ticket
from tests.cast import SINCE, TUESDAY
from tests.rulebooks.test_adoption import OWN

BOOKS = "/e/sunny/rules/books/"


@pytest.fixture(autouse=True)
def _remember_nothing():
    forget()
    yield
    forget()


@pytest.fixture
def company(client, cast):
    """钱经理 holds a post at the company as well: what he changes may reach all its estates."""
    CompanyPost.objects.create(company=cast.company, person=cast.qian, role="company_admin", during=DateRange(SINCE, None))
    client.force_login(cast.qian)
    return client


def sent(content) -> SimpleUploadedFile:
    return SimpleUploadedFile("own.yaml", yaml.safe_dump(content, allow_unicode=True, sort_keys=False).encode())


def test_every_book_is_read_word_by_word(client, cast):
    """Issue 3 §1: books, clauses with their sources, duties with what they wait for, the disputed points."""
    client.force_login(cast.zhao)
    assert "十二个月" in client.get(BOOKS).content.decode()
    page = client.get(f"{BOOKS}plan/").content.decode()
    assert "受理后 10 分钟内完成分类" in page and "004 一3b" in page
    assert client.get(f"{BOOKS}nowhere/").status_code == 404
    page = client.get("/e/sunny/rules/conflicts/").content.decode()
    assert page.count("CF-") >= 78 and "任何诉求 10 分钟响应" in page
    file = client.get(f"{BOOKS}plan/file/")
    assert yaml.safe_load(file.content)["code"] == "plan"
    assert client.get(f"{BOOKS}upload/").status_code == 404  # a supervisor changes no rule


def test_a_book_is_adopted_and_a_clause_retired_with_a_reason(client, cast):
    """Issue 3 §1: per estate, from now, with author and reason; and back again."""
    client.force_login(cast.qian)
    for key, value in (("book.plan.adopted", "on"), ("clause.REQ-04.on", "off")):
        assert client.post(f"/e/sunny/rules/{key}/", {"value": value, "reason": "试点", "sure": "1"}).status_code == 302
    adoption = Adoption(cast.sunny, clock.now())
    stands = {clause.id: adoption.adopts(clause) for clause in adoption.clauses()}
    assert stands["REQ-05"] and not stands["REQ-04"]
    assert "已停用" in client.get(f"{BOOKS}plan/").content.decode()


def test_an_own_book_is_checked_compared_and_adopted(company, cast):
    """Issue 3 §1: errors by line; the difference side by side; kept and adopted from its date."""
    wrong = OWN | {"clauses": {"OWN-01": OWN["clauses"]["OWN-01"] | {"kind": "poem"}}}
    answer = company.post(f"{BOOKS}upload/", {"file": sent(wrong)})
    assert answer.status_code == 422 and "kind" in answer.content.decode() and not OwnBook.objects.exists()
    assert company.post(f"{BOOKS}upload/", {"file": SimpleUploadedFile("x.yaml", b"\xff\xfe\x00")}).status_code == 422
    answer = company.post(f"{BOOKS}upload/", {"file": sent(OWN)})
    page = answer.content.decode()
    assert answer.status_code == 200 and "OWN-01" in page and "新增" in page
    text = yaml.safe_dump(OWN, allow_unicode=True)
    later = (TUESDAY + timedelta(days=2)).astimezone().strftime("%Y-%m-%dT%H:%M")
    said = {"text": text, "sure": "1", "reason": "本公司的规矩", "adopt": "on", "valid_from": later}
    assert company.post(f"{BOOKS}upload/", said | {"reason": ""}).status_code == 422
    assert company.post(f"{BOOKS}upload/", said).status_code == 302
    assert "own" not in books_of(cast.company.pk, TUESDAY)
    with clock.at(TUESDAY + timedelta(days=3)):
        adoption = Adoption(cast.sunny, clock.now())
        assert {clause.id for clause in adoption.clauses() if adoption.adopts(clause)} == {"OWN-01"}
        changed = OWN | {"clauses": {"OWN-01": OWN["clauses"]["OWN-01"] | {"text": "门岗昼夜有人。"}}}
        page = company.post(f"{BOOKS}upload/", {"file": sent(changed)}).content.decode()
        assert "门岗昼夜有人。" in page and "门岗有人。" in page and "去掉" in page


def test_a_manager_of_one_estate_writes_no_book_for_the_company(client, cast):
    client.force_login(cast.qian)
    assert client.get(f"{BOOKS}upload/").status_code == 404


def test_a_waiting_duty_is_set_from_its_suggestion(client, cast):
    """PARAM: rows: nothing runs until the company says how often; what it says is checked."""
    name, entry = next((key, duty) for book in books_of(cast.company.pk, TUESDAY).values() for key, duty in book.duties.items() if duty.waits and "$" not in duty.waits.suggest)
    client.force_login(cast.qian)
    page = client.get(f"/e/sunny/rules/duties/{name}/").content.decode()
    assert entry.waits.suggest in page and entry.waits.word in page
    said = {"on": "on", "cadence": "每逢初一", "role": "", "opens": "", "closes": "", "reason": "公司定"}
    assert client.post(f"/e/sunny/rules/duties/{name}/", said).status_code == 422
    said |= {"cadence": "FREQ=WEEKLY;BYDAY=MO", "opens": "09:00"}
    assert "保存前先看" in client.post(f"/e/sunny/rules/duties/{name}/", said).content.decode() and not Parameter.objects.exists()
    assert client.post(f"/e/sunny/rules/duties/{name}/", said | {"sure": "1"}).status_code == 302
    assert dict(Parameter.objects.values_list("key", "value")) == {f"duty.{name}.cadence": "FREQ=WEEKLY;BYDAY=MO", f"duty.{name}.opens": "09:00"}


def test_a_cadence_that_cannot_be_meant_is_refused_with_the_engines_words(client, cast):
    """Decision 8: what is wrong is said before anything is saved, also where only hour and window together are wrong; a pair goes in one act."""
    client.force_login(cast.qian)
    key, page = "duty.hse_core_care", "/e/sunny/rules/duties/hse_core_care/"
    single = {"value": "FREQ=DAILY;BYHOUR=25", "reason": "试"}
    answer = client.post(f"/e/sunny/rules/{key}.cadence/", single)
    assert answer.status_code == 422 and "BYHOUR is a whole number from 0 to 23" in answer.content.decode()
    said = {"on": "on", "cadence": "FREQ=DAILY;BYHOUR=20", "role": "", "opens": "", "closes": "18:00", "reason": "试"}
    answer = client.post(page, said | {"sure": "1"})
    assert answer.status_code == 422 and "before the last slot begins" in answer.content.decode()
    answer = client.post(page, said | {"cadence": "FREQ=DAILY;BYTIME=$no.figure", "sure": "1"})
    assert answer.status_code == 422 and "no.figure" in answer.content.decode() and not Parameter.objects.exists()
    assert client.post(page, said | {"closes": "21:00", "opens": "19:00", "sure": "1"}).status_code == 302
    answer = client.post(f"/e/sunny/rules/{key}.closes/", {"value": "08:00", "reason": "试", "sure": "1"})
    assert answer.status_code == 422 and "before the last slot begins" in answer.content.decode()
    assert client.post(f"/e/sunny/rules/{key}.on/", {"value": "off", "reason": "试", "sure": "1"}).status_code == 302


def test_what_a_shorter_limit_would_move_is_said_before(client, cast):
    """Issue 3 §2: the running clocks keep theirs; the last month is tried on the new amount."""
    Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="厨房漏水", unit=cast.home, household_id=cast.meis.pk)
    done = Ticket.objects.report(by=cast.as_("mei"), estate=cast.sunny, words="灯不亮", unit=cast.home, household_id=cast.meis.pk, at=TUESDAY - timedelta(hours=1))
    done.classify(by=cast.as_("jing"), klass="routine", category="power", at=TUESDAY - timedelta(minutes=52))
    kept, month = would_move(cast.sunny, "limit.sla_classify.within", "5m", TUESDAY)
    assert kept.count == 1 and len(kept.samples) == 1
    assert month.count == 1 and "1 个" in month.words and month.tone == "bad"
    assert not would_move(cast.sunny, "tickets.per_day", 3, TUESDAY)
