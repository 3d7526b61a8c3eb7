"""A month's money, scores and comparison once more from the rows, corrections included (INC-03..05, INC-07, QLT-63, CF-45, CF-46, issue 6)."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from guanjia import clock
from guanjia.estates.models import Estate
from guanjia.incentives.company import compared, whole
from guanjia.incentives.models import Appeal, Figure, Line, Proposal, Reckoning
from guanjia.incentives.reading import table, trend
from guanjia.incentives.reckoning import reckon
from guanjia.staffing.models import Appraisal, Award, FactRecord, ZoneNote
from guanjia.tenancy.scope import estate_scope
from guanjia.tickets.models import WorkOrder
from guanjia.tickets.models.complainable import Verdict
from guanjia.tickets.models.completable import Rating
from guanjia.tickets.models.refusable import Refusal
from tests.billing.again import fill as ledger

from .again import Again
from .conftest import AFTER, MARCH
from .rows import BEGIN, EDGES, END, fill
from .test_yearly import put

RULE = {"kpi.satisfaction_target": 10, "zone.bonus": "500", "zone.penalty": "200", "star.bonus": "150", "support.penalty": "20"}


def people(cast):
    """Marks, praises, refused help, facts and instant awards, about both edges of the month."""
    for person, scores in ((cast.zhou, (80, 95)), (cast.wu, (90, 85)), (cast.zheng, (70, 99))):
        for by, score in zip((cast.ming, cast.fang), scores, strict=True):
            Appraisal.objects.create(estate=cast.sunny, person=person, month=MARCH, by=by, score=score, at=AFTER)
    Appraisal.objects.create(estate=cast.sunny, person=cast.zhou, month=MARCH.replace(month=2), by=cast.ming, score=100, at=AFTER)
    for day in (MARCH - timedelta(days=1), MARCH):
        ZoneNote.objects.create(estate=cast.sunny, kind="praise", person=cast.wu, by=cast.ming, zone=cast.east, on=day, at=AFTER, words="雨夜抢修")
    orders = list(WorkOrder.objects.order_by("pk")[:4])
    for order, at in zip(orders, EDGES, strict=True):
        Refusal.objects.create(estate=cast.sunny, work=order, by=cast.zhou, at=BEGIN, ground="other", why="忙", judged_at=at, judged_by=cast.zhao, upheld=at == EDGES[3])
        FactRecord.objects.create(estate=cast.sunny, about=cast.zhao, by=cast.ming, at=BEGIN, happened_on=MARCH, words="不派人", level="manager", judged_at=at, judged_by=cast.qian, verdict="partly")
        Award.objects.create(estate=cast.sunny, person=cast.wu, kind="penalty", amount=30, why="迟到", asked_by=cast.ming, asked_at=BEGIN, decided_at=at, decided_by=cast.qian, granted=True)


def month_money(cast):
    """By the words of the rule: {(kind, zone or person): yuan}, from the rows as they stand."""
    said, found, target = Again(cast.sunny).tell(), {}, cast.target

    def share(key, zone):
        part, full = said.get((key, "zone", zone), (0, 0))
        return Fraction(part) / Fraction(full) * 100 if full else None

    zones = [cast.east.pk, cast.west.pk]
    money, glad = ({zone: share(key, zone) for zone in zones} for key in ("collection", "satisfaction"))
    for zone in zones:
        if money[zone] >= target and glad[zone] is not None and glad[zone] >= 10 and not said.get(("complaints", "zone", zone), (0, 0))[0]:
            found["zone_bonus", zone] = 500
    last = min(zones, key=money.get)
    if money[last] < target and money[cast.east.pk] != money[cast.west.pk]:
        found["zone_penalty", last] = -200
    marks = defaultdict(list)
    for row in Appraisal.objects.filter(month=MARCH):
        marks[row.person_id].append(row.score)
    praise = {row.person_id for row in ZoneNote.objects.filter(kind="praise") if (row.on.year, row.on.month) == (2026, 3)}
    tasks = {key[2]: Fraction(pair[0]) / Fraction(pair[1]) for key, pair in said.items() if key[:2] == ("tasks", "person")}
    found["star", max(marks, key=lambda who: (sum(marks[who]) / len(marks[who]), who in praise, tasks.get(who, 0)))] = 150
    for row in [*Refusal.objects.filter(upheld=False), *FactRecord.objects.filter(verdict__in=("stands", "partly"))]:
        if BEGIN <= row.judged_at < END:
            key = "support", getattr(row, "about_id", None) or row.by_id
            found[key] = found.get(key, 0) - 20
    for row in Award.objects.filter(granted=True):
        if BEGIN <= row.decided_at < END:
            found["award", row.person_id] = found.get(("award", row.person_id), 0) + (row.amount if row.kind == "reward" else -row.amount)
    return found


def kept(proposal):
    """What the lines and their entries come to."""
    found = defaultdict(Decimal)
    for line in proposal.lines.all():
        found[line.kind, line.zone_id or line.person_id] += line.amount
    return {key: amount for key, amount in found.items() if amount}


@pytest.fixture
def march(cast, books):
    fill(cast, 8)
    ledger(books, 8)
    people(cast)
    rates = {zone: Fraction(*map(int, (part * 100, full * 100))) for zone in (cast.east, cast.west) for part, full in [Again(cast.sunny).tell()["collection", "zone", zone.pk]]}
    cast.top = max(rates, key=rates.get)
    cast.target = int(rates[cast.top] * 100)  # the better zone reaches it, the other one does not
    put(cast, "collection.target", cast.target)
    Verdict.objects.filter(ticket__zone=cast.top).delete()
    for key, value in RULE.items():
        put(cast, key, value)
    with clock.at(AFTER):
        reckon([cast.sunny], MARCH)
        yield cast


def test_the_money_equals_the_rule_over_the_rows_before_and_after_a_correction(march):
    """Issue 6: worked out, appealed against, corrected: every amount again from the rows; first lines and the first version of the figures stay as they were."""
    proposal = Proposal.objects.work_out(march.sunny, MARCH)
    before = month_money(march)
    assert {kind for kind, _who in before} == {"zone_bonus", "zone_penalty", "star", "support", "award"}
    assert kept(proposal) == before
    first, figures = list(proposal.lines.values_list("pk", "amount").order_by("pk")), list(Figure.objects.values_list("pk", "version", "part").order_by("pk"))
    line = proposal.lines.get(kind="support", person=march.zhou)
    Appeal.objects.file(line, "那天请了假", by=march.as_("zhou")).judge(Decimal(0), "查实请假", by=march.as_("qian"))
    Verdict.objects.create(estate=march.sunny, ticket=complaint(march), round=9, by=march.zhao, at=AFTER, ruling="valid", why="复核成立")
    reckon([march.sunny], MARCH)
    Proposal.objects.work_out(march.sunny, MARCH)
    after = month_money(march)
    assert ("zone_bonus", march.top.pk) in before and ("zone_bonus", march.top.pk) not in after
    assert kept(proposal) == {key: amount for key, amount in after.items() if key != ("support", march.zhou.pk)}
    assert list(proposal.lines.values_list("pk", "amount").order_by("pk"))[: len(first)] == first
    assert list(Figure.objects.values_list("pk", "version", "part").order_by("pk"))[: len(figures)] == figures
    assert sorted(Line.objects.filter(corrects__isnull=False).values_list("kind", "amount")) == [("support", -line.amount), ("zone_bonus", Decimal(-500))]
    assert list(Reckoning.objects.of(march.sunny, MARCH).values_list("number", flat=True)) == [2, 1]


def complaint(cast):
    """A complaint of the month in the better zone."""
    from guanjia.tickets.models import Ticket

    rows = Ticket.objects.filter(kind="complaint", zone=cast.top, reported_at__gte=BEGIN, reported_at__lt=END).exclude(stage__in=("merged", "cancelled"))
    return rows.order_by("pk").first()


def test_values_on_the_pages_are_rounded_against_us(march):
    """QLT-63: what is shown of every figure, at every level, is the exact share cut to a tenth: down where more is better, up where less is; beside it the month before; the trend says the newest version."""
    reckon([march.sunny], MARCH.replace(month=2))
    Rating.objects.filter(at__gte=BEGIN, at__lt=END).first().delete()
    reckon([march.sunny], MARCH)
    said = Again(march.sunny).tell()
    shown = {(key, level, subject): score for level in ("estate", "zone", "person") for subject, row in table(march.sunny, MARCH, level).items() for key, score in row.items()}
    assert set(said) <= set(shown)
    for name, (part, full) in said.items():
        score = shown[name]
        exact = Fraction(part) * 1000 / Fraction(full) if full else None
        tenths = None if exact is None else exact.__floor__() if score.indicator.better == "up" else exact.__ceil__()
        assert score.value == (None if tenths is None else Decimal(tenths) / 10), name
        assert trend(march.sunny, name[0], name[1], name[2], MARCH)[-1][1].value == score.value
        last = Figure.objects.filter(month=MARCH.replace(month=2), indicator=name[0], level=name[1], subject_id=name[2]).order_by("-version").first()
        assert (score.before is None) == (last is None or not last.whole), name


def test_the_company_adds_up_its_estates(march):
    """Issue 6 line 9: each estate as it stands by itself; the whole is the sum of parts over the sum of wholes, not a mean of rates."""
    hill = Estate.objects.create(company=march.company, code="hill", name="云栖苑")
    with estate_scope(hill):
        for version, part in ((1, 3), (2, 40)):
            Figure.objects.create(estate=hill, month=MARCH, indicator="satisfaction", level="estate", subject_id=0, version=version, part=part, whole=50)
    part, full = Again(march.sunny).tell()["satisfaction", "estate", 0]
    rows = compared(march.company.pk, MARCH, ["satisfaction", "response"])
    found = {estate.code: {key: (one.part, one.whole) for key, one in row.items()} for estate, row in rows}
    assert found["hill"] == {"satisfaction": (40, 50)} and found["sunny"]["satisfaction"] == (part, full)
    total = whole(rows, ["satisfaction", "response"])["satisfaction"]
    assert (total.part, total.whole) == (part + 40, full + 50)
