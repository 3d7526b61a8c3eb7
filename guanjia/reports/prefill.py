"""What a report's author finds written already: its figures in words, to be edited (004 一3f)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from guanjia.events.sentences import listed

from .saying import translated

if TYPE_CHECKING:
    from .models import Report

SAID = 6  # figures in one sentence


def prefill(report: Report, before: dict[str, str]) -> dict[str, str]:
    """Item of a form → words. Only for an item that nobody has written; `before` are the values of the period before."""
    figures = [row for row in report.figures if row["value"] not in ("0", "—", "")]
    frequent = [row for row in figures if row["key"].startswith("category_")]
    said = {"summary": figures[:SAID], "done": figures[:SAID], "frequent": frequent or figures[:SAID]}
    return {item: listed([_words(row, before) for row in rows]) for item, rows in said.items() if rows}


def _words(row: dict[str, str], before: dict[str, str]) -> str:
    plain = f"{translated(row['label'])} {row['value']} {translated(row['unit'])}".strip()
    past = before.get(row["key"])
    return _("%(now)s（上期 %(past)s）") % {"now": plain, "past": past} if past else plain
