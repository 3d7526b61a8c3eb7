"""制度执行: clause by clause, for those who answer for the whole and for everybody about themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.web.guard import needs

from ..exporting import workbook
from ..keeping import STATUSES
from ..reading import ProofQuery
from ..saying import TONES, status_words

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@needs("report.read")
def proof(request: HttpRequest) -> HttpResponse:
    """Filters stand in the address: it can be kept, sent and printed."""
    return _page(request, ProofQuery(request.reach, request.GET, clock.now()))


@needs()
def mine(request: HttpRequest) -> HttpResponse:
    """What the reader is answerable for, and how they stand."""
    return _page(request, ProofQuery(request.reach, request.GET, clock.now(), mine=True))


def _page(request: Any, query: ProofQuery) -> HttpResponse:
    words, numbers = status_words(), query.numbers
    stats = [{"status": status, "label": words[status], "value": numbers[status], "tone": TONES[status]} for status in STATUSES]
    shown = {
        "query": query, "groups": query.folded(), "stats": stats, "filters": query.filters(), "adopted": any(row.adopted for row in query.found),
        "narrowed": query.status or query.role or query.book or query.zone,
    }  # fmt: skip
    return render(request, "reports/proof.html", shown)


@needs("report.read")
def export(request: HttpRequest) -> FileResponse:
    query = ProofQuery(request.reach, request.GET, clock.now())
    name = _("制度执行 %(estate)s %(day)s.xlsx") % {"estate": request.estate.name, "day": f"{clock.today(request.estate):%Y-%m-%d}"}
    answer = FileResponse(workbook(query), as_attachment=True, filename=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
