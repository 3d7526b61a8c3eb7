"""Our own templates: headings, what they mean, example rows; five sheets or one."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import xlsxwriter
from django.utils.translation import gettext as _

from .layouts import FIVE, FLAT

if TYPE_CHECKING:
    from .layouts import Layout

KINDS = {"five": FIVE, "one": (FLAT,)}
LINES = 2000  # rows whose text columns are formatted as text


def template(kind: str) -> bytes:
    """The workbook of a kind (`five` or `one`). Codes, telephones and identity numbers are text, so that Excel leaves them alone."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    for layout in KINDS[kind]:
        _sheet(book, layout)
    book.close()
    return buffer.getvalue()


def _sheet(book: xlsxwriter.Workbook, layout: Layout) -> None:
    page = book.add_worksheet(layout.title)
    head = book.add_format({"bold": True, "bg_color": "#0F4C45", "font_color": "#FFFFFF", "border": 1})
    need = book.add_format({"bold": True, "bg_color": "#7A4A00", "font_color": "#FFFFFF", "border": 1})
    note, plain = book.add_format({"font_color": "#5B6B69", "text_wrap": True}), book.add_format({"num_format": "@"})
    musts = {group[0] for group in layout.needs if len(group) == 1}
    for index, column in enumerate(layout.columns):
        page.write_string(0, index, column.title, need if column.name in musts else head)
        texts = column.name in (
            "phone",
            "identity",
            "room",
            "building",
            "entrance",
            "fees",
            "code",
            "number",
            "household",
            "starts",
            "ends",
        )
        page.set_column(index, index, max(10, 2 * len(column.title) + 4), plain if texts else None)
        for line, value in enumerate(column.example, start=1):
            if value != "":
                page.write(line, index, str(value) if texts else value)
    page.freeze_panes(1, 0)
    # Explanations stand aside, under a heading that no layout knows: the example rows may be overwritten at once.
    aside = len(layout.columns) + 1
    page.write_string(0, aside, "说明", head)
    page.set_column(aside, aside, 14)
    page.set_column(aside + 1, aside + 1, 60)
    for line, column in enumerate(layout.columns, start=1):
        page.write_string(line, aside, column.title, note)
        page.write_string(line, aside + 1, str(column.help), note)
    page.write_string(len(layout.columns) + 2, aside, _("请把示例行换成自己的数据；深黄色表头必填。"), note)
