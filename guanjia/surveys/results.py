"""What a round came to: who was asked and answered, each question counted, satisfaction with its interval (COM-27, COM-28, QLT-57)."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.estates.models import Zone
from guanjia.rulebooks.parameters import parameter

from .measuring import Measured, measured
from .models import Invitation, Response
from .questions import YESNO
from .small import hidden

if TYPE_CHECKING:
    from .book import Question
    from .models import Poll

MARKS = (5, 4, 3, 2, 1)
# Scales, choices and yes or no, one row a zone, question and answer; of several choices each.
COUNTED = """
SELECT r.zone_id, e.key, v.value, count(*) FROM surveys_response r CROSS JOIN LATERAL jsonb_each(r.answers) e
CROSS JOIN LATERAL jsonb_array_elements_text(CASE jsonb_typeof(e.value) WHEN 'array' THEN e.value ELSE jsonb_build_array(e.value) END) v (value)
WHERE r.estate_id = %(estate)s AND r.poll_id = %(poll)s AND e.key = ANY(%(names)s) GROUP BY 1, 2, 3
"""


def mark_words(mark: int) -> str:
    return {5: _("很满意"), 4: _("满意"), 3: _("一般"), 2: _("不满意"), 1: _("很不满意")}[mark]


@dataclass
class Line:
    """A question counted. `bars` are (words, count, per cent)."""

    name: str
    question: Question
    answered: int
    bars: list[tuple[str, int, float]]
    measured: Measured | None = None


@dataclass
class Group:
    """A zone, or the small ones together. `measured` is of the overall question; None where too few answered."""

    title: str
    asked: int
    answered: int
    measured: Measured | None


@dataclass
class Results:
    poll: Poll
    asked: int = 0
    answered: int = 0
    missed: int = 0
    ways: list[tuple[str, int]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    small: int = 5

    @property
    def rate(self) -> float:
        return self.answered * 100 / self.asked if self.asked else 0.0

    @property
    def overall(self) -> Measured | None:
        return next((line.measured for line in self.lines if line.question.core == "overall"), None)


def results(poll: Poll) -> Results:
    """Four statements however many answered. An anonymous round tells nothing before it is closed."""
    at = poll.closed_at or clock.now()
    way, small = str(parameter(poll.estate, "survey.measure", at)), int(parameter(poll.estate, "survey.small", poll.published_at or at))
    found = Results(poll, small=small)
    asked_by_zone, answered_by_zone = _response_rate(poll, found)
    asked = poll.asked
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    by_zone: dict[Any, Counter[int]] = defaultdict(Counter)
    overall = next((name for name, question in asked.items() if question.core == "overall"), "")
    names = [name for name, question in asked.items() if question.kind != "text"]
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, {"estate": poll.estate_id, "poll": poll.pk, "names": names})
        for zone, name, value, count in cursor.fetchall():
            counts[name][value] += count
            if name == overall:
                by_zone[zone][int(value)] += count
    whole = poll.population if poll.sampled else 0
    given = dict(Response.objects.at_estate(poll.estate_id).filter(poll=poll).aggregate(n=Count("pk")))["n"]
    found.lines = [_line(name, asked[name], counts[name], given, way, whole) for name in names]
    if poll.audience == "household":
        found.groups = _groups(poll, by_zone, asked_by_zone, answered_by_zone, way, small)
    return found


def _response_rate(poll: Poll, found: Results) -> tuple[dict[Any, int], dict[Any, int]]:
    rows = Invitation.objects.at_estate(poll.estate_id).filter(poll=poll, drawn=True)
    told = rows.values("zone_id").annotate(asked=Count("pk"), answered=Count("pk", filter=Q(answered=True)), missed=Count("pk", filter=~Q(missed="")))
    asked, answered = {}, {}
    for row in told.order_by("zone_id"):
        asked[row["zone_id"]], answered[row["zone_id"]] = row["asked"], row["answered"]
        found.missed += row["missed"]
    found.asked, found.answered = sum(asked.values()), sum(answered.values())
    ways = dict(rows.filter(answered=True).values_list("way").annotate(n=Count("pk")))
    found.ways = [(str(label), ways[way]) for way, label in Invitation.Way.choices if ways.get(way)]
    return asked, answered


def _line(name: str, question: Question, counts: Counter[str], given: int, way: str, population: int) -> Line:
    if question.kind == "scale":
        marks = {mark: counts[str(mark)] for mark in MARKS}
        total = sum(marks.values())
        bars = [(f"{mark} {mark_words(mark)}", count, count * 100 / total if total else 0.0) for mark, count in marks.items()]
        return Line(name, question, total, bars, measured(marks, way, population))
    titles = {YESNO[0]: _("是"), YESNO[1]: _("否")} if question.kind == "yesno" else {key: _(title) for key, title in question.choices.items()}
    total = given if question.kind == "multiple" else sum(counts.values())
    return Line(name, question, total, [(title, counts[key], counts[key] * 100 / total if total else 0.0) for key, title in titles.items()])


def _groups(poll: Poll, by_zone: dict[Any, Counter[int]], asked: dict[Any, int], answered: dict[Any, int], way: str, small: int) -> list[Group]:
    """By zone; small ones, and those whose rows carry no zone, together."""
    names = dict(Zone.objects.at_estate(poll.estate_id).order_by("code").values_list("pk", "name"))
    together = hidden({zone: sum(marks.values()) for zone, marks in by_zone.items()}, small) | {None}
    together |= {zone for zone in asked if zone not in by_zone and answered[zone]}
    found = [Group(name, asked.get(zone, 0), answered.get(zone, 0), measured(by_zone.get(zone, {}), way)) for zone, name in names.items() if zone in asked and zone not in together]
    mixed: Counter[int] = Counter()
    for zone in together:
        mixed += by_zone.get(zone, Counter())
    rest = [zone for zone in asked if zone in together]
    if rest:
        enough = sum(mixed.values()) >= small
        found.append(Group(_("其余片区合并"), sum(asked[zone] for zone in rest), sum(answered[zone] for zone in rest), measured(mixed, way) if enough else None))
    return found
