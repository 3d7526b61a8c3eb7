"""The books: which there are, what they say, what is in force, what the sources disagree on."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.people.roles import roles, title_of
from guanjia.web.guard import needs

from ..adoption import Adoption, Clause
from ..books import conflicts_book
from ..models import OwnBook
from ..parameters import entry_of, parameter
from ..saying import cadence_words, said, window_words
from .change import is_companys

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ..books import DutyEntry, Rulebook

READS = ("rule.change", "report.read")


@needs(*READS)
def books(request: HttpRequest) -> HttpResponse:
    """Every book with how much of it holds here."""
    adoption = Adoption(request.estate, clock.now())
    adopted: Counter[str] = Counter(clause.book.code for clause in adoption.clauses() if adoption.adopts(clause))
    own = Counter(OwnBook.objects.filter(company=request.estate.company_id).values_list("code", flat=True))
    shown = [
        {
            "book": book, "title": _(book.title), "about": _(book.about), "on": adoption.setting(f"book.{code}.adopted", False),
            "adopted": adopted[code], "all": len(book.clauses), "duties": len(book.duties), "figures": len(book.figures),
            "versions": own[code], "since": _since(adoption, f"book.{code}.adopted"),
        }
        for code, book in adoption.books.items()
    ]  # fmt: skip
    return render(request, "rulebooks/books.html", {"books": shown, "companys": is_companys(request)})


def _since(adoption: Adoption, key: str) -> Any:
    return max((since for since, _pk, _own, _value in adoption.said(key)), default=None)


@needs(*READS)
def book(request: HttpRequest, code: str) -> HttpResponse:
    """Its clauses word by word, its duties and figures as they are set here."""
    adoption = Adoption(request.estate, clock.now())
    one = adoption.books.get(code)
    if one is None:
        raise Http404
    clauses = [
        {"id": key, "entry": entry, "title": _(entry.title), "text": _(entry.text) if entry.text else "", "on": adoption.adopts(Clause(one, key, entry)),
         "retired": not adoption.setting(f"clause.{key}.on", True), "fits": Clause(one, key, entry).fits(request.estate)}
        for key, entry in one.clauses.items()
    ]  # fmt: skip
    versions = OwnBook.objects.filter(company=request.estate.company_id, code=code).order_by("-version")[:10]
    page = {
        "book": one, "title": _(one.title), "clauses": clauses, "duties": [duty_row(request, one, key, duty) for key, duty in one.duties.items()],
        "adopted": adoption.setting(f"book.{code}.adopted", False), "versions": versions,
    }  # fmt: skip
    return render(request, "rulebooks/book.html", page)


def duty_row(request: Any, one: Rulebook, key: str, duty: DutyEntry) -> dict[str, Any]:
    """A duty with its present settings in words."""
    now, adoption = clock.now(), Adoption(request.estate, clock.now())
    cadence = adoption.setting(f"duty.{key}.cadence", "") or duty.cadence
    role = adoption.setting(f"duty.{key}.role", "") or duty.role
    hours = {
        name: adoption.setting(f"duty.{key}.{name}", "") or getattr(duty.window, name) for name in ("opens", "closes")
    }
    return {
        "key": key, "duty": duty, "title": _(duty.title), "on": adoption.setting(f"duty.{key}.on", True), "waits": bool(duty.waits) and not cadence,
        "cadence": cadence_words(filled(request, cadence, now)) if cadence else "", "role": title_of(role) if role in roles() else role,
        "window": window_words(duty.window.model_copy(update=hours)), "rows": "、".join(duty.rows),
        "suggest": cadence_words(duty.waits.suggest) if duty.waits else "",
    }  # fmt: skip


def filled(request: Any, cadence: str, now: Any) -> str:
    """A cadence with the figures in force written into it; as it is where one is missing."""
    from ..agreeing import valued
    from ..filling import fill

    try:
        return fill(cadence, valued(request.estate, now))
    except (KeyError, ValueError, TypeError):
        return cadence


@needs(*READS)
def conflicts(request: HttpRequest) -> HttpResponse:
    """What the sources disagree on, each variant, the one that holds here and why."""
    now, shown = clock.now(), []
    for key, entry in conflicts_book().conflicts.items():
        chosen = entry.chosen
        if entry.parameter:
            try:
                value = parameter(request.estate, entry.parameter, now)
                chosen = value if value in entry.variants else ""
                words = said(entry_of(entry.parameter, request.estate.company_id), value)
            except KeyError:
                words = ""
        variants = [{"words": _(words_of), "on": name == chosen} for name, words_of in entry.variants.items()]
        own = "" if any(variant["on"] for variant in variants) or not entry.parameter else words
        shown.append(
            {
                "id": key,
                "entry": entry,
                "title": _(entry.title),
                "why": _(entry.why) if entry.why else "",
                "variants": variants,
                "own": own,
            }
        )
    return render(request, "rulebooks/conflicts.html", {"conflicts": shown})
