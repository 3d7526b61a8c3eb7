"""What people type into cells, made plain. Everything here is pure; a cell that cannot be read raises CellError."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _


class CellError(Exception):
    """Why a cell is not taken, and what to do: one translated sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Shown(float):
    """A number cell, with the digits as they stand in the file."""

    __slots__ = ("raw",)
    raw: str

    def __new__(cls, value: float, raw: str = "") -> Shown:
        made = super().__new__(cls, value)
        made.raw = raw or repr(value)
        return made


@dataclass(frozen=True)
class BadCell:
    """An Excel error such as #REF! or #N/A."""

    sign: str


class MissingFormula(BadCell):
    """A formula that was never calculated; `sign` is its text."""


@dataclass
class Row:
    """A row as it stands: 1-based number as Excel shows it, column index → value."""

    number: int
    cells: dict[int, Any] = field(default_factory=dict)
    formulas: set[int] = field(default_factory=set)


_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\uffff]")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_SPACE = re.compile(r"\s+")
_WHOLE = re.compile(r"(\d+)\.0+")
UNKNOWN_WORDS = {"", "/", "\\", "-", "--", "—", "——", "无", "暂无", "未知", "不详", "n/a", "na", "null", "none"}


def narrow(words: str) -> str:
    """Full-width signs become ASCII, invisible ones go; characters of names stay as they are."""
    return _INVISIBLE.sub("", words.translate(_WIDE))


def text(value: Any) -> str:
    """A cell as words, trimmed, with single spaces; whole numbers lose their `.0`."""
    if value is None:
        return ""
    if isinstance(value, BadCell):
        if isinstance(value, MissingFormula):
            raise CellError(_("单元格里是没有算出结果的公式，请粘贴为数值后重新导入。"))
        raise CellError(_("单元格显示错误 %(sign)s，请改正后重新导入。") % {"sign": value.sign})
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, date):
        return value.isoformat()
    got = _SPACE.sub(" ", narrow(str(value)).strip().lstrip("'‘’").strip())
    if got.startswith("=") and len(got) > 1:
        raise CellError(_("以 = 开头，像是没有计算的公式，请粘贴为数值后重新导入。"))
    return got


def number_text(value: float) -> str:
    """1.0 → "1"; 2.650 → "2.65"; never scientific."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return format(Decimal(getattr(value, "raw", "") or repr(value)), "f")


def words(most: int) -> Any:
    """A reader of words of at most so many characters."""

    def read(value: Any) -> str:
        got = text(value)
        if len(got) > most:
            raise CellError(_("超过 %(most)d 个字，请缩短。") % {"most": most})
        return got

    return read


def code(value: Any, most: int = 40) -> str:
    """A number that is a name: 1.0 → "1", " B0001 " → "B0001"."""
    if isinstance(value, date):
        raise CellError(_("单元格被 Excel 变成了日期，请把格式改为文本、重新填写编号。"))
    got = text(value).replace(" ", "")
    if whole := _WHOLE.fullmatch(got):
        got = whole[1]
    if len(got) > most:
        raise CellError(_("超过 %(most)d 个字，请缩短。") % {"most": most})
    return got


def number(places: int, most: float, least: float = 0) -> Any:
    """A reader of decimals, rounded to so many places, between least and most; empty is None."""

    def read(value: Any) -> Decimal | None:
        got = text(value).replace(",", "").replace(" ", "")
        got = re.sub(r"(㎡|m²|m2|平方米|平米|平|元|¥)$", "", got.removeprefix("¥"), flags=re.I)
        if got.lower() in UNKNOWN_WORDS:
            return None
        try:
            amount = Decimal(got)
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite():
            raise CellError(_("不是数字，请填写阿拉伯数字。"))
        if not Decimal(str(least)) <= amount <= Decimal(str(most)):
            raise CellError(
                _("应在 %(least)s 到 %(most)s 之间，请核对。") % {"least": f"{least:g}", "most": f"{most:.0f}"}
            )
        return amount.quantize(Decimal(1).scaleb(-places))

    return read


def whole(most: int, least: int = 0) -> Any:
    """A reader of whole numbers between least and most; empty is None."""
    decimal = number(6, most, least)

    def read(value: Any) -> int | None:
        amount = decimal(value)
        if amount is not None and amount != int(amount):
            raise CellError(_("应为整数，请核对。"))
        return None if amount is None else int(amount)

    return read


def chosen(choices: dict[str, str], sentence: Any = "") -> Any:
    """A reader of codes and words: {"1001": "owner", "业主": "owner"}; empty is ""."""

    def read(value: Any) -> str:
        got = code(value).lower()
        if got not in choices and got in UNKNOWN_WORDS:
            return ""
        if got not in choices:
            raise CellError(
                str(sentence or _("不认识的内容，可填：%(choices)s。")) % {"choices": "、".join(list(choices)[:8])}
            )
        return choices[got]

    return read


def several(value: Any) -> list[str]:
    """`1#3`, `1＃3`, `1，3`, `1、3` → ["1", "3"], without repetition."""
    parts = [code(part) for part in re.split(r"[#,、;|/+\n]|\s+", text(value)) if part.strip()]
    return list(dict.fromkeys(part for part in parts if part))


def printable(value: Any) -> str:
    """A value as a refusal shows it, cut short."""
    if isinstance(value, BadCell):
        return value.sign
    try:
        shown = text(value)
    except CellError:
        shown = str(value)
    return shown if len(shown) <= 80 else shown[:79] + "…"
