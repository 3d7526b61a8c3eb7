"""Two at once: one mark an item, one end, one look (issue 6: two inspectors on one item, double finish)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from guanjia import clock
from guanjia.people.models import CompanyPost
from guanjia.people.reach import reach_of
from guanjia.quality.models import FixRound, Inspection, ItemScore, OwnRubric, Rectification, Result
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope
from tests.cast import ALWAYS, TUESDAY, build_cast, staff

from .conftest import SMALL, TODAY, fine, shot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    with clock.at(TUESDAY):
        made = build_cast()
        with estate_scope(made.sunny):
            for login, name in (("ding", "丁敏"), ("xu", "许静")):
                person = staff(made.company, login, name)
                CompanyPost.objects.create(company=made.company, person=person, role="company_quality", during=ALWAYS)
                setattr(made, login, reach_of(person, made.sunny))
            OwnRubric.objects.keep(SMALL, by=made.ding, reason="秩序细则")
            weights = {"gate": Decimal(100)}
            made.row = Inspection.objects.plan("检查", "open", TODAY, made.ding.person, by=made.ding, rubrics=weights, companion=made.xu.person)
        yield made


def both(world, *acts):
    """Each in its own connection, at the same moment; what each came to."""
    gate = Barrier(len(acts))

    def one(act):
        try:
            with clock.at(TUESDAY), estate_scope(world.sunny):
                row = Inspection.objects.get(pk=world.row.pk)
                gate.wait(20)
                return act(row)
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_two_inspectors_score_one_item(world):
    found = both(world, *(lambda row, by=by: row.mark(fine(row, "A1"), by=by) for by in (world.ding, world.xu)))
    assert sum(isinstance(one, Refused) for one in found) == 1
    with estate_scope(world.sunny):
        assert ItemScore.objects.filter(inspection=world.row).count() == 1


def test_it_is_finished_once(world):
    with clock.at(TUESDAY), estate_scope(world.sunny):
        world.row.mark(fine(world.row), by=world.ding)
    found = both(world, *(lambda row, by=by: row.finish(by=by) for by in (world.ding, world.xu)))
    assert sum(isinstance(one, Refused) for one in found) == 1
    with estate_scope(world.sunny):
        assert Result.objects.filter(inspection=world.row).count() == 1


def test_two_look_again_at_once(world):
    """One says good, one says not yet: only the first counts."""
    with clock.at(TUESDAY), estate_scope(world.sunny):
        fix = Rectification.objects.ask("上锁", world.ming, TODAY, by=world.ding)
        fix.submit("上了锁", [shot("")], by=reach_of(world.ming, world.sunny))

    def look(passed, by):
        return lambda _row: Rectification.objects.get(pk=fix.pk).judge(passed, "看过", by=by)

    found = both(world, look(True, world.ding), look(False, world.xu))
    assert sum(isinstance(one, Refused) for one in found) == 1
    with estate_scope(world.sunny):
        fix.refresh_from_db()
        assert FixRound.objects.filter(rectification=fix, judged_at__isnull=False).count() == 1
        assert bool(fix.closed_at) != (fix.round == 2)
