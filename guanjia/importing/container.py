"""At the door: is this a workbook, and can it be opened without harm? (issue 2, point 2)

Judged by content, never by the name. Nothing is unpacked before its size is known, and never to disk.
"""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from guanjia.tenancy.errors import Refused

MB = 1024 * 1024
MOST_PARTS = 2000  # files inside the workbook
MOST_DIRECTORY = 1 * MB  # bytes of the archive's table of contents
RATIO_FROM = 20 * MB  # small parts may be packed as tightly as they like
MOST_RATIO = 250  # a sheet full of equal rows reaches about 60


class Unusable(Refused):
    """The whole file is refused; the sentence says what it is and what to do."""


def most_bytes() -> int:
    """The largest file taken, in bytes."""
    return int(getattr(settings, "IMPORT_MOST_BYTES", 50 * MB))


def most_unpacked() -> int:
    """The most a file may unpack to, in bytes."""
    return int(getattr(settings, "IMPORT_MOST_UNPACKED", 400 * MB))


def most_units() -> int:
    """The most units one file may carry; people and parking may be three times as many."""
    return int(getattr(settings, "IMPORT_MOST_UNITS", 200_000))


def open_container(path: Path) -> zipfile.ZipFile:
    """The workbook's archive, checked. Raises Unusable with a sentence for people."""
    size = path.stat().st_size
    if size == 0:
        raise Unusable(_("文件是空的，请重新选择。"), code="empty_file")
    if size > most_bytes():
        raise Unusable(
            _("文件超过 %(most)d MB，请拆成几个文件分别导入。") % {"most": most_bytes() // MB}, code="too_big"
        )
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.startswith(b"PK\x03\x04"):
        raise _not_a_zip(head, path)
    _check_directory(path, size)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, RecursionError, struct.error) as error:
        raise _broken() from error
    try:
        _check_parts(archive)
        _check_kind(archive)
    except BaseException:
        archive.close()
        raise
    return archive


def _broken() -> Unusable:
    return Unusable(_("文件已损坏或没有传完，请在 Excel 里打开、另存为 .xlsx 后再试。"), code="broken")


def _bomb() -> Unusable:
    return Unusable(_("文件解压后过大，不像正常的工作簿，没有打开它。"), code="bomb")


def _check_directory(path: Path, size: int) -> None:
    """Read the archive's last record ourselves: its table of contents must be small and in the file."""
    with path.open("rb") as file:
        file.seek(max(0, size - 65_557))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise _broken()
    parts, directory = struct.unpack("<HI", tail[at + 10 : at + 16])
    if parts > MOST_PARTS or directory > MOST_DIRECTORY:
        raise _bomb()


def _check_parts(archive: zipfile.ZipFile) -> None:
    total = 0
    for part in archive.infolist():
        if part.flag_bits & 0x1:
            raise Unusable(_("文件加了密码，请先取消密码再导入。"), code="encrypted")
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _broken()
        total += part.file_size
        if total > most_unpacked() or (
            part.file_size > RATIO_FROM and part.file_size > MOST_RATIO * max(1, part.compress_size)
        ):
            raise _bomb()


def _check_kind(archive: zipfile.ZipFile) -> None:
    names = {name.lower() for name in archive.namelist()}
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise Unusable(_("文件带有宏，请另存为不带宏的 .xlsx 再导入。"), code="macro")
    if "[content_types].xml" in names and "xl/workbook.xml" in names:
        return
    sentences = {
        "xl/workbook.bin": _("这是 .xlsb 文件，请在 Excel 里另存为 .xlsx 再导入。"),
        "word/document.xml": _("这是 Word 文档，请换成 .xlsx 工作簿。"),
        "ppt/presentation.xml": _("这是演示文稿，请换成 .xlsx 工作簿。"),
        "mimetype": _("这是 OpenDocument 文件，请另存为 .xlsx 再导入。"),
    }
    for part, sentence in sentences.items():
        if part in names:
            raise Unusable(sentence, code="wrong_kind")
    raise Unusable(_("这是压缩包，不是工作簿；请解压后选择里面的 .xlsx。"), code="wrong_kind")


def _not_a_zip(head: bytes, path: Path) -> Unusable:
    """Name what the file is instead."""
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _old_office(path)
    if head.startswith(b"%PDF"):
        return Unusable(_("这是 PDF，里面的表格读不出来；请用原来的 .xlsx 工作簿。"), code="wrong_kind")
    if (
        text.startswith((b"<html", b"<!doctype html", b"<table"))
        or b"<table" in text
        or b'progid="excel.sheet"' in text
    ):
        return Unusable(_("这是网页格式的表格，请在 Excel 里打开、另存为 .xlsx 再导入。"), code="wrong_kind")
    if b"\x00" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Unusable(_("这是文本（CSV）文件，请在 Excel 里打开、另存为 .xlsx 再导入。"), code="wrong_kind")
    return Unusable(_("这不是 Excel 工作簿（.xlsx），请换一个文件。"), code="wrong_kind")


def _old_office(path: Path) -> Unusable:
    """Compound files: an encrypted .xlsx hides in one, an old .xls is one."""
    marker = "EncryptedPackage".encode("utf-16-le")
    with path.open("rb") as file:
        before = b""
        while chunk := file.read(MB):
            if marker in before + chunk:
                return Unusable(_("文件加了密码，请先取消密码再导入。"), code="encrypted")
            before = chunk[-len(marker) :]
    return Unusable(_("这是旧格式（.xls）文件，请在 Excel 里另存为 .xlsx 再导入。"), code="old_format")
