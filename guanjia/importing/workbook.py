"""A workbook read as a stream: sheets, and rows of cells with their true row numbers.

Written on expat rather than on a library because of what the house promises: memory bounded whatever the file says its
dimensions are, formulas seen, documents with a DTD (XXE, entity bombs) refused, cells cut at a sensible length.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from .container import MB, Unusable, open_container
from .xml import events, local

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from .cells import Row

MOST_STRINGS = 2_000_000
MOST_STRING_BYTES = 200 * MB
MOST_SHEETS = 60
# Built-in number formats that show a date or a time (ECMA-376 §18.8.30 and its East Asian ones).
DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}


@dataclass
class Sheet:
    name: str
    part: str
    hidden: bool


@dataclass
class Workbook:
    """`with Workbook.open(path) as book:` — `book.sheets`, `book.rows(sheet)`."""

    archive: zipfile.ZipFile
    sheets: list[Sheet] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    date_styles: set[int] = field(default_factory=set)
    epoch_1904: bool = False
    position: int = 0  # bytes of the present sheet read so far

    @classmethod
    def open(cls, path: Path) -> Workbook:
        """Raises Unusable with a sentence for people; the file is never executed, never written."""
        book = cls(open_container(path))
        try:
            book._read_index()
            book._read_styles()
            book._read_strings()
        except (zipfile.BadZipFile, KeyError, zlib.error, expat.ExpatError, EOFError, ValueError, OSError) as error:
            book.archive.close()
            raise Unusable(
                _("文件已损坏或没有传完，请在 Excel 里打开、另存为 .xlsx 后再试。"), code="broken"
            ) from error
        except Unusable:
            book.archive.close()
            raise
        return book

    def __enter__(self) -> Workbook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.archive.close()

    def size(self, sheet: Sheet) -> int:
        """Bytes of a sheet, unpacked."""
        return self.archive.getinfo(sheet.part).file_size

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """Every row that holds something, top to bottom."""
        from .rows import read_rows

        try:
            yield from read_rows(self, sheet)
        except (zipfile.BadZipFile, KeyError, zlib.error, expat.ExpatError, EOFError, OSError) as error:
            sentence = _("工作表「%(sheet)s」已损坏，请在 Excel 里打开、另存为 .xlsx 后再试。") % {"sheet": sheet.name}
            raise Unusable(sentence, code="broken") from error

    def _read_index(self) -> None:
        targets = {}
        for kind, tag, attrs in self._walk("xl/_rels/workbook.xml.rels"):
            if kind == "start" and tag == "Relationship":
                targets[attrs["Id"]] = posixpath.normpath(posixpath.join("/xl", attrs["Target"])).lstrip("/")
        names = set(self.archive.namelist())
        for kind, tag, attrs in self._walk("xl/workbook.xml"):
            if kind != "start":
                continue
            if tag == "workbookPr":
                self.epoch_1904 = attrs.get("date1904", "0") in ("1", "true")
            elif tag == "sheet":
                part = targets.get(next((value for key, value in attrs.items() if local(key) == "id"), ""), "")
                if part in names and "worksheets" in part:
                    self.sheets.append(Sheet(attrs.get("name", ""), part, attrs.get("state", "visible") != "visible"))
        if len(self.sheets) > MOST_SHEETS:
            raise Unusable(_("工作表太多，请只保留要导入的几张。"), code="too_big")

    def _read_styles(self) -> None:
        if "xl/styles.xml" not in self.archive.namelist():
            return
        own: dict[str, str] = {}
        inside, index = False, 0
        for kind, tag, attrs in self._walk("xl/styles.xml"):
            if tag == "cellXfs":
                inside = kind == "start"
            elif kind == "start" and tag == "numFmt":
                own[attrs.get("numFmtId", "")] = attrs.get("formatCode", "")
            elif kind == "start" and inside and tag == "xf":
                number = attrs.get("numFmtId", "0")
                if _shows_date(own[number]) if number in own else number.isdecimal() and int(number) in DATE_FORMATS:
                    self.date_styles.add(index)
                index += 1

    def _read_strings(self) -> None:
        part = next((name for name in self.archive.namelist() if name.lower() == "xl/sharedstrings.xml"), None)
        if part is None:
            return
        if self.archive.getinfo(part).file_size > MOST_STRING_BYTES:
            raise Unusable(_("文件里的文字太多，请拆成几个文件分别导入。"), code="too_big")
        pieces: list[str] = []
        reading = phonetic = False
        for kind, tag, value in self._walk(part):
            if kind == "text":
                if reading and not phonetic:
                    pieces.append(value)
            elif tag == "t":
                reading = kind == "start"
            elif tag == "rPh":
                phonetic = kind == "start"
            elif tag == "si" and kind == "end":
                self.strings.append("".join(pieces))
                pieces = []
                if len(self.strings) > MOST_STRINGS:
                    raise Unusable(_("文件里的文字太多，请拆成几个文件分别导入。"), code="too_big")

    def _walk(self, part: str) -> Iterator[tuple[str, str, Any]]:
        with self.archive.open(part) as stream:
            yield from events(stream)


def _shows_date(code: str) -> bool:
    """Whether a custom number format shows a date: y, m, d, h or s outside quotes, brackets and escapes."""
    plain, quoted, at = "", False, 0
    while at < len(code):
        sign = code[at]
        if sign == '"':
            quoted = not quoted
        elif sign == "\\":
            at += 1
        elif sign == "[" and not quoted:
            end = code.find("]", at)
            at = end if end > 0 else len(code)
        elif not quoted:
            plain += sign.lower()
        at += 1
    return any(sign in plain for sign in "ydhs") or ("m" in plain and "general" not in plain and "0" not in plain)
