"""Rows of every kind around March 2026, its edges included. Written as they are: what is tested is the counting."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from guanjia.care.models import CoverageFigure, Visit
from guanjia.clocks.models import Clock
from guanjia.duties.models import Record, Suspicion, Task
from guanjia.emergencies.models import Fire
from guanjia.households.models import Household
from guanjia.quality.models import Inspection
from guanjia.quality.models.sampling import Sample
from guanjia.surveys.models import Invitation, Poll, PollVersion, Response
from guanjia.tickets.models import Ticket, WorkOrder
from guanjia.tickets.models.archivable import Reopening
from guanjia.tickets.models.complainable import Verdict
from guanjia.tickets.models.completable import Confirmation, Rating
from guanjia.training.models import Answer, Attempt, Exam, Question
from tests.duties.doing import duty

from .homes import moving, opining

BEGIN = datetime(2026, 2, 28, 16, 0, tzinfo=UTC)  # 1 March, 00:00 in Shanghai
END = datetime(2026, 3, 31, 16, 0, tzinfo=UTC)
EDGES = [BEGIN, BEGIN - timedelta(seconds=1), END, END - timedelta(seconds=1)]


class Dice:
    def __init__(self, cast, seed):
        self.cast, self.random, self.n = cast, random.Random(seed), 0

    def moment(self):
        if self.random.random() < 0.2:
            return self.random.choice(EDGES)
        return BEGIN + timedelta(minutes=self.random.randint(-3000, 31 * 1440 + 3000))

    def maybe(self, value, chance=0.7):
        return value if self.random.random() < chance else None

    def place(self):
        """(zone, steward)"""
        cast = self.cast
        return self.random.choice([(cast.east, cast.ming), (cast.east, cast.ming), (cast.west, cast.fang), (None, None)])


def ticket(dice, **more):
    cast, dice.n = dice.cast, dice.n + 1
    zone, steward = dice.place()
    done = dice.maybe(dice.moment())
    said = {
        "estate": cast.sunny, "number": f"26{dice.n:06d}", "kind": dice.random.choice(["repair", "complaint", "inquiry"]), "channel": "phone", "words": "灯不亮",
        "zone": zone, "steward": steward, "reported_at": dice.moment(), "done_at": done,
        "stage": (stage := dice.random.choice(["done", "done", "handling", "merged", "archived", "cancelled"]) if done else dice.random.choice(["handling", "handling", "cancelled"])),
        "closed_at": BEGIN if stage in ("merged", "archived", "cancelled") else None, "klass": dice.random.choice(["", "urgent", "routine"]), "due_at": dice.moment(),
        "reopened": dice.random.choice([0, 0, 1]), "category": dice.random.choice(["lighting", "lighting", "gas_fire"]), "anonymous": dice.random.random() < 0.2,
        "confirmed_at": done if dice.random.random() < 0.4 else None, "followed_up_at": done if dice.random.random() < 0.3 else None,
    }  # fmt: skip
    return Ticket.objects.create(**said | more)


def around(dice, row):
    """Clocks, orders, verdicts, reopenings, ratings, calls of a ticket."""
    estate, pick = dice.cast.sunny, dice.random
    for kind in ("sla_classify", "sla_resolve_24h"):
        started = dice.moment()
        stopped = dice.maybe(started + timedelta(minutes=pick.choice([0, 30, 60, 90])))
        Clock.objects.create(
            estate=estate, ticket=row, kind=kind, moment="received", started_at=started, allowed=timedelta(minutes=60), due_at=started + timedelta(minutes=60),
            stops_on=["done"], steps=[], tells=[], stopped_at=stopped, outcome=pick.choice(["met", "late", "superseded", "cancelled"]) if stopped else "",
        )  # fmt: skip
    for worker in pick.sample([dice.cast.zhou, dice.cast.wu], pick.randint(0, 2)):
        WorkOrder.objects.create(estate=estate, ticket=row, worker=worker, stage="finished", priority="medium", wishes="无", offered_at=BEGIN, ended_at=dice.moment())
    if row.reopened and pick.random() < 0.8:
        Reopening.objects.create(estate=estate, ticket=row, at=dice.moment(), why="又坏了")
    if row.kind == "complaint":
        for turn in range(pick.randint(0, 2)):
            Verdict.objects.create(estate=estate, ticket=row, round=turn, by=dice.cast.zhao, at=BEGIN, ruling=pick.choice(["valid", "invalid"]), why="核实")
    if pick.random() < 0.5:
        speed, result, attitude = (pick.randint(1, 5) for _ in range(3))
        Rating.objects.create(estate=estate, ticket=row, at=dice.moment(), speed=speed, result=result, attitude=attitude)
    if pick.random() < 0.5:
        Confirmation.objects.create(estate=estate, ticket=row, by=dice.cast.ming, at=dice.moment(), outcome=pick.choice(["satisfied", "unsatisfied", "not_reached"]))


def rounds(dice, count=26):
    """Tasks, their records, and doubts about those."""
    cast, held = dice.cast, duty(dice.cast)
    for n in range(count):
        due, zone = dice.moment(), dice.random.choice([cast.east, cast.west])
        done = dice.maybe(due + timedelta(minutes=dice.random.choice([-10, 0, 10])))
        building = cast.b3 if zone == cast.east else cast.b5
        task = Task.objects.create(
            estate=cast.sunny, duty=held, key=held.key, slot=f"s{n}", day=due.date(), subject_kind="building", subject_id=n, zone=zone, building=building,
            opens_at=due - timedelta(hours=4), due_at=due, role="steward", person=cast.ming, made_at=BEGIN, done_at=done, done_by=cast.fang if done else None,
            waived_at=None if done else dice.maybe(due, 0.3),
        )  # fmt: skip
        if done:
            record = Record.objects.create(
                estate=cast.sunny, task=task, form="patrol", by=cast.fang, done_at=done, received_at=done, client_id=uuid.UUID(int=n), beside=dice.random.random() < 0.1,
                answers={name: {"value": dice.random.choice(["ok", "ok", "bad", "na"])} for name in ("staff", "cleaning", "engineering", "equipment")},
            )
            if dice.random.random() < 0.5:
                judged = dice.maybe(dice.moment(), 0.8)
                Suspicion.objects.create(
                    estate=cast.sunny, record=record, why="far", judged_at=judged, judged_by=cast.zhao if judged else None, stands=dice.random.random() < 0.5 if judged else None
                )


def visits(dice):
    """One planned visit a household that is still open; any number that were made or called off."""
    for home, person, zone in ((dice.cast.meis, dice.cast.ming, dice.cast.east), (dice.cast.lus, dice.cast.fang, dice.cast.west)):
        for n in range(4):
            day = date(2026, 3, 1) + timedelta(days=dice.random.randint(-3, 33))
            outcome = dice.random.choice(["met", "absent", "called_off"]) if n else ""
            Visit.objects.create(
                estate=dice.cast.sunny, household=home, zone=zone, person=person, planned_on=day, is_planned=dice.random.random() < 0.8 or not n, outcome=outcome,
                made_at=dice.moment() if outcome else None,
            )  # fmt: skip


def coverage(dice):
    for day in (date(2026, 3, 2), date(2026, 3, 30), date(2026, 4, 1)):
        for metric in ("familiarity", "contact"):
            for zone in (dice.cast.east, dice.cast.west, None):
                whole = dice.random.randint(1, 50)
                CoverageFigure.objects.create(estate=dice.cast.sunny, metric=metric, way="x", day=day, zone=zone, part=dice.random.randint(0, whole), whole=whole)


def learning(dice):
    """Two exams sat by three people, some of them twice; some papers lie unmarked."""
    cast = dice.cast
    asked = Question.objects.create(estate=cast.sunny, code="T1", kind="single", topic="service", stem="几分钟分类？", by=cast.zhao, at=BEGIN)
    for n in range(2):
        exam = Exam.objects.create(
            estate=cast.sunny, paper="safety", title=f"考试{n}", parts=[], minutes=30, pass_mark=60, attempts=3, opens_at=BEGIN, closes_at=END, by=cast.zhao, at=BEGIN
        )
        for person in (cast.ming, cast.zhou, cast.wu):
            for number in range(1, dice.random.randint(1, 3) + 1):
                marked = dice.maybe(dice.moment())
                got = Decimal(dice.random.randint(0, 30))
                sat = Attempt.objects.create(
                    estate=cast.sunny, exam=exam, person=person, number=number, began_at=BEGIN, due_at=END, ended_at=END, marked_at=marked, score=got if marked else None
                )
                for place in (1, 2, 3):
                    Answer.objects.create(estate=cast.sunny, attempt=sat, place=place, question=asked, kind="single", stem="?", worth=Decimal(10))


def looking(dice):
    """Inspections of every way, some unfinished, some unannounced ones not yet shown; people asked at their posts."""
    cast = dice.cast
    for n in range(14):
        method = dice.random.choice(["open", "covert", "questions", "test"]) if n else "questions"
        finished = dice.maybe(dice.moment()) if n > 1 else BEGIN
        row = Inspection.objects.create(
            estate=cast.sunny, title=f"检查{n}", method=method if n != 1 else "open", planned_on=BEGIN.date(), inspector=cast.zhao, zone=dice.random.choice([cast.east, None]),
            made_at=BEGIN, made_by=cast.zhao, finished_at=finished, score=Decimal(dice.random.randint(0, 10000)) / 100 if finished else None, opened_at=dice.maybe(END, 0.5),
        )  # fmt: skip
        for one in range(2 if row.method in ("questions", "test") else 0):
            Sample.objects.create(
                estate=cast.sunny, inspection=row, who=f"岗{one}", score=dice.random.randint(0, 100), words="少一项", by=cast.zhao, at=BEGIN, client_id=uuid.UUID(int=n * 10 + one)
            )


def asking(dice):
    """Surveys of households and staff, closed in and beside the month; not everybody answered the overall question."""
    cast = dice.cast
    for n in range(6):
        audience = "household" if n % 2 else "staff"
        questions = [{"name": "fast", "title": "速度", "kind": "scale", "core": "speed"}, {"name": "fixed", "title": "解决", "kind": "scale", "core": "solved"}, {"name": "all", "title": "总体", "kind": "scale", "core": "overall"}]
        version = PollVersion.objects.create(estate=cast.sunny, series="own", number=n + 1, questions=questions, at=BEGIN)
        poll = Poll.objects.create(
            estate=cast.sunny, series="own", title=f"问卷{n}", audience=audience, anonymous=True, draw="census", begins_on=BEGIN.date(), ends_on=END.date(), version=version,
            made_by=cast.zhao, made_at=BEGIN, published_at=BEGIN, published_by=cast.zhao, closed_at=dice.maybe(dice.moment()) if n > 1 else BEGIN,
        )  # fmt: skip
        for _ in range(5):
            said = {"fast": dice.random.randint(1, 5), "fixed": dice.random.randint(1, 5)} | ({"all": dice.random.randint(1, 5)} if dice.random.random() < 0.8 else {})
            Response.objects.create(estate=cast.sunny, poll=poll, anonymous=True, zone=dice.random.choice([cast.east, cast.west, None]), answers=said)
        if audience == "household":
            for rank, asked in enumerate(Household.objects.order_by("pk")):
                drawn = dice.random.random() < 0.8
                answered = drawn and dice.random.random() < 0.6
                Invitation.objects.create(
                    estate=cast.sunny, poll=poll, household=asked, zone=dice.random.choice([cast.east, cast.west]), rank=rank, drawn=drawn, answered=answered, way="online" if answered else "",
                    missed="" if answered or dice.random.random() < 0.5 else "away",
                )  # fmt: skip


def burning(dice):
    """Fires, some of them struck as none."""
    cast = dice.cast
    for n in range(8):
        at, struck = dice.moment(), dice.random.random() < 0.3
        Fire.objects.create(
            estate=cast.sunny, words=f"火{n}", happened_at=at, where="车棚", zone=dice.random.choice([cast.east, cast.west, None]), reporter="郑保安", by=cast.zheng, at=at,
            struck_at=END if struck else None, struck_by=cast.qian if struck else None, struck_why="误报" if struck else "",
        )  # fmt: skip


def fill(cast, seed, tickets=30):
    dice = Dice(cast, seed)
    for _ in range(tickets):
        around(dice, ticket(dice))
    rounds(dice)
    visits(dice)
    coverage(dice)
    learning(dice)
    looking(dice)
    moving(dice)
    asking(dice)
    burning(dice)
    opining(dice)
    return dice


