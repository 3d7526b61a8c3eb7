"""Files that are not what they seem: one clear sentence and no harm (issue 2, point 2)."""

from __future__ import annotations

import struct
import tracemalloc
import zipfile

import pytest

from guanjia.importing.container import Unusable, open_container
from guanjia.importing.headings import recognise
from guanjia.importing.workbook import Workbook

from . import books

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
INDEX = '<workbook xmlns:r="r"><sheets><sheet name="业主" sheetId="1" r:id="a"/></sheets></workbook>'
RELATIONS = '<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/></Relationships>'


def workbook(
    path,
    sheet="<worksheet><sheetData/></worksheet>",
    index=INDEX,
    strings=None,
    extra=(),
    compression=zipfile.ZIP_DEFLATED,
):
    """A workbook by hand, for what no library would write."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("xl/workbook.xml", index)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        if strings is not None:
            archive.writestr("xl/sharedStrings.xml", strings)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, content in extra:
            archive.writestr(name, content)
    return path


def read_all(path):
    with Workbook.open(path) as book:
        return [row for sheet in book.sheets for row in book.rows(sheet)]


def zipped(path, *names):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return path.read_bytes()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


@pytest.mark.parametrize("content, code, said", [
    (b"", "empty_file", "空"),
    (b"%PDF-1.7\n%\xe2\xe3", "wrong_kind", "PDF"),
    (OLE + "Workbook".encode("utf-16-le"), "old_format", "xls"),
    (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted", "密码"),
    ("编号,业主名称\n1,张三\n".encode("gbk"), "wrong_kind", "CSV"),
    ("\ufeff编号,业主名称\n".encode(), "wrong_kind", "CSV"),
    (b"<html><table><tr><td>1</td></tr></table></html>", "wrong_kind", "网页"),
    (b"\x89PNG\r\n\x1a\n\x00\x00", "wrong_kind", "xlsx"),
    (b"PK\x03\x04" + b"\x00" * 500, "broken", "损坏"),
], ids=["empty", "pdf", "xls", "password", "csv-gbk", "csv-utf8", "html", "png", "torn"])  # fmt: skip
def test_not_a_workbook(tmp_path, content, code, said):
    """Issue 2 point 2: judged by content, whatever the name says."""
    path = tmp_path / "业主.xlsx"
    path.write_bytes(content)
    with pytest.raises(Unusable, match=said) as caught:
        open_container(path)
    assert caught.value.code == code


@pytest.mark.parametrize("names, code, said", [
    (["a.txt"], "wrong_kind", "压缩包"),
    (["[Content_Types].xml", "word/document.xml"], "wrong_kind", "Word"),
    (["[Content_Types].xml", "xl/workbook.bin"], "wrong_kind", "xlsb"),
    (["mimetype", "content.xml"], "wrong_kind", "OpenDocument"),
    (["[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"], "macro", "宏"),
    (["[Content_Types].xml", "xl/workbook.xml", "xl/macrosheets/sheet1.xml"], "macro", "宏"),
], ids=["zip", "docx", "xlsb", "ods", "macro", "macro-sheet"])  # fmt: skip
def test_another_kind_of_archive(tmp_path, names, code, said):
    """Issue 2 point 2: each named for what it is; a macro is refused."""
    path = tmp_path / "业主.xlsx"
    zipped(path, *names)
    with pytest.raises(Unusable, match=said) as caught:
        open_container(path)
    assert caught.value.code == code


def test_too_big(tmp_path, settings):
    """Issue 2 point 2: the limit is a setting."""
    settings.IMPORT_MOST_BYTES = 100
    with pytest.raises(Unusable) as caught:
        open_container(books.five(tmp_path / "a.xlsx", owners=[books.person(1)]))
    assert caught.value.code == "too_big"


def test_zip_bomb(tmp_path):
    """Issue 2 point 2: 200 MB of noughts in 200 KB is refused before anything is unpacked."""
    path = workbook(tmp_path / "bomb.xlsx", extra=[("xl/worksheets/sheet2.xml", b"0" * 200_000_000)])
    assert path.stat().st_size < 1_000_000
    with pytest.raises(Unusable) as caught:
        open_container(path)
    assert caught.value.code == "bomb"


def test_archive_of_too_many_parts(tmp_path):
    """Issue 2 point 2: ten thousand small files are no workbook."""
    path = tmp_path / "many.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for at in range(10_000):
            archive.writestr(f"x{at}", "")
    with pytest.raises(Unusable) as caught:
        open_container(path)
    assert caught.value.code == "bomb"


def test_a_size_that_lies(tmp_path):
    """Issue 2 point 2: a part that unpacks to more than it says is cut there, and called broken."""
    path = workbook(
        tmp_path / "lie.xlsx", sheet="<worksheet><sheetData>" + "<row/>" * 50_000 + "</sheetData></worksheet>"
    )
    data = bytearray(path.read_bytes())
    at = data.rfind(b"xl/worksheets/sheet1.xml") - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    path.write_bytes(data)
    with pytest.raises(Unusable) as caught:
        read_all(path)
    assert caught.value.code == "broken"


@pytest.mark.parametrize("part", ["sheet", "index", "strings"])
def test_xml_that_reads_files_or_explodes(tmp_path, part):
    """Issue 2 point 2: no DTD, therefore no XXE and no billion laughs, in any part."""
    evil = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    with pytest.raises(Unusable) as caught:
        read_all(workbook(tmp_path / "evil.xlsx", **{part: evil}))
    assert caught.value.code == "hostile"


def test_a_tag_of_megabytes(tmp_path):
    """Issue 2 point 2: one endless attribute would make the parser slow and fat."""
    sheet = '<worksheet><sheetData><row r="1"><c r="A1" t="' + "A" * 8_000_000 + '"/></row></sheetData></worksheet>'
    with pytest.raises(Unusable) as caught:
        read_all(workbook(tmp_path / "tag.xlsx", sheet=sheet))
    assert caught.value.code == "hostile"


def test_deep_xml(tmp_path):
    """Issue 2 point 2: depth is bounded."""
    with pytest.raises(Unusable):
        read_all(workbook(tmp_path / "deep.xlsx", index="<a>" * 100_000))


def test_a_dimension_that_lies(tmp_path):
    """Issue 2 point 2: a cell at the far corner costs nothing; libraries that believe it ask for terabytes."""
    sheet = (
        '<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c><c r="B1048576"><v>2</v></c></row></sheetData></worksheet>'
    )
    rows = read_all(workbook(tmp_path / "wide.xlsx", sheet=sheet))
    assert [(row.number, sorted(row.cells)) for row in rows] == [(1, [0]), (1048576, [1])]


def test_a_long_sheet_is_read_in_little_memory(tmp_path):
    """Issue 2 point 2: rows are streamed; memory does not follow their number."""
    line = "".join(
        f'<c r="{letter}{{0}}" t="inlineStr"><is><t>some words in a cell</t></is></c>' for letter in "ABCDEFGH"
    )
    body = "".join(f'<row r="{at}">{line.format(at)}</row>' for at in range(1, 20_001))
    path = workbook(tmp_path / "long.xlsx", sheet=f"<worksheet><sheetData>{body}</sheetData></worksheet>")
    with Workbook.open(path) as book:
        tracemalloc.start()
        assert sum(1 for _row in book.rows(book.sheets[0])) == 20_000
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 8_000_000


def test_what_cells_say(tmp_path):
    """Issue 2 point 2: shared, rich, phonetic and escaped text, booleans, errors, real dates, formulas with and without value."""
    sheet = (
        '<x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="b"><x:v>1</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c>'
        '<x:c><x:f>1+1</x:f><x:v>2</x:v></x:c><x:c><x:f>X!A1</x:f></x:c><x:c t="str"><x:f>A1</x:f><x:v>_x4E00_b</x:v></x:c><x:c t="s"><x:v>99</x:v></x:c>'
        "<x:c t='d'><x:v>2025-01-02T00:00:00</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    strings = "<sst><si><r><t>张</t></r><r><t xml:space='preserve'> 三</t></r><rPh><t>ZHANG</t></rPh></si></sst>"
    (row,) = read_all(workbook(tmp_path / "cells.xlsx", sheet=sheet, strings=strings))
    assert row.number == 1
    assert [row.cells.get(at) for at in (0, 1, 3, 5, 6, 7)] == ["张 三", True, 2.0, "一b", None, "2025-01-02"]
    assert (row.cells[2].sign, row.cells[4].sign, row.formulas) == ("#N/A", "=X!A1", {3, 4, 5})


@pytest.mark.parametrize("damage", range(0, 40))
def test_damaged_anywhere(tmp_path, damage):
    """Issue 2 point 2: a file torn or overwritten anywhere is read or refused, never a crash."""
    data = bytearray(books.five(tmp_path / "a.xlsx", owners=[books.person(at) for at in range(1, 30)]).read_bytes())
    at = damage * len(data) // 40
    data[at : at + 3] = b"\xff\x00\xff"
    path = tmp_path / "b.xlsx"
    path.write_bytes(data if damage % 2 else data[: at + 60])
    try:
        with Workbook.open(path) as book:
            for sheet in book.sheets:
                recognise(book.rows(sheet))
    except Unusable as refused:
        assert str(refused)


def test_it_reads_what_a_library_reads(tmp_path):
    """Issue 2 point 2: the same cells as python-calamine on a believable estate."""
    import python_calamine

    path = books.estate(tmp_path / "estate.xlsx", 60)
    other = python_calamine.CalamineWorkbook.from_path(str(path))
    with Workbook.open(path) as book:
        assert [sheet.name for sheet in book.sheets] == other.sheet_names
        for sheet in book.sheets:
            theirs = [
                [value for value in row if value != ""] for row in other.get_sheet_by_name(sheet.name).to_python()
            ]
            assert [list(row.cells.values()) for row in book.rows(sheet)] == theirs
