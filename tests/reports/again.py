"""What reports fill in, once more in plain Python from the rows: set → figures, key → (value, note). None: the note is words, not numbers."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from guanjia.clocks.models import Clock
from guanjia.duties.models import Record, Suspicion, Task
from guanjia.estates.models import Building, Unit
from guanjia.households.models import Household, Occupancy
from guanjia.surveys.models import Invitation, Opinion, Poll, Response
from guanjia.tickets.kinds import Kind, Klass
from guanjia.tickets.models import Ticket
from guanjia.tickets.models.complainable import Verdict
from guanjia.tickets.models.completable import Confirmation, Rating
from tests.billing import again as books

HERE = ZoneInfo("Asia/Shanghai")


def share(part, whole):
    return f"{(Decimal(part) * 100 / Decimal(whole)).quantize(Decimal('0.1'))}%" if whole else "—"


class Again:
    def __init__(self, first, last, zone, now):
        self.first, self.last, self.zone, self.now = first, last, zone, now
        self.begin, self.end = (datetime.combine(day, time(), HERE) for day in (first, last))

    def within(self, at):
        return at is not None and self.begin <= at < self.end

    def here(self, zone):
        return self.zone in (None, zone)

    def reported(self):
        return [row for row in Ticket.objects.all() if self.within(row.reported_at) and row.stage not in ("merged", "cancelled") and self.here(row.zone_id)]

    def tickets(self):
        rows = self.reported()
        done = sum(row.done_at is not None for row in rows)
        said = {"tickets": (len(rows), ""), "tickets_done": (done, share(done, len(rows)))}
        said |= {f"kind_{kind}": (sum(row.kind == kind for row in rows), "") for kind in Kind.values}
        return said | {f"class_{klass}": (sum(row.klass == klass for row in rows), "") for klass in Klass.values}

    def categories(self):
        found = Counter(row.category for row in self.reported() if row.category)
        return {f"category_{key}": (count, None) for key, count in sorted(found.items(), key=lambda one: (-one[1], one[0]))[:5]}

    def complaints(self):
        rows = [row for row in self.reported() if row.kind == "complaint"]
        last = {one.ticket_id: one.ruling for one in Verdict.objects.order_by("round")}
        rulings, done = Counter(last.get(row.pk) for row in rows), sum(row.done_at is not None for row in rows)
        return {
            "complaints": (len(rows), ""), "complaints_done": (done, share(done, len(rows))), "complaints_valid": (rulings["valid"], ""),
            "complaints_invalid": (rulings["invalid"], ""), "complaints_reopened": (sum(row.reopened > 0 for row in rows), ""),
        }  # fmt: skip

    def ratings(self):
        rows = [row for row in Rating.objects.select_related("ticket") if self.within(row.at) and self.here(row.ticket.zone_id)]
        marks = {f"rating_{name}": (books.half_up(sum(getattr(row, name) for row in rows), len(rows)), "") for name in ("speed", "result", "attitude")} if rows else {}
        return {"ratings": (len(rows), "")} | marks

    def on_time(self):
        due, met = Counter(), Counter()
        for row in Clock.objects.select_related("ticket"):
            if self.within(row.due_at) and row.due_at < self.now and row.outcome not in ("superseded", "cancelled") and self.here(row.ticket.zone_id):
                due[row.kind] += 1
                met[row.kind] += bool(row.stopped_at and row.stopped_at <= row.due_at)
        return {f"on_time_{kind}": (share(met[kind], due[kind]), f"{met[kind]} / {due[kind]}") for kind in due}

    def duties(self):
        rows = [row for row in Task.objects.all() if self.within(row.due_at) and row.due_at < self.now and not row.waived_at and self.here(row.zone_id)]
        kept = sum(bool(row.done_at and row.done_at <= row.due_at) for row in rows)
        missed = sum(row.done_at is None for row in rows)
        return {"tasks": (len(rows), ""), "tasks_kept": (kept, share(kept, len(rows))), "tasks_late": (len(rows) - kept - missed, ""), "tasks_missed": (missed, "")}

    def patrols(self):
        until = min(self.last - timedelta(days=1), self.now.astimezone(HERE).date())
        struck = set(Suspicion.objects.filter(stands=True).values_list("record_id", flat=True))
        days = {
            (row.task.building_id, row.done_at.astimezone(HERE).date())
            for row in Record.objects.filter(beside=False, form="patrol").select_related("task__building") if row.pk not in struck and self.here(row.task.building.zone_id)
        }  # fmt: skip
        seen = sum(self.first <= day <= until for _building, day in days)
        whole = sum(self.here(row.zone_id) for row in Building.objects.all()) * ((until - self.first).days + 1)
        return {"patrols": (share(seen, whole), f"{seen} 栋·天")}

    def homes(self):
        units = [row for row in Unit.objects.all() if self.here(row.zone_id)]
        vacant = sum(row.state == "vacant" for row in units)
        lived = [row.during for row in Occupancy.objects.select_related("unit") if self.here(row.unit.zone_id)]
        came = sum(self.first <= span.lower < self.last for span in lived)
        went = sum(span.upper is not None and self.first <= span.upper - timedelta(days=1) < self.last for span in lived)
        return {"vacant": (vacant, share(vacant, len(units))), "moved_in": (came, ""), "moved_out": (went, "")}

    def files(self):
        rows = list(Household.objects.prefetch_related("members"))
        reached = sum(any(one.phone and not one.left_on for one in row.members.all()) for row in rows)
        return {"households": (len(rows), ""), "reachable": (reached, share(reached, len(rows)))}

    def money(self):
        on = min(self.last - timedelta(days=1), self.now.astimezone(HERE).date())
        said = books.grouped(on)
        if not said:
            return {}
        charged, paid, opening, since = said[""]
        return {
            "charged": (f"{charged:,.2f}", ""), "paid": (f"{paid:,.2f}", ""), "rate": (share(paid, charged), ""), "rate_previous": (share(since, opening), ""),
            "owed": (f"{sum(one.owed for one in books.lines(on)):,.2f}", ""),
        }  # fmt: skip

    def in_hand(self):
        rows = [row for row in Ticket.objects.all() if self.here(row.zone_id) and row.stage not in ("merged", "cancelled", "archived") and row.done_at is None]
        oldest = min((row.reported_at for row in rows), default=None)
        days = (self.now - oldest).days if oldest else 0
        note = f"最早的已经 {days} 天" if days else ""
        return {"in_hand": (len(rows), note), "in_hand_urgent": (sum(row.klass == "urgent" for row in rows), ""), "in_hand_late": (sum(row.due_at < self.now for row in rows), "")}

    def follow_ups(self):
        week = self.now - timedelta(days=7)
        rows = [row for row in Ticket.objects.all() if self.here(row.zone_id) and row.stage in ("done", "fed_back") and not row.anonymous and row.done_at and row.done_at >= week]
        return {"to_call": (sum(row.confirmed_at is None for row in rows), ""), "to_follow_up": (sum(row.followed_up_at is None for row in rows), "")}

    def due_today(self):
        today = self.now.astimezone(HERE).date()
        rows = [row for row in Task.objects.all() if row.due_at.astimezone(HERE).date() == today and not row.waived_at and self.here(row.zone_id)]
        return {"due_today": (len(rows), ""), "due_left": (sum(row.done_at is None for row in rows), "")}

    def survey(self):
        """Every round closed within the period: how many of those asked answered; each scale, the share of 4 and 5."""
        found = {}
        for poll in Poll.objects.filter(closed_at__isnull=False).select_related("version"):
            if not self.first <= poll.ends_on < self.last:
                continue
            asked = list(Invitation.objects.filter(poll=poll, drawn=True))
            back = sum(row.answered for row in asked)
            rate = Decimal(back * 100) / len(asked) if asked else Decimal(0)
            found[f"poll_{poll.pk}"] = (f"{back} / {len(asked)}", f"回收率 {rate.quantize(Decimal('0.1'))}%")
            for question in poll.version.questions:
                marks = [row.answers[question["name"]] for row in Response.objects.filter(poll=poll) if question["name"] in row.answers]
                good = sum(mark >= 4 for mark in marks)
                found[f"poll_{poll.pk}_{question['name']}"] = (share(good, len(marks)).rstrip("%"), f"{good} ÷ {len(marks)} = {share(good, len(marks))}")
        return found

    def satisfaction(self):
        """Over the months that the period touches; what the sources are called stands in the note."""
        begin = datetime.combine(self.first.replace(day=1), time(), HERE)
        end = datetime.combine(((self.last - timedelta(days=1)).replace(day=1) + timedelta(days=32)).replace(day=1), time(), HERE)
        found = {key: {} for key in ("overall", "speed", "solved")}

        def say(key, source, good):
            had = found[key].setdefault(source, [0, 0])
            had[0] += bool(good)
            had[1] += 1

        for row in Response.objects.filter(poll__audience="household", poll__closed_at__gte=begin, poll__closed_at__lt=end):
            for key, name in (("overall", "all"), ("speed", "fast"), ("solved", "fixed")):
                if name in row.answers:
                    say(key, "问卷", row.answers[name] >= 4)
        for row in Rating.objects.filter(at__gte=begin, at__lt=end):
            say("speed", "报事评价", row.speed >= 4)
            say("solved", "报事评价", row.result >= 4)
            say("overall", "报事评价（三项都 4 分以上）", min(row.speed, row.result, row.attitude) >= 4)
        for row in Confirmation.objects.filter(at__gte=begin, at__lt=end).exclude(outcome="not_reached"):
            for key in ("overall", "solved"):
                say(key, "电话确认", row.outcome == "satisfied")
        names = {"overall": ("问卷", "报事评价（三项都 4 分以上）", "电话确认"), "speed": ("问卷", "报事评价"), "solved": ("问卷", "报事评价", "电话确认")}
        said = {}
        for key, sources in names.items():
            pairs = [found[key].get(source, [0, 0]) for source in sources]
            note = "；".join(f"{source} {part} / {whole}" for source, (part, whole) in zip(sources, pairs, strict=True))
            said[f"indicator_{key}"] = (share(sum(part for part, _whole in pairs), sum(whole for _part, whole in pairs)), note)
        return said

    def opinions(self):
        rows = [row for row in Opinion.objects.all() if self.within(row.at) and self.here(row.zone_id)]
        settled = sum(row.settled_at is not None for row in rows)
        said = {"opinions": (len(rows), ""), "opinions_settled": (settled, share(settled, len(rows)))}
        said |= {f"opinions_{outcome}": (count, "") for outcome, count in Counter(row.outcome for row in rows if row.outcome).items()}
        topics = sorted(Counter(row.topic for row in rows).items(), key=lambda one: (-one[1], one[0]))[:5]
        return said | {f"about_{topic}": (count, None) for topic, count in topics}


MONTHS = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)]
WEEK = (date(2026, 3, 9), date(2026, 3, 16))
SPANS = [*pairwise(MONTHS), WEEK]
