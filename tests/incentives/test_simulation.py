"""A rule tried on past facts is the proposal's own computation: unchanged it is the real proposal; each changed setting moves its line (INC-01..07, QLT-22..25)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from guanjia import clock
from guanjia.incentives.models import Figure, Line, Proposal
from guanjia.incentives.simulation import simulate
from guanjia.people.models import Post
from guanjia.quality.grading import banded
from guanjia.quality.models import Assessment, Payout
from guanjia.quality.money import lines_of
from guanjia.staffing.models import Appraisal, Award, FactRecord
from guanjia.tenancy.errors import Refused
from tests.cast import ALWAYS

from .test_yearly import DECEMBER, NEW_YEAR, drafted, put, year_over

WAYS = {"site": "70.00", "questions": "96.00", "callback": "74.60", "test": "73.00"}  # 78.40 at a quarter each
LATE = NEW_YEAR - timedelta(days=5)  # in December


@pytest.fixture
def december(cast):
    """A month with a line of every kind; it is 2 January."""
    for key, value in (("zone.bonus", "500"), ("zone.penalty", "200"), ("support.penalty", "20")):
        put(cast, key, value)
    Post.objects.create(estate=cast.sunny, person=cast.ming, role="senior_steward", during=ALWAYS)
    drafted(cast, 2000).sign(by=cast.as_("zhao"))
    year_over(cast)
    for zone, part in ((cast.east, 97), (cast.west, 80), (None, 96)):
        for key in ("collection", "satisfaction") if zone else ("collection",):
            Figure.objects.create(estate=cast.sunny, month=DECEMBER, indicator=key, level="zone" if zone else "estate", subject_id=zone.pk if zone else 0, version=2, part=part, whole=100)
    with clock.at(LATE):
        Appraisal.objects.mark(cast.zhou, 95, "", by=cast.as_("ming"))
        Award.objects.propose(cast.wu, "reward", Decimal(50), "雨夜抢修", by=cast.as_("ming")).decide(True, "", by=cast.as_("qian"))
        FactRecord.objects.note(cast.zhao, clock.today(cast.sunny), "不派人", by=cast.as_("ming"), at=LATE)
        FactRecord.objects.update(judged_at=LATE, judged_by=cast.qian, verdict="stands")
        parts = [{"group": key, "title": key, "weight": "25", "score": score, "inspections": []} for key, score in WAYS.items()]
        told = {"title": "考评", "score": Decimal("78.40"), "counted": 78, "rule": "down", "band": "fail", "made_by": cast.zhou, "parts": parts}
        made = Assessment.objects.create(estate=cast.sunny, made_at=LATE, decided_at=LATE, decided_by=cast.wu, granted=True, **told)
        Payout.objects.bulk_create(Payout(estate=cast.sunny, assessment=made, **line) for line in lines_of(made, LATE))
    with clock.at(NEW_YEAR):
        Proposal.objects.work_out(cast.sunny, DECEMBER, by=cast.as_("qian"))
        yield cast


def real():
    found = {}
    for line in Line.objects.all():
        amount, grades = found.get((line.kind, line.who), (0, 0))
        found[line.kind, line.who] = amount + line.amount, grades + line.grades
    return found


def tried(cast, **changes):
    rows, months = simulate(cast.sunny, DECEMBER, {key.replace("__", "."): value for key, value in changes.items()})
    assert months == [DECEMBER]
    return rows


def sides(rows, side):
    return {(row.kind, row.who): (getattr(row, side).amount, getattr(row, side).grades) for row in rows if getattr(row, side).there}


def test_unchanged_it_is_the_real_proposal(december):
    """Every kind of line, both sides; also where the campaign's money is worked out again by the table as it stands."""
    kinds = {kind for kind, _who in real()}
    assert kinds == {"zone_bonus", "zone_penalty", "star", "support", "award", "ladder", "campaign", "contract"}
    put(december, "zone.bonus", "900")  # since then the house pays another bonus: the month's own rule holds on
    same = {"kpi__collection_step": "5", "grade__rounding": "down", "zone__penalty": "200", "contract__bonus": Decimal(2000), "grade__weight_site": 25, "contract__scale": "all"} | limits(79, 90)
    for changes in ({}, same):
        rows = tried(december, **changes)
        assert sides(rows, "now") == sides(rows, "then") == real()
        assert not any(row.differs for row in rows)


def limits(fail, good):
    return {key.replace(".", "__"): value for key, value in banded(Decimal(fail), Decimal(good)).items()}


def dotted(changes):
    return {key.replace("__", "."): value for key, value in changes.items()}


NOT_FINED = {("campaign", "钱经理"): (500, 0), ("campaign", "赵主管"): (300, 0), ("campaign", "孙班长"): (100, 0)}
REWARDED = {("campaign", "钱经理"): (1500, 0), ("campaign", "赵主管"): (900, 0), ("campaign", "孙班长"): (100, 0)}
MOVES = [
    ({"grade.weight_site": 15, "grade.weight_questions": 35}, NOT_FINED),  # 81.00: good
    ({"grade.weight_site": 0, "grade.weight_questions": 100, "grade.weight_callback": 0, "grade.weight_test": 0}, REWARDED | {("campaign", "项目团队"): (3000, 0)}),  # 96
    (dotted(limits(77, 90)), NOT_FINED),
    (dotted(limits(60, 78)), NOT_FINED),
    (dotted(limits(60, 77)), REWARDED),
    ({"contract.scale": "each", "score.staff": 90}, {("contract", "赵主管"): (Decimal("-666.67"), 0)}),
    ({"contract.scale": "each", "contract.share_staff": 0, "score.staff": 90}, {}),
    ({"kpi__ladder_grades": 3}, {("ladder", "李明"): (0, 2)}),
    ({"kpi__collection_threshold": "97"}, {("ladder", "李明"): (0, -4), ("half_year", "李明"): (0, 0)}),
    ({"ladder__top_senior_steward": 3}, {("ladder", "李明"): (0, -1)}),
    ({"grade__fine_pm": 800}, {("campaign", "钱经理"): (-300, 0)}),
    ({"contract__bonus": Decimal(3000)}, {("contract", "赵主管"): (1000, 0)}),
    ({"score__staff": 90}, {("contract", "赵主管"): (-2000, 0)}),
    ({"support__penalty": "70"}, {("support", "赵主管"): (-50, 0)}),
    ({"collection__target": 98}, {("zone_bonus", "东区"): (-500, 0)}),
]


def test_a_changed_setting_moves_its_lines_and_no_other(december):
    before = Line.objects.count()
    for changes, moved in MOVES:
        assert {(row.kind, row.who): (row.change, row.climb) for row in tried(december, **changes) if row.differs} == moved, changes
    assert Line.objects.count() == before


def test_what_is_no_rule_is_refused_and_said_on_the_page(december, client):
    """CF-27, CF-31: ways that do not make 100 %, bands that leave a gap, a way that was never used; a page keeps what was typed."""
    for changes in ({"grade.weight_site": 30}, {"grade.fail_max": "85"}):
        with pytest.raises(Refused):
            simulate(december.sunny, DECEMBER, changes)
    for limit in ((90, 80), (79, 100), (-1, 90)):
        with pytest.raises(Refused):
            banded(Decimal(limit[0]), Decimal(limit[1]))
    Assessment.objects.update(parts=[{"group": "site", "title": "site", "weight": "100", "score": "78.40", "inspections": []}])
    with pytest.raises(Refused, match="还缺"):
        simulate(december.sunny, DECEMBER, {"grade.weight_site": 15, "grade.weight_questions": 35})
    client.force_login(december.qian)
    answer = client.get("/e/sunny/scores/simulation/?month=2026-12&grade.weight_site=30")
    assert answer.status_code == 422 and "合计 105%" in answer.content.decode() and 'value="30"' in answer.content.decode()
    answer = client.get("/e/sunny/scores/simulation/?month=2026-12&grade.good_most=77&grade.fail_max=60")
    assert answer.status_code == 200 and "+¥ 1,500.00" in answer.content.decode()
    assert client.get("/e/sunny/scores/simulation/?month=2026-12&grade.good_most=999").status_code == 422
