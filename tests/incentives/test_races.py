"""Two at once: one approval, one proposal, and no approval beside an appeal that was being filed (INC-03, CF-46)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from guanjia import clock
from guanjia.incentives.models import Appeal, Figure, Line, Proposal, Reckoning
from guanjia.incentives.reckoning import reckon
from guanjia.people.reach import reach_of
from guanjia.rulebooks.models import Parameter
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope
from tests.cast import TUESDAY, build_cast

from .conftest import AFTER, MARCH

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    with clock.at(TUESDAY):
        made = build_cast()
        Parameter.objects.set("zone.penalty", "200", by=None, reason="定额", company=made.company, at=TUESDAY)
        with estate_scope(made.sunny):
            for zone, part in ((made.east, 97), (made.west, 80)):
                Figure.objects.create(estate=made.sunny, month=MARCH, indicator="collection", level="zone", subject_id=zone.pk, version=1, part=part, whole=100)
            Reckoning.objects.create(estate=made.sunny, month=MARCH, number=1, at=AFTER)
            made.boss, made.her = reach_of(made.qian, made.sunny), reach_of(made.fang, made.sunny)
    return made


def at_once(world, *acts):
    gate = Barrier(len(acts))

    def one(act):
        try:
            with clock.at(AFTER), estate_scope(world.sunny):
                gate.wait(20)
                return act()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def propose(world):
    with clock.at(AFTER), estate_scope(world.sunny):
        return Proposal.objects.work_out(world.sunny, MARCH)


def test_two_work_out_a_month_at_once(world):
    at_once(world, *[lambda: Proposal.objects.work_out(world.sunny, MARCH)] * 2)
    with estate_scope(world.sunny):
        assert Proposal.objects.count() == 1 and Line.objects.count() == 1


def test_two_approve_at_once(world):
    proposal = propose(world)
    found = at_once(world, *[lambda: Proposal.objects.get(pk=proposal.pk).approve(by=world.boss)] * 2)
    assert sum(isinstance(one, Refused) for one in found) == 1


def test_approving_while_an_appeal_is_filed(world):
    """Either the appeal stands and there is no approval, or the approval came first and the appeal still moves money by an entry."""
    proposal = propose(world)

    def file():
        return Appeal.objects.file(Line.objects.get(kind="zone_penalty"), "不服", by=world.her)

    def approve():
        Proposal.objects.get(pk=proposal.pk).approve(by=world.boss)

    _filed, approved = at_once(world, file, approve)
    with estate_scope(world.sunny):
        appeal, now = Appeal.objects.get(), Proposal.objects.get(pk=proposal.pk)
        assert (now.approved_at is None) == isinstance(approved, Refused)
        if now.approved_at:
            with clock.at(AFTER):
                appeal.judge(None, "理由不足", by=world.boss)


def test_two_judge_one_appeal_at_once(world):
    propose(world)
    with clock.at(AFTER), estate_scope(world.sunny):
        appeal = Appeal.objects.file(Line.objects.get(kind="zone_penalty"), "不服", by=world.her)
    found = at_once(world, *[lambda: Appeal.objects.get(pk=appeal.pk).judge(0, "成立", by=world.boss)] * 2)
    assert sum(isinstance(one, Refused) for one in found) == 1
    with estate_scope(world.sunny):
        assert Line.objects.filter(appeal=appeal).count() == 1


def test_two_reckon_one_month_at_once(world):
    """One after the other; nothing is written twice."""
    with estate_scope(world.sunny):
        before = Reckoning.objects.count()
    at_once(world, *[lambda: reckon([world.sunny], MARCH)] * 2)
    with estate_scope(world.sunny):
        assert Reckoning.objects.count() <= before + 1
