"""Small registers from a workbook, line by line through their verbs: spaces to let, suppliers. A row that cannot be kept is named with its reason."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from guanjia.lettings.exporting import HEADS as SPACE_HEADS
from guanjia.lettings.models import Space
from guanjia.lettings.models.space import Kind
from guanjia.nearby.exporting import HEADS as NEARBY_HEADS
from guanjia.nearby.models import Facility
from guanjia.nearby.models import Kind as Near
from guanjia.services.book import services_book
from guanjia.services.models import Supplier
from guanjia.services.supplier_book import HEADS as SUPPLIER_HEADS
from guanjia.tenancy.errors import Refused

from .cells import CellError, text
from .roster import RefusedRow
from .workbook import Workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOST = 5_000  # rows


def read(path: Path, heads: tuple[str, ...], needed: int, keep: Callable[[dict[str, str]], Any], *, dry: bool = False) -> tuple[int, list[RefusedRow]]:
    """(how many were kept, rows refused). The first `needed` headings must be there; each row stands by itself.

    `dry`: everything is tried, row upon row, and nothing of it stays.
    """
    with transaction.atomic():
        answer = _read(path, heads, needed, keep)
        transaction.set_rollback(dry)
    return answer


def _read(path: Path, heads: tuple[str, ...], needed: int, keep: Callable[[dict[str, str]], Any]) -> tuple[int, list[RefusedRow]]:
    kept, refused = 0, []
    known: dict[int, str] = {}
    missing = Refused(_("第一行要有“%(heads)s”。") % {"heads": "、".join(_(head) for head in heads[:needed])}, code="no_headings")
    with Workbook.open(path) as book:
        sheet = next((each for each in book.sheets if not each.hidden), None)
        for number, row in enumerate(book.rows(sheet) if sheet else ()):
            if number > MOST:
                raise Refused(_("行数太多，请拆成几个文件。"), code="too_many")
            try:
                cells = {column: text(value) for column, value in row.cells.items()}
                if not known:
                    known = {column: name for column, said in cells.items() for name in heads if said in (name, _(name))}
                    if not set(heads[:needed]) <= set(known.values()):
                        raise missing
                    continue
                said = {name: cells.get(column, "").strip() for column, name in known.items()}
                if any(said.values()):
                    with transaction.atomic():
                        keep(said)
                    kept += 1
            except (Refused, CellError) as slip:
                if not known:
                    raise missing from None
                refused.append(RefusedRow(row.number, cells.get(next(iter(known)), "")[:40], str(slip)))
    if not known:
        raise missing
    return kept, refused


def number_of(words: str) -> Decimal:
    try:
        found = Decimal(words or "0")
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise Refused(_("不是数字：%(words)s") % {"words": words[:20]})
    return found


def spaces(path: Path, *, by: Any, dry: bool = False) -> tuple[int, list[RefusedRow]]:
    """类别, 编号, 图纸编号, 位置, 面积, 月租金; a known code is put right."""
    kinds = {words: value for value, label in Kind.choices for words in (value, str(label))}

    def keep(said: dict[str, str]) -> None:
        Space.objects.keep(
            by.estate, kinds.get(said["类别"], ""), said["编号"].removesuffix(".0"), number_of(said.get("月租金", "")), plan=said.get("图纸编号", "").removesuffix(".0"),
            where=said.get("位置", ""), area=number_of(said.get("面积", "")), by=by,
        )  # fmt: skip

    return read(path, SPACE_HEADS, 2, keep, dry=dry)


def suppliers(path: Path, *, by: Any, dry: bool = False) -> tuple[int, list[RefusedRow]]:
    """名称, 联系人, 电话, 地址, 统一社会信用代码, 服务项目; a known name is put right. Each is vetted before it may be ordered."""
    titles = {words: key for key, item in services_book().items.items() for words in (key, item.title, _(item.title))}

    def keep(said: dict[str, str]) -> None:
        names = [words.strip() for words in said.get("服务项目", "").replace("，", "、").replace(",", "、").split("、") if words.strip()]
        if unknown := [words for words in names if words not in titles]:
            raise Refused(_("目录里没有：%(items)s") % {"items": "、".join(unknown)[:60]})
        more = {"contact": said.get("联系人", ""), "address": said.get("地址", ""), "licence": said.get("统一社会信用代码", ""), "by": by}
        items, phone = [titles[words] for words in names], said.get("电话", "").removesuffix(".0")
        known = Supplier.objects.visible_to(by).filter(name=said["名称"]).first()
        if known is None:
            Supplier.objects.register(by.estate, said["名称"], phone, items, **more)
        else:
            known.amend(phone, items, **more)

    return read(path, SUPPLIER_HEADS, 1, keep, dry=dry)


def nearby(path: Path, *, by: Any, dry: bool = False) -> tuple[int, list[RefusedRow]]:
    """类别, 名称, 电话, 地址, 营业时间, 价格, 说明; a known name is put right. What is read in counts as verified."""
    kinds = {words: value for value, label in Near.choices for words in (value, str(label))}

    fields = {"电话": "phone", "地址": "address", "营业时间": "hours", "价格": "price", "说明": "words"}

    def keep(said: dict[str, str]) -> None:
        more: dict[str, Any] = {field: said[head].removesuffix(".0") for head, field in fields.items() if head in said}
        Facility.objects.keep(by.estate, kinds.get(said["类别"], ""), said["名称"], by=by, **more)

    return read(path, NEARBY_HEADS, 2, keep, dry=dry)
