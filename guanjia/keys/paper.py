"""Front-desk papers as PDF: what was said, who signed it, and the digest of the words that were signed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia.billing.paper import _fonts

from .models import Autograph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .models import Custody

SHEET = Path(__file__).parent / "paper.typ"


def paper_pdf(
    estate: Any, title: str, facts: Iterable[Any], *, words: Iterable[str] = (), tables: Iterable[dict[str, Any]] = (), signed: Iterable[Any] = (), foot: str = ""
) -> bytes:  # fmt: skip
    """A4. `tables`: {title, heads, rows}; `signed`: (what for, Autograph or None). Words go in as data, never as source."""
    import typst

    said = {
        "title": title, "estate": estate.name, "company": estate.company.name, "hotline": estate.hotline, "facts": [[str(a), str(b)] for a, b in facts],
        "words": [line for text in words for line in str(text).splitlines() if line.strip()], "foot": foot or _("本单由系统生成，与存档一致。"),
        "tables": [{**sheet, "rows": [[str(cell) for cell in row] for row in sheet["rows"]]} for sheet in tables if sheet["rows"]],
        "signed": [_signed(part, row, ZoneInfo(estate.time_zone)) for part, row in signed],
    }  # fmt: skip
    fonts: Any = _fonts()
    content: bytes = typst.compile(
        SHEET, root=SHEET.parent, format="pdf", font_paths=fonts, ignore_system_fonts=True, sys_inputs={"said": json.dumps(said, ensure_ascii=False)}
    )
    return content


def _signed(part: str, row: Autograph | None, zone: ZoneInfo) -> dict[str, Any]:
    if row is None:
        return {"part": part, "name": "", "at": "", "picture": [], "digest": ""}
    return {"part": part, "name": row.name, "at": f"{row.at.astimezone(zone):%Y-%m-%d %H:%M}", "picture": list(bytes(row.picture)), "digest": row.digest}


def custody_pdf(row: Custody) -> bytes:
    """The agreement as it was signed."""
    said, signed = row.paper(), Autograph.objects.under(row)
    facts = [
        (_("钥匙编码"), said["key"]), (_("房号"), said["unit"]), (_("业主"), row.household.name), (_("把数"), said["copies"]),
        (_("保管人"), "、".join(said["keepers"])), (_("状态"), _("已结束") if row.ended_at else _("托管中") if row.signed_at else _("等业主签署")),
    ]  # fmt: skip
    words = [
        said["terms"],
        _("钥匙由上述两名保管人共同保管，任何一次取用都要两人签发，并告知业主。业主可以随时取回。"),
    ]
    parts = [(_("业主签名"), signed.get("owner"))] + ([(_("业主取回签名"), signed.get("back"))] if row.ended_at else [])
    return paper_pdf(row.estate, _("钥匙托管协议"), facts, words=words, signed=parts)
