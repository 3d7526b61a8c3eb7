"""A clause: its wording, what proves it, its settings and their history, its days, its breaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.people.models import Person
from guanjia.rulebooks.adoption import BEGINNING, Adoption
from guanjia.rulebooks.limits import limits
from guanjia.rulebooks.models import Parameter
from guanjia.rulebooks.parameters import entry_of, parameter
from guanjia.rulebooks.saying import minutes, said
from guanjia.rulebooks.schema import limits_book
from guanjia.rulebooks.views.books import duty_row
from guanjia.web.guard import needs

from ..daily import chart, daily
from ..evidence import CLOCK, TASK
from ..keeping import standings
from ..reading import ProofQuery
from ..records import Found, behind
from ..saying import TONES, kind_words, part_words, status_words

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from guanjia.rulebooks.books import Rulebook

    from ..keeping import Standing

MOST = 20


@needs()
def clause(request: HttpRequest, key: str) -> HttpResponse:
    """Supervisors see everybody's figures; others their own."""
    query = ProofQuery(request.reach, request.GET, clock.now(), mine=not request.reach.may("report.read"))
    person = request.reach.person_id if query.mine else None
    found = standings(request.estate, query.since, query.now, zone=query.zone, person=person, only={key})
    if not found:
        raise Http404
    row, adoption = found[0], Adoption(request.estate, query.now)
    entry, books = row.clause.entry, adoption.books
    keys = _keys(row, books)
    days = daily(row, request.estate, query.now) if not query.mine else []
    page = {
        "row": row, "clause": row.clause, "title": _(entry.title), "text": _(entry.text) if entry.text else "", "word": status_words()[row.status], "tone": TONES[row.status],
        "parts": _parts(request, row, books), "figures": _figures(request, row, books), "people": _people(row), "history": _history(request, keys),
        "breached": _behind(query, row, False), "kept": _behind(query, row, True) if not query.mine else [],
        "days": chart(days) if any(one for _day, one in days) else None, "may_change": request.reach.may("rule.change"),
        "retired": not adoption.setting(f"clause.{key}.on", True), "since": row.spans[0][0] if row.spans and row.spans[0][0] > BEGINNING and not query.since else None,
    }  # fmt: skip
    return render(request, "reports/clause.html", page)


def _behind(query: ProofQuery, row: Standing, kept: bool) -> list[Found]:
    """The records behind a figure; a reader who sees only themselves gets their own."""
    since, person = row.spans[0][0] if row.spans else query.since or BEGINNING, query.reach.person_id if query.mine else None
    found = [
        one for part in row.parts if row.by_part.get(part)
        for one in behind(query.reach.estate, part, since, query.now, kept=kept, zone=query.zone, person=person)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.at is not None, one.at), reverse=True)[:MOST]


def _parts(request: Any, row: Standing, books: dict[str, Rulebook]) -> list[dict[str, Any]]:
    titles = {key: duty.title for book in books.values() for key, duty in book.duties.items()}
    kinds, shown = kind_words(), []
    for part in row.parts:
        settings, change = _settings(request, part.kind, part.key, books)
        shown.append({
            "kind": kinds[part.kind], "words": part_words(part, titles), "runs": part in row.running, "count": row.by_part[part],
            "settings": settings, "change": change if request.reach.may("rule.change") else "",
        })  # fmt: skip
    return shown


def _settings(request: Any, kind: str, key: str, books: dict[str, Rulebook]) -> tuple[str, str]:
    """How it is set here, and where it is changed."""
    code = request.estate.code
    if kind == TASK:
        book = next((book for book in books.values() if key in book.duties), None)
        if book is None:
            return "", ""
        one = duty_row(request, book, key, book.duties[key])
        return " · ".join(filter(None, [one["cadence"] or _("待公司定"), one["window"], one["role"]])), reverse("rulebooks:duty", args=[code, key])
    if kind == CLOCK:
        limit = next((limit for limit in limits(request.estate, clock.now()) if limit.key == key), None)
        follows = getattr(limits_book().limits.get(key), "follows", "") or f"limit.{key}.within"
        return minutes(limit.within) if limit else _("未采用"), reverse("rulebooks:change", args=[code, follows])
    return "", ""


def _figures(request: Any, row: Standing, books: dict[str, Rulebook]) -> list[dict[str, Any]]:
    shown = []
    for book in books.values():
        for key, figure in book.figures.items():
            if row.clause.id in figure.rows:
                entry = entry_of(key, request.estate.company_id)
                shown.append({"key": key, "title": _(figure.title), "value": said(entry, parameter(request.estate, key, clock.now())), "unit": _(figure.unit) if figure.unit else ""})
    return shown


def _keys(row: Standing, books: dict[str, Rulebook]) -> list[str]:
    """Every setting that bears on a clause."""
    keys = [f"book.{row.clause.book.code}.adopted", f"clause.{row.clause.id}.on"]
    for part in row.parts:
        if part.kind == TASK:
            keys += [f"duty.{part.key}.{what}" for what in ("on", "cadence", "role", "opens", "closes")]
        elif part.kind == CLOCK:
            keys += [f"limit.{part.key}.{what}" for what in ("on", "within", "calendar")] + list(limits_book().limits[part.key].when if part.key in limits_book().limits else [])
    return keys + [key for book in books.values() for key, figure in book.figures.items() if row.clause.id in figure.rows]


def _history(request: Any, keys: list[str]) -> list[dict[str, Any]]:
    rows = [
        row for row in Parameter.objects.filter(company_id=request.estate.company_id, key__in=keys).order_by("-valid_from", "-pk")[:40]
        if row.estate_id in (None, request.estate.pk)
    ][:MOST]  # fmt: skip
    names = dict(Person.objects.filter(pk__in={row.author_id for row in rows if row.author_id}).values_list("pk", "name"))
    shown = []
    for row in rows:
        try:
            entry = entry_of(row.key, request.estate.company_id)
        except KeyError:
            continue
        shown.append({"row": row, "title": _(entry.title), "value": said(entry, row.value), "who": names.get(row.author_id or 0, "")})
    return shown


def _people(row: Standing) -> list[dict[str, Any]]:
    """Who had to, most breaches first."""
    names = dict(Person.objects.filter(pk__in=list(row.people)).values_list("pk", "name"))
    found = [{"name": names[person], "count": count} for person, count in row.people.items() if person in names]
    return sorted(found, key=lambda one: (-one["count"].breached, -one["count"].due, one["name"]))[:MOST]
