"""A report as a file: PDF by typst, Excel with its figures and words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia.billing.paper import _fonts
from guanjia.people.models import Person
from guanjia.rulebooks.form_book import form
from guanjia.tenancy.workbooks import book_of

from .saying import translated
from .trend import Chart, charts, values

if TYPE_CHECKING:
    from .models import Report

SHEET = Path(__file__).parent / "paper.typ"


def report_pdf(report: Report) -> bytes:
    """A4; the words go in as data, never as source."""
    import typst

    fonts: Any = _fonts()
    content: bytes = typst.compile(
        SHEET, root=SHEET.parent, format="pdf", font_paths=fonts, ignore_system_fonts=True,
        sys_inputs={"said": json.dumps(said(report), ensure_ascii=False)},
    )  # fmt: skip
    return content


def report_sheet(report: Report) -> IO[bytes]:
    told = said(report)
    rows = [[label, value, before, note] for label, value, before, note in told["figures"]] + [[label, words, "", ""] for label, words in told["words"]]
    return book_of([(told["title"], [(_("项"), 22), (told["period"], 60), (_("上期"), 14), (_("说明"), 24)], rows)])


def said(report: Report) -> dict[str, Any]:
    """Everything the sheet says, as text."""
    estate, zone = report.task.estate, ZoneInfo(report.task.estate.time_zone)
    names = dict(Person.objects.filter(pk__in=filter(None, [report.author_id, report.signed_by_id])).values_list("pk", "name"))
    signed = [[_("报告人"), names.get(report.author_id, "")]]
    if report.signed_at:
        signed.append([_("签阅"), f"{names.get(report.signed_by_id or 0, '')} {report.signed_at.astimezone(zone):%Y-%m-%d %H:%M}"])
    past = values(report)
    return {
        "company": estate.company.name, "estate": estate.name, "title": report.task.duty.title, "period": report.period, "figures_title": _("数据"),
        "figures": [[translated(one["label"]), f"{one['value']} {translated(one['unit'])}".strip(), past[-2].get(one["key"], "—"), one["note"]] for one in report.figures],
        "heads": ["", _("本期"), _("上期"), ""], "charts": [_bars(chart) for chart in charts(report, past)],
        "words": [[_(item.title), str(report.words.get(name, ""))] for name, item in form(report.task.duty.form).items.items() if report.words.get(name)],
        "signed": signed,
    }  # fmt: skip


def _bars(chart: Chart) -> dict[str, Any]:
    """Small multiples: every row's values with their height as a share of its greatest."""
    rows = []
    for label, numbers in chart.rows:
        most = max((value for value in numbers if value is not None), default=0) or 1
        rows.append([label, [["—" if value is None else f"{value:,}", round((value or 0) / most, 3)] for value in numbers]])
    return {"title": _("近 %(n)s 期%(what)s") % {"n": len(chart.names), "what": chart.title}, "names": chart.names, "rows": rows}
