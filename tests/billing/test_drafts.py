"""Rules of finance and contracts: drafted, joined, approved by a superior (FIN-05, FIN-11)."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connections, transaction

from guanjia import clock
from guanjia.billing.models import Draft
from guanjia.events.models import Event
from guanjia.notices.saying import address
from guanjia.people.reach import reach_of
from guanjia.rulebooks.models import Parameter
from guanjia.rulebooks.parameters import parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from guanjia.tenancy.scope import estate_scope
from tests.cast import TUESDAY, build_cast, post, staff

RULE = {"title": "备用金补充规定", "words": "各服务点备用金不超过 800 元。"}


@pytest.fixture
def office(cast, books):
    """沈会计 of finance, 贾出纳, 项目经理 钱, 主管 赵."""
    return SimpleNamespace(finance=cast.as_("finance"), cash=cast.as_("cash"), head=cast.as_("qian"), chief=cast.as_("zhao"), ming=cast.as_("ming"), estate=cast.sunny)


def value(office, key="cash.float", at=None):
    return parameter(office.estate, key, at or clock.now())


def test_a_rule_is_in_force_once_a_superior_approved(office):
    """FIN-05: drafted by finance; nothing holds before the superior's word, then exactly what the draft says."""
    with pytest.raises(NotAllowed):
        Draft.objects.write(office.estate, "rule", **RULE, by=office.head)
    draft = Draft.objects.write(office.estate, "rule", **RULE, settings=[("cash.float", "800"), ("cash.escort_from", "30000")], by=office.finance)
    with pytest.raises(Refused, match="刚刚有变化"):
        draft.judge_it(True, by=office.head)  # not sent up
    draft.ask(by=office.finance)
    assert value(office) == 1000 or str(value(office)) == "1000"
    for by in (office.finance, office.cash):
        with pytest.raises(NotAllowed):
            draft.judge_it(True, by=by)
    draft.judge_it(True, by=office.head)
    assert str(value(office)) == "800" and str(value(office, "cash.escort_from")) == "30000"
    rows = Parameter.objects.filter(pk__in=draft.put)
    assert {(row.key, row.author_id, row.reason) for row in rows} == {(key, draft.judge_id, "《备用金补充规定》") for key in ("cash.float", "cash.escort_from")}
    assert list(Event.objects.about(draft).values_list("action", flat=True).order_by("pk")) == ["draft.written", "draft.asked", "draft.judged"]
    with pytest.raises(Refused):
        draft.judge_it(False, words="改主意", by=office.head)


def test_a_rule_begins_on_its_day(office):
    """FIN-05: approved now, in force from its first day, at the estate's midnight."""
    draft = Draft.objects.write(office.estate, "rule", **RULE, starts_on=date(2026, 4, 1), settings=[("cash.float", "800")], by=office.finance)
    draft.ask(by=office.finance)
    draft.judge_it(True, by=office.head)
    assert str(value(office, at=datetime(2026, 3, 31, 15, 59, tzinfo=UTC))) == "1000" and str(value(office, at=datetime(2026, 3, 31, 16, tzinfo=UTC))) == "800"


@pytest.mark.parametrize(("settings", "words"), [([("staff.ratio_b", "9")], "不是财务规定"), ([("billing.due_days", "x")], "不能是"), ([("billing.due_days", "-1")], "不能是"), ([("nothing", "1")], "不是财务规定")])
def test_a_setting_is_judged_when_written(office, settings, words):
    """FIN-05: only what finance rules are about, and only what the rulebook takes."""
    with pytest.raises(Refused, match=words):
        Draft.objects.write(office.estate, "rule", **RULE, settings=settings, by=office.finance)


def test_a_contract_goes_up_once_finance_joined_this_revision(office):
    """FIN-11: finance is told, joins, and joins anew what was changed; a superior decides, never the author."""
    said = {"title": "电梯维保合同", "words": "每月两次保养", "party": "安达电梯", "amount": 36000}
    with pytest.raises(NotAllowed):
        Draft.objects.write(office.estate, "contract", **said, by=office.ming)
    draft = Draft.objects.write(office.estate, "contract", **said, by=office.chief)
    assert Event.objects.about(draft).get().particulars["worker_ids"] == [office.finance.person_id]
    with pytest.raises(Refused, match="还没有会签"):
        draft.ask(by=office.chief)
    with pytest.raises(Refused, match="不用自己会签"):
        Draft.objects.write(office.estate, "contract", **said, by=office.head).join(True, by=office.head)
    with pytest.raises(Refused, match="要改什么"):
        draft.join(False, by=office.finance)
    draft.join(False, "付款改为按季", by=office.finance)
    with pytest.raises(Refused, match="已经会签"):
        draft.join(True, by=office.finance)
    with pytest.raises(Refused, match="还没有会签"):
        draft.ask(by=office.chief)
    with pytest.raises(Refused, match="只有起草人"):
        draft.revise("x", "y", by=office.finance)
    draft.revise(**said | {"words": "每月两次保养，按季付款"}, by=office.chief)
    draft.join(True, by=office.finance)
    draft.ask(by=office.chief)
    with pytest.raises(Refused, match="理由"):
        draft.judge_it(False, by=office.head)
    draft.judge_it(False, words="金额再谈", by=office.head)
    draft.revise(**said | {"amount": 34000}, by=office.chief)
    assert (draft.revision, draft.state, draft.judge_id) == (3, "drafted", None) and not draft.joined_by_finance
    draft.withdraw(by=office.chief)
    with pytest.raises(Refused):
        draft.ask(by=office.chief)


def test_the_database_keeps_two_persons(office):
    """FIN-05: whoever writes: no rule that finance did not draft, none approved by its author or by nobody."""
    draft = Draft.objects.write(office.estate, "rule", **RULE, by=office.finance)
    for wrong in ({"finance": False}, {"state": "approved"}, {"judge": office.finance.person_id}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Draft.objects.filter(pk=draft.pk).update(**wrong)


def test_the_pages(client, cast, office):
    """FIN-05, FIN-11: written, joined, sent up and approved by clicks; what was typed stays; a steward finds nothing."""
    base = "/e/sunny/billing/drafts/"
    client.force_login(cast.finance)
    typed = {"kind": "rule", "title": "备用金补充规定", "words": "不超过 800 元", "key0": "cash.float", "value0": "abc"}
    answer = client.post(f"{base}new/", typed)
    assert answer.status_code == 409 and "不超过 800 元" in answer.content.decode()
    assert client.post(f"{base}new/", typed | {"value0": "800"}).status_code == 302
    rule = Draft.objects.get()
    client.post(f"{base}{rule.pk}/submission/")
    client.force_login(cast.zhao)
    assert client.post(f"{base}new/", typed | {"kind": "rule"}).status_code == 422  # a rule is finance's
    assert client.post(f"{base}new/", {"kind": "contract", "title": "保洁合同", "words": "一年", "party": "洁美", "amount": "120000"}).status_code == 302
    contract = Draft.objects.get(kind="contract")
    client.force_login(cast.finance)
    assert "同意" in client.get(f"{base}{contract.pk}/").content.decode()
    client.post(f"{base}{contract.pk}/part/", {"agrees": "yes", "words": "可以", "revision": contract.revision + 1})
    assert not contract.parts.exists(), "a word about another revision than stands"
    client.post(f"{base}{contract.pk}/part/", {"agrees": "yes", "words": "可以"})
    client.force_login(cast.zhao)
    client.post(f"{base}{contract.pk}/submission/")
    client.force_login(cast.qian)
    for row in (rule, contract):
        client.post(f"{base}{row.pk}/verdict/", {"verdict": "yes", "words": ""})
    assert address(rule, "sunny", True) == f"{base}{rule.pk}/" and not address(rule, "sunny", False)  # where its messages lead
    assert set(Draft.objects.values_list("state", flat=True)) == {"approved"} and str(value(office)) == "800"
    listed = client.get(base, {"kind": "rule", "before": "x"}).content.decode()
    assert "备用金补充规定" in listed and "保洁合同" not in listed
    for nobody in (cast.ming, cast.zhou):
        client.force_login(nobody)
        assert {client.get(path).status_code for path in (base, f"{base}{rule.pk}/", f"{base}new/")} == {404}


@pytest.mark.django_db(transaction=True)
def test_two_heads_judge_one_draft_at_once(transactional_db):
    """FIN-05: one word counts; what the rule sets is put in force once."""
    with clock.at(TUESDAY):
        world = build_cast()
        people = [staff(world.company, login, login) for login in ("finance", "head1", "head2")]
        with estate_scope(world.sunny):
            for person, role in zip(people, ("finance_lead", "manager", "manager"), strict=True):
                post(world.sunny, person, role)
            by = reach_of(people[0], world.sunny)
            draft = Draft.objects.write(world.sunny, "rule", **RULE, settings=[("cash.float", "800")], by=by)
            draft.ask(by=by)
        told, gate = [], threading.Barrier(2)

        def judge(person):
            try:
                with clock.at(TUESDAY), estate_scope(world.sunny):
                    row, mine = Draft.objects.get(pk=draft.pk), reach_of(person, world.sunny)
                    gate.wait()
                    row.judge_it(True, by=mine)
                    told.append("done")
            except Refused as refused:
                told.append(refused.code)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=judge, args=(person,)) for person in people[1:]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with estate_scope(world.sunny):
            assert sorted(told) == ["done", "other_state"] and Parameter.objects.filter(key="cash.float").count() == 1
