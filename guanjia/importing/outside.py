"""外联单位名录 from a workbook, line by line (F-68)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from guanjia.liaison.exporting import HEADS as CONTACT_HEADS
from guanjia.liaison.models import Contact
from guanjia.liaison.models.contact import Kind

from .lines import read

if TYPE_CHECKING:
    from pathlib import Path

    from .roster import RefusedRow

__all__ = ["CONTACT_HEADS", "contacts"]


def contacts(path: Path, *, by: Any, dry: bool = False) -> tuple[int, list[RefusedRow]]:
    """类别, 单位, 联系人, 电话, 地址, 事项; a known name is put right."""
    kinds = {words: value for value, label in Kind.choices for words in (value, str(label))}
    fields = {"联系人": "person", "电话": "phone", "地址": "address", "事项": "words"}

    def keep(said: dict[str, str]) -> None:
        more: dict[str, Any] = {field: said[head].removesuffix(".0") for head, field in fields.items() if head in said}
        Contact.objects.keep(by.estate, kinds.get(said["类别"], ""), said["单位"], by=by, **more)

    return read(path, CONTACT_HEADS, 2, keep, dry=dry)
