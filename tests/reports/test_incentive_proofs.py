"""What proves the money and the promises from rows (INC-01, INC-02, INC-05..08, INC-10, INC-11, QLT-53, QLT-60)."""

from datetime import date, timedelta
from decimal import Decimal

from guanjia import clock
from guanjia.incentives.models import Contract, Figure, Line, Proposal
from guanjia.reports.context import values
from guanjia.reports.counting import run
from guanjia.reports.proofs import counting, known_proof
from guanjia.staffing.models import Award, ZoneNote
from tests.cast import TUESDAY
from tests.duties.doing import task

from .test_proofs import ask

FEBRUARY = date(2026, 2, 1)  # the cast's today is 10 March 2026


def proposal(cast, month=FEBRUARY):
    at = clock.now() - timedelta(days=20)
    return Proposal.objects.create(estate=cast.sunny, month=month, version=1, at=at, appeal_until=at, terms={"tie": "nobody"})


def line(row, kind, person, **more):
    said = {"amount": Decimal(0), "version": 1, "at": clock.now() - timedelta(days=20)} | more
    return Line.objects.create(estate=row.estate, proposal=row, kind=kind, person=person, **said)


def test_the_ladder_and_a_missed_half_year(cast):
    """INC-01, INC-02: a ladder without its top, and a half-year that nobody decided on, are breaches."""
    row = proposal(cast)
    line(row, "ladder", cast.ming, grades=2, inputs={"rate": "91", "top": 6})
    line(row, "ladder", cast.fang, grades=2, inputs={"rate": "91", "top": None})
    assert ask(cast, "ladder_capped") == (2, 1)
    line(row, "ladder", cast.wu, grades=2, inputs={"rate": "91", "top": 6, "gained": 5})
    line(row, "ladder", cast.zhou, grades=0, inputs={"rate": "91", "top": 3, "gained": 5})
    assert ask(cast, "ladder_capped") == (4, 2), "what was climbed before counts; who stands past a lowered top climbs no further"
    line(row, "half_year", cast.ming, inputs={"rate": "80"})
    line(row, "half_year", cast.fang, inputs={"rate": "80"})
    line(row, "half_year", cast.ming, by=cast.qian, words="谈过，下季度补", at=clock.now() - timedelta(days=10))
    assert ask(cast, "half_year_decided") == (2, 1)


def test_money_has_its_ground(cast):
    """INC-11: numbers under a rule, or words."""
    row = proposal(cast)
    line(row, "star", cast.ming, amount=200, inputs={"marks": ["95", "1"]})
    line(row, "other", cast.fang, amount=-50, words="无故缺勤")
    line(row, "other", cast.wu, amount=-50)
    assert ask(cast, "incentives_grounded") == (3, 2)


def test_praise_and_awards(cast):
    """INC-05, INC-07: a meeting without praise, an award that is in no month's money."""
    for by in ("ming", "fang"):
        ZoneNote.objects.write("meeting", "本周安排", by=cast.as_(by), zone=cast.east)
    ZoneNote.objects.write("praise", "雨夜抢修", by=cast.as_("ming"), person=cast.zhou)
    assert ask(cast, "meeting_praised") == (2, 1)
    row = proposal(cast, date(2026, 3, 1))
    for who in (cast.zhou, cast.wu):
        award = Award.objects.propose(who, "reward", Decimal(50), "抢修", by=cast.as_("ming"))
        award.decide(True, "", by=cast.as_("qian"))
    line(row, "award", cast.wu, amount=50, inputs={"source": award.pk, "why": "抢修"})
    assert ask(cast, "award_in_proposal") == (2, 1)


def test_the_years_contracts(cast):
    """INC-06: four departments, from April on."""
    assert ask(cast, "contracts_signed") == (0, 0)
    made = Contract.objects.draft(2026, "service", cast.zhao, by=cast.as_("qian"))
    later = TUESDAY + timedelta(days=60)

    def asked():
        statement, named = counting([(known_proof("contracts_signed"), TUESDAY, later)])
        rows = run(statement, values(cast.sunny, later, statement) | named)
        return sum(row[4] for row in rows), sum(row[5] for row in rows)

    assert asked() == (4, 0)
    made.sign(by=cast.as_("zhao"))
    assert asked() == (4, 1)


def test_tasks_and_promises_of_last_month(cast):
    """INC-08, QLT-60: the newest version of a figure counts; one is met exactly at its target."""

    def figure(indicator, level, subject, part, whole, version=1):
        Figure.objects.create(estate=cast.sunny, month=FEBRUARY, indicator=indicator, level=level, subject_id=subject, version=version, part=part, whole=whole)

    figure("collection", "person", cast.ming.pk, 94, 100)
    figure("collection", "person", cast.ming.pk, 95, 100, version=2)
    figure("collection", "person", cast.fang.pk, 80, 100)
    assert ask(cast, "collection_task_met") == (2, 1)
    for key, part in (("equipment", 98), ("cleaning", 94), ("complaints", 1), ("fires", 2), ("satisfaction", 90)):
        figure(key, "estate", 0, part, 100)
    kept = {key: ask(cast, f"commitment:{key}") for key in ("equipment", "cleaning", "complaints", "fires", "satisfaction")}
    assert kept == {"equipment": (1, 1), "cleaning": (1, 0), "complaints": (1, 1), "fires": (1, 0), "satisfaction": (1, 1)}


def test_field_staff_are_marked_and_plant_rooms_looked_at(cast):
    """INC-10, QLT-53."""
    from guanjia.duties.models import Record
    from guanjia.staffing.models import Appraisal

    due, kept = ask(cast, "staff_appraised")
    Appraisal.objects.mark(cast.zhou, 95, "", by=cast.as_("ming"))
    assert due and ask(cast, "staff_appraised") == (due, kept + 1)
    for n, answer in enumerate(("ok", "bad", "na")):
        row = task(cast, slot=f"2026-03-1{n}")
        Record.objects.create(estate=cast.sunny, task=row, form="equipment_check", by=cast.zhou, done_at=clock.now(), received_at=clock.now(), client_id=f"00000000-0000-0000-0000-00000000000{n}", answers={"room": {"value": answer}})
    assert ask(cast, "plant_rooms_clean") == (2, 1)
