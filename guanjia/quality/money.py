"""Who gets what by the table of the day (QLT-22..25): a proposal for performance pay, never a cut of wages by itself."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.people.models import Post
from guanjia.people.roles import title_of
from guanjia.rulebooks.parameters import parameter

from .rubric_book import rubrics_book
from .rubrics import value

if TYPE_CHECKING:
    from datetime import datetime

    from .models import Assessment


def table(estate: Any, at: datetime) -> list[dict[str, Any]]:
    """The amounts in force, post by post, yuan."""
    return [
        {"title": _(row.title), "posts": row.posts, "fail": Decimal(value(estate, row.fail, at)), "excellent": Decimal(value(estate, row.excellent, at))}
        for row in rubrics_book().money.values()
    ]


def team_award(estate: Any, at: datetime) -> tuple[Decimal, Decimal]:
    """From which score, and how much."""
    team = rubrics_book().team
    return Decimal(value(estate, team.since, at)), Decimal(value(estate, team.amount, at))


def lines_of(assessment: Assessment, at: datetime) -> list[dict[str, Any]]:
    """The proposal: each holder once, by the first row that names a post of theirs; the team's award beside or instead (CF-29)."""
    estate = assessment.estate
    since, amount = team_award(estate, at)
    team = [{"person_id": None, "post": "", "kind": "team", "amount": amount}] if assessment.counted >= since and amount else []
    if team and parameter(estate, "grade.team_award", at) == "instead":
        return team
    column, kind = {"fail": ("fail", "fine"), "excellent": ("excellent", "reward")}.get(assessment.band, ("", ""))
    return [*(_people(estate, column, kind, at) if column else []), *team]


def _people(estate: Any, column: str, kind: str, at: datetime) -> list[dict[str, Any]]:
    posts = list(Post.objects.at_estate(estate).held_on(clock.today(estate, at)).order_by("pk"))
    lines: dict[int, dict[str, Any]] = {}
    for row in table(estate, at):
        for post in posts:
            if post.role in row["posts"] and row[column]:
                line = {"person_id": post.person_id, "post": title_of(post.role), "kind": kind, "amount": row[column]}
                lines.setdefault(post.person_id, line)
    return list(lines.values())
