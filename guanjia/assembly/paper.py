"""Papers of an assembly: the blank ballot, the result with its minutes and signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guanjia.keys.models import Autograph
from guanjia.keys.paper import paper_pdf

from .book import assembly_book
from .words import lines

if TYPE_CHECKING:
    from .models import Assembly


def _facts(row: Assembly) -> list[tuple[Any, Any]]:
    zone = ZoneInfo(row.estate.time_zone)
    return [
        (_("业主大会"), row.title), (_("投票时间"), f"{row.begins_at.astimezone(zone):%Y-%m-%d %H:%M} – {row.ends_at.astimezone(zone):%Y-%m-%d %H:%M}"),
        (_("表决名册"), _("%(units)s 套，%(area)s 平方米，%(heads)s 人") % {"units": row.units, "area": row.area, "heads": row.heads}), (_("依据"), str(assembly_book().law)),
    ]  # fmt: skip


def ballot_pdf(row: Assembly) -> bytes:
    """To be filled in by hand and signed."""
    table = {
        "title": _("表决事项"), "heads": [_("序号"), _("议题"), _("要求"), _("同意"), _("反对"), _("弃权")],
        "rows": [[topic.n, f"{topic.title} {topic.words}".strip(), str(topic.share), "□", "□", "□"] for topic in row.topics.order_by("n")],
    }  # fmt: skip
    words = [row.words, _("房号：________　业主签名：________　日期：________"), _("每套房一票，投出不能更改；共有人共同推选一人投票。")]
    return paper_pdf(row.estate, _("业主大会选票"), _facts(row), words=words, tables=[table])


def result_pdf(row: Assembly) -> bytes:
    passed, failed = _("通过"), _("未通过")
    table = {
        "title": _("表决结果"), "heads": [_("序号"), _("议题"), _("要求"), _("同意面积"), _("面积占比"), _("同意人数"), _("人数占比"), _("结果")],
        "rows": [[one["n"], one["title"], one["asks"], one["yes_area"], one["area_share"], one["yes_heads"], one["heads_share"], passed if one["passed"] else failed] for one in lines(row)],
    }  # fmt: skip
    signed = Autograph.objects.at_estate(row.estate_id).filter(subject_type=row.noun, subject_id=row.pk)
    known = {one.part: one for one in signed}
    parts = [(_("记录人"), known.get("recorder")), (_("业主见证人"), known.get("witness"))]
    return paper_pdf(row.estate, _("业主大会会议纪要"), _facts(row), words=[row.minutes], tables=[table], signed=parts)
