"""Money from elsewhere in the proposal: the campaign's bands, the year's contracts, the ladder's top; what the company has yet to set (INC-01, INC-02, INC-06, QLT-22..25, QLT-67, CF-29, CF-76)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.incentives.facts import blanks, climbing
from guanjia.incentives.models import Appeal, Contract, Figure, Line, Proposal, Reckoning
from guanjia.incentives.showing import shown
from guanjia.incentives.yearly import year_scores
from guanjia.people.models import Post
from guanjia.quality.models import Assessment, Payout
from guanjia.rulebooks.models import Parameter
from guanjia.tenancy.errors import NotAllowed, Refused
from tests.api.conftest import Caller
from tests.cast import ALWAYS

from .conftest import AFTER, MARCH

DECEMBER, NEW_YEAR = date(2026, 12, 1), datetime(2027, 1, 2, 1, 0, tzinfo=UTC)


def put(cast, key, value):
    Parameter.objects.set(key, value, by=None, reason="定额", company=cast.company, at=clock.now() - timedelta(days=30))


def figure(cast, indicator, part, whole, month=MARCH, version=1):
    Figure.objects.create(estate=cast.sunny, month=month, indicator=indicator, level="estate", subject_id=0, version=version, part=part, whole=whole)


def assessed(cast, at, granted=True):
    """项目经理 fined, the team awarded; decided by somebody else."""
    made = Assessment.objects.create(
        estate=cast.sunny, title="四季度考评", score=Decimal("78.40"), counted=78, rule="down", band="fail", made_at=at, made_by=cast.zhao, decided_at=at, decided_by=cast.qian, granted=granted
    )
    for person, kind, amount in ((cast.zhou, "fine", 100), (cast.wu, "reward", 600), (None, "team", 3000)):
        Payout.objects.create(estate=cast.sunny, assessment=made, person=person, post="班长", kind=kind, amount=amount)
    return made


def test_the_campaigns_money_is_in_the_month_it_was_decided(cast, ding):
    """QLT-22..25: reward, fine and the team's award by the bands' table, each once; appealed like anything else, moved by an entry."""
    assessed(cast, AFTER - timedelta(days=3))
    assessed(cast, AFTER - timedelta(days=2), granted=False)
    assessed(cast, AFTER - timedelta(days=40))
    Reckoning.objects.create(estate=cast.sunny, month=MARCH, number=1, at=AFTER)
    with clock.at(AFTER):
        made = Proposal.objects.work_out(cast.sunny, MARCH, by=cast.as_("qian"))
        lines = made.lines.filter(kind="campaign")
        assert {(line.person_id, line.amount) for line in lines} == {(cast.zhou.pk, -100), (cast.wu.pk, 600), (None, 3000)}
        assert lines.get(person=None).who == "项目团队"
        fine = lines.get(person=cast.zhou)
        assert fine.inputs["score"] == "78.40" and fine.inputs["band"] == "fail"
        Appeal.objects.file(fine, "当班的不是我", by=cast.as_("zhou")).judge(Decimal(0), "查实换班", by=ding)
        assert Line.objects.get(appeal__line=fine).amount == 100
        assert made.totals() == (Decimal(3600), Decimal(0))
        Proposal.objects.work_out(cast.sunny, MARCH, by=cast.as_("qian"))
        assert made.totals() == (Decimal(3600), Decimal(0)), "worked out again it adds nothing"
        entry = next(one for one in shown(made, cast.as_("qian")) if one.line.pk == fine.pk)
        assert entry.numbers == [("四季度考评", "78.40 分 · 不及格"), ("岗位", "班长")]


def drafted(cast, bonus=Decimal(2000), head="zhao"):
    return Contract.objects.draft(2026, "service", getattr(cast, head), by=cast.as_("qian"), targets={"complaints": Decimal("1.5")}, bonus=bonus)


def test_a_contract_is_drafted_by_the_manager_and_signed_by_its_head(cast):
    """INC-06, QLT-67: three indicators with their targets, one a department and year; nobody signs for another."""
    made = drafted(cast)
    assert made.targets == {"satisfaction": "90", "complaints": "1.5", "staff": "80"}
    for bad in (lambda: drafted(cast), lambda: Contract.objects.draft(2026, "kitchen", cast.zhao, by=cast.as_("qian"))):
        with pytest.raises(Refused):
            bad()
    with pytest.raises(NotAllowed):
        Contract.objects.draft(2026, "order", cast.zhao, by=cast.as_("ming"))
    with pytest.raises(NotAllowed):
        made.sign(by=cast.as_("qian"))
    made.sign(by=cast.as_("zhao"))
    with pytest.raises(Refused):
        made.sign(by=cast.as_("zhao"))
    assert Event.objects.get(action=Action.CONTRACT_SIGNED).sentence == "赵主管签订 2026 年客服部目标责任合同"


def year_over(cast, staff_part=85):
    """March and December of the year, satisfaction put right once."""
    for month in (MARCH, DECEMBER):
        figure(cast, "satisfaction", 90, 100, month)
        figure(cast, "complaints", 1, 100, month)
    figure(cast, "satisfaction", 92, 100, version=2)
    figure(cast, "staff", staff_part, 100, DECEMBER)
    Reckoning.objects.create(estate=cast.sunny, month=DECEMBER, number=2, at=NEW_YEAR)


@pytest.mark.parametrize(("staff_part", "bonus", "amount"), [(80, 2000, 2000), (79, 2000, 0), (90, None, 0)])
def test_the_year_decides_the_bonus(cast, staff_part, bonus, amount):
    """INC-06: all three, exactly at target is reached; a blank bonus is nought and says so; sums are of the standing versions."""
    made = drafted(cast, bonus)
    made.sign(by=cast.as_("zhao"))
    year_over(cast, staff_part)
    assert {one.key: (one.part, one.whole) for one in year_scores(cast.sunny, made, DECEMBER)}["satisfaction"] == (182, 200)
    with clock.at(NEW_YEAR):
        line = Proposal.objects.work_out(cast.sunny, DECEMBER, by=cast.as_("qian")).lines.get(kind="contract")
    assert (line.person_id, line.amount) == (cast.zhao.pk, amount)
    assert [row["reached"] for row in line.inputs["targets"]] == [True, True, staff_part >= 80]
    assert bool(line.inputs.get("missing")) == (bonus is None)


def test_an_unsigned_contract_and_another_month_decide_nothing(cast):
    drafted(cast)
    year_over(cast)
    with clock.at(NEW_YEAR):
        assert not Proposal.objects.work_out(cast.sunny, DECEMBER, by=cast.as_("qian")).lines.filter(kind="contract").exists()


def test_the_ladder_ends_at_the_posts_top(cast):
    """INC-01: 96 % is two steps of two grades; never past the top, counted with what was gained before; not set, it says so."""
    june = date(2026, 6, 1)
    Post.objects.create(estate=cast.sunny, person=cast.ming, role="senior_steward", during=ALWAYS)
    figure(cast, "collection", 96, 100, june)
    (free,) = climbing(cast.sunny, june)
    assert (free.grades, free.inputs["top"]) == (4, None)
    put(cast, "ladder.top_senior_steward", 5)
    (first,) = climbing(cast.sunny, june)
    assert (first.grades, first.inputs["top"], first.inputs["gained"]) == (4, 5, 0)
    before = Proposal.objects.create(estate=cast.sunny, month=date(2025, 12, 1), version=1, at=AFTER, appeal_until=AFTER)
    Line.objects.create(estate=cast.sunny, proposal=before, kind="ladder", person=cast.ming, amount=0, grades=3, version=1, at=AFTER)
    (second,) = climbing(cast.sunny, june)
    assert (second.grades, second.inputs["gained"]) == (2, 3)


def test_who_holds_both_posts_climbs_as_the_senior(cast):
    """INC-01: the top that counts is the senior post's, whichever post came first."""
    june = date(2026, 6, 1)
    for person, roles in ((cast.ming, ("senior_steward", "assistant_steward")), (cast.fang, ("assistant_steward", "senior_steward"))):
        for role in roles:
            Post.objects.create(estate=cast.sunny, person=person, role=role, during=ALWAYS)
    figure(cast, "collection", 96, 100, june)
    put(cast, "ladder.top_senior_steward", 3)
    put(cast, "ladder.top_assistant_steward", 1)
    assert {one.person: (one.grades, one.inputs["top"]) for one in climbing(cast.sunny, june)} == {cast.ming.pk: (3, 3), cast.fang.pk: (3, 3)}


def test_what_is_blank_is_said_with_where_to_set_it(client, cast):
    """CF-76: the page of proposals names each amount and leads to its setting; set, it is gone."""
    client.force_login(cast.qian)
    page = client.get("/e/sunny/scores/proposals/").content.decode()
    assert "/e/sunny/rules/zone.bonus/" in page and len(blanks(cast.sunny)) == 4
    put(cast, "zone.bonus", "500")
    assert [key for key, _label in blanks(cast.sunny)] == ["zone.penalty", "ladder.top_senior_steward", "ladder.top_assistant_steward"]


def test_contracts_on_the_page(client, cast):
    """Drafted, signed by its head, nobody else's to see."""
    client.force_login(cast.qian)
    said = {"year": "2026", "department": "order", "head": cast.zhao.pk, "target-satisfaction": "90", "target-complaints": "1", "target-staff": "80", "bonus": ""}
    refused = client.post("/e/sunny/scores/contracts/drafts/", said | {"target-staff": "viel", "target-complaints": "0.7"})
    page = refused.content.decode()
    assert refused.status_code == 422 and 'value="viel"' in page and 'value="0.7"' in page, "what was typed stays"
    assert f'value="{cast.zhao.pk}" selected' in page
    assert client.post("/e/sunny/scores/contracts/drafts/", said).status_code == 302
    made = Contract.objects.get()
    assert "年终奖未设" in client.get("/e/sunny/scores/contracts/").content.decode()
    assert client.post(f"/e/sunny/scores/contracts/{made.pk}/signature/").status_code == 404
    client.force_login(cast.ming)
    assert "秩序部" not in client.get("/e/sunny/scores/contracts/").content.decode()
    client.force_login(cast.zhao)
    assert client.post(f"/e/sunny/scores/contracts/{made.pk}/signature/").status_code == 302
    assert "待签" not in client.get("/e/sunny/scores/contracts/").content.decode()


def test_a_contract_over_the_api_says_only_what_it_can_mean(cast):
    """An unknown indicator is a mistake, not a wish; a target has two places at most."""
    caller = Caller(cast.qian)
    said = {"year": 2026, "department": "service", "head": cast.zhao.username}
    for targets in ({"satisfcation": "95"}, {"satisfaction": "1E-5000"}, {"satisfaction": "101"}):
        assert caller.post("/contracts", **said, targets=targets).status_code == 422, targets
    answer = caller.post("/contracts", **said, targets={"satisfaction": "92.5"})
    assert answer.status_code == 201
    assert Contract.objects.get().targets["satisfaction"] == "92.5"
