"""The indicators once more, in plain Python from the rows, by the words of indicators.yaml: {(indicator, level, subject): (part, whole)}."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from guanjia.care.models import CoverageFigure, Visit
from guanjia.clocks.models import Clock
from guanjia.duties.models import Record, Suspicion, Task
from guanjia.emergencies.models import Fire
from guanjia.estates.models import Building
from guanjia.households.models import Occupancy
from guanjia.people.models import Post
from guanjia.quality.models import Inspection
from guanjia.surveys.models import Response
from guanjia.tickets.models import Ticket, WorkOrder
from guanjia.tickets.models.archivable import Reopening
from guanjia.tickets.models.complainable import Verdict
from guanjia.tickets.models.completable import Confirmation, Rating
from guanjia.training.models import Attempt
from tests.billing.again import grouped

from .rows import BEGIN, END

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


class Again:
    def __init__(self, estate):
        self.estate, self.found = estate, defaultdict(lambda: [Decimal(0), Decimal(0)])
        self.stewards = {post.zone_id: post.person_id for post in Post.objects.filter(estate=estate, role="steward")}

    def say(self, key, zone, person, part, whole=1):
        for level, subject in (("estate", 0), ("zone", zone), ("person", person)):
            if subject is not None:
                self.found[key, level, subject][0] += part
                self.found[key, level, subject][1] += whole

    def tell(self):
        names = "clocks tickets complaints answers tasks patrols visits coverage money exams inspections surveys checks"
        for name in names.split():
            getattr(self, name)()
        return {key: tuple(value) for key, value in self.found.items() if any(value)}

    def clocks(self):
        for row in Clock.objects.all().select_related("ticket"):
            if BEGIN <= row.due_at < END and row.outcome not in ("superseded", "cancelled"):
                key = "response" if row.kind == "sla_classify" else "on_time"
                self.say(key, row.ticket.zone_id, row.ticket.steward_id, int(bool(row.stopped_at and row.stopped_at <= row.due_at)))

    def tickets(self):
        for row in Ticket.objects.all():
            if row.stage in ("merged", "cancelled"):
                continue
            again = any(BEGIN <= one.at < END for one in Reopening.objects.filter(ticket=row))
            if not (again or (row.done_at and BEGIN <= row.done_at < END)):
                continue
            if row.done_at and BEGIN <= row.done_at < END and not row.anonymous:
                self.say("revisit", row.zone_id, row.steward_id, int(bool(row.confirmed_at or row.followed_up_at)))
            self.say("reopen", row.zone_id, row.steward_id, int(again))
            if row.kind == "repair":
                orders = sorted(WorkOrder.objects.filter(ticket=row, stage="finished", helps=None), key=lambda one: one.ended_at)
                who = orders[-1].worker_id if orders else None
                self.say("first_fix", row.zone_id, who, int(not again and not row.reopened and len(orders) <= 1))

    def complaints(self):
        for row in Ticket.objects.filter(kind="complaint"):
            verdicts = sorted(Verdict.objects.filter(ticket=row), key=lambda one: one.round)
            if BEGIN <= row.reported_at < END and row.stage not in ("merged", "cancelled") and verdicts and verdicts[-1].ruling == "valid":
                self.say("complaints", row.zone_id, None, 1, 0)
        for row in Fire.objects.filter(struck_at=None):
            if BEGIN <= row.happened_at < END:
                self.say("fires", row.zone_id, None, 1, 0)
        homes = {}  # household → its first home on the month's last day
        for row in Occupancy.objects.order_by("-unit_id").select_related("unit"):
            if row.during.lower <= LAST and (row.during.upper is None or row.during.upper > LAST):
                homes[row.household_id] = row.unit.zone_id
        for zone in homes.values():
            self.say("complaints", zone, None, 0, 1)
            self.say("fires", zone, None, 0, 1)

    def answers(self):
        for row in Rating.objects.all().select_related("ticket"):
            if BEGIN <= row.at < END:
                self.say("solving", row.ticket.zone_id, row.ticket.steward_id, int(row.result >= 4))
                self.say("satisfaction", row.ticket.zone_id, row.ticket.steward_id, int(min(row.speed, row.result, row.attitude) >= 4))
        for row in Confirmation.objects.all().select_related("ticket"):
            if BEGIN <= row.at < END and row.outcome != "not_reached":
                for key in ("satisfaction", "solving"):
                    self.say(key, row.ticket.zone_id, row.ticket.steward_id, int(row.outcome == "satisfied"))

    def tasks(self):
        for row in Task.objects.all():
            if BEGIN <= row.due_at < END and not row.waived_at:
                self.say("tasks", row.zone_id, row.done_by_id or row.person_id, int(bool(row.done_at and row.done_at <= row.due_at)))
        for row in Suspicion.objects.all().select_related("record__task"):
            if row.judged_at and BEGIN <= row.judged_at < END:
                self.say("sampled", row.record.task.zone_id, row.record.by_id, int(not row.stands))

    def exams(self):
        """The best paper of each exam and person, and everybody asked at a post; the zone is that of their first post."""
        zones = {}
        for post in Post.objects.filter(zone__isnull=False).order_by("zone_id"):
            zones.setdefault(post.person_id, post.zone_id)
        best = {}
        for row in Attempt.objects.filter(score__isnull=False, marked_at__gte=BEGIN, marked_at__lt=END):
            full = sum(one.worth for one in row.answers.all())
            key = row.exam_id, row.person_id
            best[key] = max(best.get(key, 0), row.score * 100 / full)
        for (_exam, person), got in best.items():
            self.say("knowledge", zones.get(person), person, round(got, 2), 100)

    def inspections(self):
        for row in Inspection.objects.filter(finished_at__gte=BEGIN, finished_at__lt=END):
            if row.method == "questions":
                for one in row.samples.all():
                    self.say("knowledge", row.zone_id, None, one.score, 100)
            if row.method == "open" or (row.method == "covert" and row.opened_at):
                self.say("inspected", row.zone_id, None, row.score, 100)

    def surveys(self):
        for row in Response.objects.filter(poll__closed_at__gte=BEGIN, poll__closed_at__lt=END, answers__has_key="all").select_related("poll"):
            for key in ("staff",) if row.poll.audience == "staff" else ("surveyed", "satisfaction"):
                self.say(key, row.zone_id, None, int(row.answers["all"] >= 4))

        for row in Response.objects.filter(poll__closed_at__gte=BEGIN, poll__closed_at__lt=END, poll__audience="household"):
            self.say("solving", row.zone_id, None, int(row.answers["fixed"] >= 4))

    def checks(self):
        doubted = set(Suspicion.objects.filter(stands=True).values_list("record_id", flat=True))
        for row in Record.objects.filter(beside=False, done_at__gte=BEGIN, done_at__lt=END).select_related("task"):
            for key, items in (("equipment", ("engineering", "equipment")), ("cleaning", ("cleaning",))):
                for item in items if row.pk not in doubted else ():
                    if row.answers[item]["value"] in ("ok", "bad"):
                        self.say(key, row.task.zone_id, None, int(row.answers[item]["value"] == "ok"))

    def patrols(self):
        doubted = set(Suspicion.objects.filter(stands=True).values_list("record_id", flat=True))
        days = {
            (row.task.building_id, row.done_at.astimezone(ZoneInfo("Asia/Shanghai")).date())
            for row in Record.objects.filter(beside=False).select_related("task") if row.pk not in doubted
        }  # fmt: skip
        for building in Building.objects.all():
            seen = sum(1 for one, day in days if one == building.pk and FIRST <= day <= LAST)
            self.say("patrols", building.zone_id, self.stewards.get(building.zone_id), seen, 31)

    def visits(self):
        for row in Visit.objects.filter(is_planned=True).exclude(outcome="called_off"):
            if FIRST <= row.planned_on <= LAST:
                self.say("visits", row.zone_id, row.person_id, int(row.made_at is not None))

    def coverage(self):
        for row in CoverageFigure.objects.filter(day=date(2026, 3, 30)):
            self.say(row.metric, row.zone_id, self.stewards.get(row.zone_id), row.part, row.whole)

    def money(self):
        """From the transfers themselves."""
        for zone, (charged, paid, opening, since) in grouped(LAST, lambda line: line.unit.zone_id).items():
            self.say("collection", zone, self.stewards.get(zone), paid + since, charged + opening)
