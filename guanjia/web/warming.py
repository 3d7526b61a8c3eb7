"""What a fresh process would read during somebody's first page is read before: rulebooks, addresses, the parts of every page."""

from __future__ import annotations

import logging
from pathlib import Path

logger = logging.getLogger("guanjia.web")
SHELLS = ("shell_staff.html", "shell_resident.html", "shell_plain.html")


def warm() -> None:
    """Touches no database. What goes wrong here goes wrong again where it can be told; it never stops the process."""
    try:
        _read()
    except Exception:
        logger.exception("warming up failed")


def _read() -> None:
    from django.template.loader import get_template
    from django.urls import get_resolver

    from guanjia.people.roles import roles
    from guanjia.rulebooks.books import books
    from guanjia.rulebooks.form_book import forms_book
    from guanjia.rulebooks.schema import parameters_book

    get_resolver()._populate()
    for read in (roles, forms_book, books, parameters_book):
        read()
    parts = (Path(__file__).parent / "templates" / "cotton").glob("*.html")
    for name in (*SHELLS, *(f"cotton/{part.name}" for part in parts)):
        get_template(name)
