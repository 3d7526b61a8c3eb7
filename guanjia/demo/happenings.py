"""What does not happen every day: a storm, people away, reports and their sign-off, verdicts on doubtful records."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from guanjia import clock
from guanjia.duties.covering import begin_and_end, plan_absence
from guanjia.duties.generation import make_up
from guanjia.duties.models import Absence, Occasion, Suspicion, Task
from guanjia.people.roles import Role
from guanjia.reports.models import Report
from guanjia.tenancy.errors import Refused

from .replies import replies

if TYPE_CHECKING:
    import random
    from datetime import date, datetime

    from .plans import Plan

STORM = 19  # days ago
AWAY = [
    (30, 3, Role.STEWARD, 4, 5, "年假"), (16, 2, Role.CLEANER, 1, 0, "孩子生病"), (9, 3, Role.STEWARD, 2, 1, "婚假"),
    (1, 4, Role.CLEANER, 2, 3, "回老家探亲"),
]  # fmt: skip  # days ago, for how long, whose post, which of them, who covers, why
WHY_RETURNED = ["缺与上期的对比，请补上", "遗留问题没有写责任人和期限"]


class Happenings:
    history: Any
    life: Any
    estate: Any
    until: datetime
    midnight: Any

    def day(self, ago: int) -> date:
        return clock.today(self.estate, self.until) - timedelta(days=ago)

    def happen(self, first: date, end: date) -> None:
        """What begins in these days and must be known before their tasks are given out."""
        for ago, days, role, who, cover, why in AWAY:
            people = self.life.by_role.get(role, [])
            if first <= self.day(ago) < end and max(who, cover) < len(people):
                self._away(people[who], people[cover], self.day(ago), days, why)
        if first <= self.day(STORM) < end:
            self._storm(self.midnight(self.day(STORM)))

    def _away(self, person: Any, cover: Any, first: date, days: int, why: str) -> None:
        begins = self.midnight(first)
        manager = self._someone(Role.MANAGER)
        if Absence.objects.at_estate(self.estate).filter(person=person, during__contains=first).exists():
            return
        with clock.at(begins - timedelta(days=2, hours=-10)):
            plan_absence(person, self.estate, first, first + timedelta(days=days), cover, by=manager, why=why)
        for at in (begins + timedelta(minutes=5), begins + timedelta(days=days, minutes=5)):
            self.history.later(at, lambda now: begin_and_end(self.estate, now))

    def _storm(self, morning: datetime) -> None:
        by = self._someone(Role.DISPATCHER)
        with clock.at(morning - timedelta(hours=4)):
            row = Occasion.objects.declare(
                self.estate,
                Occasion.Kind.STORM,
                "气象台发布暴雨橙色预警，阵风 8 级",
                by=by if by and by.may("occasion.declare") else None,
            )
        with clock.at(morning + timedelta(hours=7, minutes=20)):
            row.end(by=by if by and by.may("occasion.declare") else None, words="雨停，逐户查看空置房门窗与渗漏")

    def after_storm(self, first: date, end: date) -> None:
        """Its checks are made at once, not with the next day's."""
        if first <= self.day(STORM) < end:
            at = self.midnight(self.day(STORM)) + timedelta(hours=7, minutes=22)
            with clock.at(at):
                make_up(self.estate, at, at)
            Task.objects.at_estate(self.estate).filter(slot__startswith="event:", made_at=at).update(late_made=False)

    def report(self, each: Plan) -> None:
        """Written with its figures, handed in, signed by somebody else a day later; now and then sent back first."""
        at = each.at
        task = Task.objects.at_estate(self.estate).select_related("duty", "zone").get(pk=each.task.pk)
        task.estate = self.estate
        by = self.history.reach(each.task.person)
        words = replies(task.duty.form, each.dice, [])
        made = Report.objects.of(task, by=by, at=at)
        made.task = task
        made.submit({name: str(said) for name, said in words.items() if said not in ("", None)}, by=by, at=at)
        self._sign_later(made.pk, at, each.dice)

    def _sign_later(self, pk: int, at: datetime, dice: random.Random) -> None:
        def sign(now: datetime) -> None:
            row = Report.objects.at_estate(self.estate).select_related("task__duty").get(pk=pk)
            signer = self._reader(row.author_id)
            if signer and dice.random() < 0.04:
                row.send_back(dice.choice(WHY_RETURNED), by=signer)
                self.history.later(now + timedelta(hours=3), again)
            elif signer:
                row.sign(by=signer)

        def again(now: datetime) -> None:
            row = Report.objects.at_estate(self.estate).select_related("task__duty", "author").get(pk=pk)
            row.submit({**row.words, "problems": "已补：与上期对比和责任人、期限"}, by=self.history.reach(row.author))
            self._sign_later(pk, now, dice)

        if dice.random() < 0.93:
            self.history.later(at + timedelta(hours=dice.randint(4, 30)), sign)

    def judge_later(self, records: list[int], dice: random.Random) -> None:
        for pk, found_at in (
            Suspicion.objects.at_estate(self.estate).filter(record__in=records).values_list("pk", "record__received_at")
        ):
            if self.until - found_at > timedelta(days=2) and dice.random() < 0.96:
                self.history.later(
                    found_at + timedelta(hours=dice.randint(3, 26)), lambda at, one=pk: self._judge(one, dice)
                )

    def _judge(self, pk: int, dice: random.Random) -> None:
        row = Suspicion.objects.at_estate(self.estate).select_related("record").get(pk=pk)
        by = self._someone(Role.SUPERVISOR)
        if by is None or not by.may("record.judge"):
            raise Refused("", code="nobody")
        stands = dice.random() < 0.12
        row.judge(
            stands,
            "调监控没有到过现场，当面谈话并重做"
            if stands
            else dice.choice(
                ["看过监控，确实到场，二维码脱落已补贴", "本人说明手机没电，班长在场证实", "照片和时间对得上"]
            ),
            by=by,
        )

    def _someone(self, role: str) -> Any:
        people = self.life.by_role.get(role, [])
        return self.history.reach(people[0]) if people else None

    def _reader(self, but: int) -> Any:
        for role in (Role.SUPERVISOR, Role.MANAGER):
            for person in self.life.by_role.get(role, []):
                if person.pk != but and self.history.reach(person).may("report.read"):
                    return self.history.reach(person)
        return None
