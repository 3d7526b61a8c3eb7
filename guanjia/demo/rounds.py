"""What the demo estate's people did of their duties for six weeks: rounds, checks, reports, a storm, people away.

Told oldest first, a week at a time, each in one transaction. The mass of ordinary records comes in by the verb that
takes paper rounds in; whatever opens something else is an ordinary verb with the clock set back.
"""

from __future__ import annotations

import random
from collections import defaultdict
from contextlib import suppress
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from guanjia import clock
from guanjia.duties import sampling
from guanjia.duties.agenda import LINKS
from guanjia.duties.findings import MENDED
from guanjia.duties.generation import make_up
from guanjia.duties.missing import miss
from guanjia.duties.models import Duty, Enactment, Finding, Task
from guanjia.duties.models.finishable import Shot
from guanjia.duties.taking_in import Batch, Taken, take_in
from guanjia.estates.models import Building, Place
from guanjia.events.models import Outbox
from guanjia.people.models import Person
from guanjia.reports.models import FORMS
from guanjia.rulebooks.form_book import form
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.scope import estate_scope

from .emergencies import DRILL
from .happenings import Happenings
from .pictures import corner
from .plans import WHY_WAIVED, Plan, plan
from .replies import can_be_bad, drawn, replies

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import date

    from .history import History
    from .life import Life

WEEK = 7
LOOKED_AGAIN = timedelta(hours=20)  # after so long somebody has seen to a finding
REPORTED = {
    "DAILY": timedelta(days=2),
    "SHIFT": timedelta(days=2),
    "WEEKLY": timedelta(days=14),
}  # older ones are records alone


class Rounds(Happenings):
    """The duties' part of a history; tickets that findings open live on like all others."""

    def __init__(self, history: History, life: Life) -> None:
        self.history, self.life, self.estate, self.until = history, life, history.estate, history.until
        self.zone = ZoneInfo(self.estate.time_zone)
        self.since: datetime | None = (
            Duty.objects.at_estate(self.estate).order_by("laid_at").values_list("laid_at", flat=True).first()
        )
        self.people = {person.pk: person for some in life.by_role.values() for person in some}
        self.spots, self.buildings = self._around()

    def _around(self) -> tuple[dict[Any, list[Place]], dict[Any, list[str]]]:
        """Zone, building or None (all) → labels that may be scanned there; zone or None → buildings' ids."""
        spots: dict[Any, list[Place]] = defaultdict(list)
        buildings: dict[Any, list[str]] = defaultdict(list)
        for place in Place.objects.at_estate(self.estate).select_related("building").order_by("pk"):
            for where in (None, ("zone", place.zone_id), ("building", place.building_id)):
                spots[where].append(place)
        for pk, zone in Building.objects.at_estate(self.estate).order_by("order", "pk").values_list("pk", "zone_id"):
            buildings[None].append(str(pk))
            buildings[zone].append(str(pk))
        return spots, buildings

    def weeks(self) -> list[tuple[date, date]]:
        """[first day, day after the last) from the adoption of the rules to today."""
        if self.since is None:
            return []
        day, end = self.since.astimezone(self.zone).date(), self.until.astimezone(self.zone).date() + timedelta(days=1)
        return [
            (day + timedelta(days=n), min(day + timedelta(days=n + WEEK), end))
            for n in range(0, (end - day).days, WEEK)
        ]

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)

    def tell(
        self, show: Callable[[int, int], None], remember: Callable[[date, int], None], but: Collection[date]
    ) -> None:
        """Every week that was not told before."""
        weeks = self.weeks()
        for number, (first, end) in enumerate(weeks, 1):
            if first not in but:
                with estate_scope(self.estate):
                    Enactment.objects.held(self.estate)  # before any task: the house's own turn waits for the week, or the week for it
                    remember(first, self._tell_week(first, end, first == weeks[0][0]))
            show(number, len(weeks))

    def _tell_week(self, first: date, end: date, opening: bool) -> int:
        begins, ends = self.midnight(first), min(self.midnight(end), self.until)
        self.history.dice.seed(f"rounds {self.history.seed} {first}")
        self.happen(first, end)
        with clock.at(begins):
            make_up(self.estate, max(begins, self.since or begins), ends, first=opening)
        self.after_storm(first, end)
        if first <= end.replace(day=1) < end and not opening:
            at = self.midnight(end.replace(day=1)) + timedelta(hours=7)
            with clock.at(at):
                sampling.draw(self.estate, at)
        told = self._tell_days(first, end, ends)
        self.history.live()
        miss(ends, self.estate)  # what a verdict opened again
        Outbox.objects.at_estate(self.estate).filter(ready_at__lt=self.until - timedelta(days=1)).delete()
        return told

    def _tell_days(self, first: date, end: date, ends: datetime) -> int:
        plans: dict[date, list[Plan]] = defaultdict(list)
        for each in self._plans(Q(opens_at__lt=ends)):
            plans[max(each.at.astimezone(self.zone).date(), first)].append(each)
        told = 0
        for n in range((end - first).days):
            day = first + timedelta(days=n)
            over = min(self.midnight(day + timedelta(days=1)), self.until)
            told += self._tell_day([each for each in plans[day] if each.at < over], over)
            miss(over, self.estate)
        return told

    def _plans(self, which: Q) -> list[Plan]:
        held = self.until - DRILL  # the drill that is told beside the history does the task of its day
        rows = Task.objects.at_estate(self.estate).open().filter(which, person__isnull=False).exclude(duty__form="drill", due_at__gt=held).select_related(*LINKS)
        return sorted(
            (plan(task, self.since or task.opens_at, self.zone, self.history.seed) for task in rows),
            key=lambda each: each.at,
        )

    def follow(self, at: datetime) -> None:
        """The tasks that a day's tickets set off, made when they happened, and what became of them."""
        if self.since is None or at < self.since:
            return
        now = min(at + timedelta(days=20), self.until)
        if not make_up(self.estate, now, now):
            return
        made = Task.objects.at_estate(self.estate).filter(slot__startswith="event:", late_made=True)
        fresh = list(made.values_list("pk", flat=True))
        made.update(made_at=F("opens_at"), late_made=False)  # as the worker would have, within the minute
        self._tell_day([each for each in self._plans(Q(pk__in=fresh)) if each.at < self.until], self.until)

    # -- a day ----------------------------------------------------------------------------------------------------

    def _tell_day(self, plans: list[Plan], over: datetime) -> int:
        """Records by the batch; reports, waivers and verdicts one by one, in their time."""
        self.open: dict[tuple[str, int], list[Finding]] = defaultdict(list)
        for finding in Finding.objects.at_estate(self.estate).filter(mended_at__isnull=True).order_by("pk"):
            self.open[finding.subject_kind, finding.subject_id].append(finding)
        rows = []
        for each in plans:
            if each.fate == "waived":
                self._act(self._waive, each)
            elif each.fate != "missed" and self._is_report(each):
                self._act(self.report, each)
            elif each.fate != "missed":
                rows.append(self._row(each))
        with clock.at(over):
            self._aftermath(take_in(self.estate, rows, by=None, at=over), plans)
        return len(rows)

    def _is_report(self, each: Plan) -> bool:
        """Written with its figures and signed; of what comes daily or weekly only the newest."""
        ago = [span for often, span in REPORTED.items() if often in each.task.duty.cadence]
        return each.task.duty.form in FORMS and all(each.at > self.until - span for span in ago)

    def _act(self, act: Callable[[Plan], None], each: Plan) -> None:
        with clock.at(each.at), suppress(Refused):  # somebody was faster, as in life
            act(each)

    def _row(self, each: Plan) -> Taken:
        task, dice = each.task, each.dice
        entry = form(task.duty.form)
        here = self.open.get((task.subject_kind, task.subject_id), [])
        wrong = can_be_bad(task.duty.form) if each.quirk == "bad" and not here else []
        bad = dice.choice(wrong) if wrong else ""
        minutes = 1 if each.quirk == "quick" and entry.dwell else max(each.minutes, 6 if entry.dwell else 1)
        answers = replies(task.duty.form, dice, self.buildings[task.zone_id] or self.buildings[None], bad)
        for finding in here:
            if finding.key == task.key and each.at - finding.found_at > LOOKED_AGAIN and dice.random() < 0.85:
                answers[f"recheck-{finding.pk}"] = MENDED
        if "signature" in task.duty.proof and "signature" not in entry.items:
            answers["signature"] = drawn(dice)
        return Taken(
            task.pk, self.reach(task.person), each.at, answers, max(each.at - timedelta(minutes=minutes), task.opens_at) if each.quirk != "quick" else each.at - timedelta(minutes=1),
            each.at + timedelta(seconds=dice.randint(2, 40)), self._spot(each), self._photos(each, bad),
        )  # fmt: skip

    def _spot(self, each: Plan) -> Place | None:
        task = each.task
        if "mark" not in task.duty.proof or each.quirk == "unmarked":
            return None
        if task.place_id:
            return task.place
        where = ("building", task.building_id) if task.building_id else ("zone", task.zone_id) if task.zone_id else None
        return each.dice.choice(self.spots[where]) if self.spots[where] else None

    def _photos(self, each: Plan, bad: str) -> tuple[Shot, ...]:
        entry = form(each.task.duty.form)
        wanted = [""] if "photo" in each.task.duty.proof or entry.photos == "required" else []
        wanted += [
            name for name, item in entry.items.items() if item.kind == "photo" or (name == bad and "photo" in item.asks)
        ]
        return tuple(Shot(corner(each.dice), name) for name in wanted)

    def reach(self, person: Person) -> Any:
        return self.history.reach(self.people.get(person.pk, person))

    def _waive(self, each: Plan) -> None:
        by = self.history.reach(self.life.by_role["manager"][0]) if self.life.by_role.get("manager") else None
        if by and by.may("duty.waive"):
            each.task.waive(each.dice.choice(WHY_WAIVED), by=by)

    def _aftermath(self, batch: Batch, plans: Iterable[Plan]) -> None:
        """Findings' tickets live on; what was flagged is judged in the next days, but for the newest."""
        records = [record.pk for record in batch.records]
        for finding in (
            Finding.objects.at_estate(self.estate)
            .filter(record__in=records, ticket__isnull=False)
            .select_related("ticket")
        ):
            self.life.go_on(finding.ticket, finding.found_at)
        self.judge_later(records, random.Random(f"{self.history.seed} {len(records)} {records[:1]}"))
