"""Statements on paper: A4 by typst, fonts from a package, so that every machine prints the same."""

from __future__ import annotations

import importlib.util
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from .statement import statement

if TYPE_CHECKING:
    from .models import Bill

SHEET = Path(__file__).parent / "paper.typ"


@cache
def _fonts() -> list[str]:
    """The folder of the packaged Noto fonts."""
    found = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    assert found and found.origin
    return sorted({str(path.parent) for path in Path(found.origin).parent.rglob("*.otf")})


def statement_pdf(bill: Bill, on: date) -> bytes:
    """The bill as a business date sees it."""
    return printed(words(bill, on))


def printed(said: dict[str, Any], sheet: Path = SHEET) -> bytes:
    """The house's sheet (or a noun's own) with these words, as PDF. The words go in as data, never as source."""
    import typst

    content: bytes = typst.compile(
        str(sheet), root=str(sheet.parent), format="pdf", font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"said": json.dumps(said, ensure_ascii=False)}
    )  # fmt: skip
    return content


def words(bill: Bill, on: date) -> dict[str, Any]:
    """Everything the sheet says, as text."""
    shown = statement(bill, on)
    return {
        "title": _("对账单"), "estate": bill.estate.name, "company": bill.estate.company.name, "hotline": bill.estate.hotline,
        "facts": [
            [_("房号"), bill.unit.code], [_("付款人"), shown["payer"]], [_("账期"), f"{bill.period:%Y-%m}"], [_("账单号"), bill.number],
            [_("请于此日前缴纳"), f"{bill.due_on}"], [_("打印日期"), f"{on}"],
        ],
        "heads": [_("收费项目"), _("计费期"), _("怎样算的"), _("金额（元）")],
        "lines": [[row["line"].fee.name, row["days"], row["why"], f"{row['line'].amount:,.2f}"] for row in shown["lines"]],
        "sums": [
            [_("本期应缴"), f"{bill.amount:,.2f}"], [_("本期已缴"), f"{bill.amount - shown['owed']:,.2f}"], [_("以前未缴"), f"{shown['earlier']:,.2f}"],
            [_("合计未缴"), f"{shown['owed'] + shown['earlier']:,.2f}"],
        ],
        "foot": _("对账单如有疑问，请联系您的管家或拨打服务热线。本单不是收据。"),
    }  # fmt: skip
