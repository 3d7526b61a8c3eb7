"""What the pages share: what their tabs open, the way back, what a form names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.shortcuts import render as rendered
from django.urls import reverse

from guanjia import clock
from guanjia.people.models import CompanyPost, Person, Post
from guanjia.people.roles import title_of
from guanjia.tenancy.reading import row_id

from ..line import people_of
from ..models import FixRound, Inspection, Rectification

if TYPE_CHECKING:
    from collections.abc import Iterable

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PEOPLE = ("inspector", "companion", "zone")  # what a row of an inspection shows
READ = ("quality.read", "quality.inspect", "quality.plan")


def render(request: Any, template: str, page: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page with what its tabs open to the reader."""
    reach = request.reach
    opens = {
        "may_read": any(map(reach.may, READ)), "may_plan": reach.may("quality.plan"), "may_rectify": reach.may("quality.rectify"),
        "open_fixes": Rectification.objects.visible_to(reach).open().count(), "today": clock.today(request.estate),
    }  # fmt: skip
    return rendered(request, template, {**opens, **page}, status=status)


def to(request: Any, name: str, *args: Any) -> HttpResponse:
    return redirect(reverse(f"quality:{name}", args=[request.estate.code, *args]))


def day_of(text: str | None) -> date | None:
    """`2026-03-12`; nonsense is none."""
    try:
        day = date.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


def decimal_of(text: str | None) -> Decimal | None:
    try:
        found = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < 10**6 else None


def count_of(text: str | None) -> int | None:
    found = row_id(text)
    return found if found is not None and found < 32000 else None


def titled(estate: Any, people: Iterable[Person]) -> list[tuple[Person, str]]:
    """People with what they are, for a choice."""
    today, posts = clock.today(estate), {}
    for person, role in CompanyPost.objects.filter(company=estate.company_id, during__contains=today).values_list("person_id", "role"):
        posts[person] = title_of(role)
    for person, role in Post.objects.at_estate(estate).held_on(today).order_by("-pk").values_list("person_id", "role"):
        posts[person] = title_of(role)
    return [(person, posts.get(person.pk, "")) for person in people]


def person_of(request: Any, name: str = "person") -> Person | None:
    """Whom a form names, among the estate's and the company's people."""
    pk = row_id(request.POST.get(name))
    found: Person | None = people_of(request.estate).filter(pk=pk).first() if pk else None
    return found


def file(content: Any, name: str, kind: str) -> HttpResponse:
    """An answer to be saved: `kind` is pdf or xlsx."""
    from urllib.parse import quote

    body = content if isinstance(content, bytes) else content.read()
    answer = HttpResponse(body, content_type="application/pdf" if kind == "pdf" else EXCEL)
    answer.headers["Content-Disposition"] = f"{'inline' if kind == 'pdf' else 'attachment'}; filename*=UTF-8''{quote(name)}.{kind}"
    return answer


def fix_rows(reach: Any, rows: Any) -> list[Rectification]:
    """Rectifications with the state of their present round, without a query a row."""
    found = list(rows.select_related("responsible", "asked_by", "ticket"))
    rounds = {(one.rectification_id, one.number): one for one in FixRound.objects.at_estate(reach.estate).filter(rectification__in=found)}
    for row in found:
        row.now = rounds.get((row.pk, row.round))
    return found


def inspections_seen(request: Any) -> Any:
    return Inspection.objects.visible_to(request.reach)
