"""The key ledger from a workbook, by its headings: 编码, 类别, 开什么, 存放位置, 把数, 岗位, 房号. A row that cannot be read is named with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.keys.exporting import HEADS
from guanjia.keys.models import Key
from guanjia.people.roles import roles, title_of
from guanjia.staffing.finding import unit_for
from guanjia.tenancy.errors import Refused

from .cells import CellError, text
from .roster import RefusedRow
from .workbook import Workbook

if TYPE_CHECKING:
    from pathlib import Path

MOST = 2_000  # rows


def read(path: Path, *, by: Any) -> tuple[int, list[RefusedRow]]:
    """(how many were registered or put right, rows refused). A code that is known already is put right, never made twice."""
    kept, refused = 0, []
    with Workbook.open(path) as book:
        sheet = next((each for each in book.sheets if not each.hidden), None)
        heads: dict[int, str] = {}
        for number, row in enumerate(book.rows(sheet) if sheet else ()):
            if number > MOST:
                raise Refused(_("行数太多，请拆成几个文件。"), code="too_many")
            try:
                cells = {column: text(value).removesuffix(".0") for column, value in row.cells.items()}
                if not heads:
                    heads = {column: name for column, said in cells.items() for name in HEADS if said in (name, _(name))}
                    if not set(HEADS[:4]) <= set(heads.values()):
                        raise Refused(_("第一行要有“编码、类别、开什么、存放位置”。"), code="no_headings")
                    continue
                said = {name: cells.get(column, "").strip() for column, name in heads.items()}
                if any(said.values()):
                    _keep(said, by)
                    kept += 1
            except (Refused, CellError) as slip:
                if not heads:
                    raise slip if isinstance(slip, Refused) else Refused(str(slip), code="no_headings") from None
                refused.append(RefusedRow(row.number, cells.get(next(iter(heads)), "")[:40], str(slip)))
    if not heads:
        raise Refused(_("第一行要有“编码、类别、开什么、存放位置”。"), code="no_headings")
    return kept, refused


def _keep(said: dict[str, str], by: Any) -> None:
    kinds = {words: value for value, label in Key.Kind.choices for words in (value, str(label))}
    titles = {words: key for key in roles() for words in (key, title_of(key), roles()[key]["title"])}
    known = Key.objects.visible_to(by).live().filter(code=said["编码"].upper()).first()
    kind, role, room = said["类别"], said.get("岗位", "") or (known.role if known else ""), said.get("房号", "")
    copies = said.get("把数", "") or str(known.copies if known else 1)
    if kind not in kinds:
        raise Refused(_("没有这个类别：%(kind)s") % {"kind": kind[:20]})
    if role and role not in titles:
        raise Refused(_("没有这个岗位。"))
    if not (copies.isascii() and copies.isdigit() and len(copies) < 4):
        raise Refused(_("把数要写 1 到 100。"))
    unit = unit_for(by.estate, room) if room else None
    if room and unit is None:
        raise Refused(_("没有找到这个房号。"))
    if known is None:
        Key.objects.register(
            said["编码"], kinds[kind], said["开什么"], said["存放位置"], copies=int(copies), role=titles.get(role, ""), unit=unit, by=by
        )
    else:
        known.amend(opens=said["开什么"], custody=said["存放位置"], copies=int(copies), role=titles.get(role, ""), by=by)
