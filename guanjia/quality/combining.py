"""Several inspections as one score: the mean of each way's, then the ways by their weights (QLT-20)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.events.sentences import listed
from guanjia.tenancy.errors import Refused

from .rubric_book import rubrics_book
from .rubrics import value
from .scoring import mean, must_total, weighted

if TYPE_CHECKING:
    from datetime import datetime

    from .models import Inspection


def weights(estate: Any, at: datetime) -> dict[str, Decimal]:
    """What each way counts at an instant, per cent; 明查 and 暗访 are one way."""
    return {key: Decimal(value(estate, group.weight, at)) for key, group in rubrics_book().groups.items()}


def combined(estate: Any, inspections: list[Inspection], at: datetime) -> tuple[Decimal, list[dict[str, Any]]]:
    """The raw score and its parts. Refused when weights do not make 100 %, or a way that counts was not used."""
    shares = weights(estate, at)
    must_total(shares.values(), _("各检查方式权重"))
    if any(row.score is None or row.estate_id != estate.pk for row in inspections):
        raise Refused(_("只有完成的检查可以计入。"), code="unfinished")
    if any(row.is_hidden for row in inspections):
        raise Refused(_("暗访公开以后才能计入考评。"), code="hidden")
    groups: dict[str, list[Inspection]] = {key: [] for key in shares}
    for row in {row.pk: row for row in inspections}.values():
        groups[rubrics_book().methods[row.method].group].append(row)
    _must_have({key for key, rows in groups.items() if rows}, shares)
    parts = [_part(key, shares[key], groups[key]) for key in shares if shares[key]]
    return weighted(((Decimal(part["weight"]), Decimal(part["score"])) for part in parts), _("各检查方式权重")), parts


def again(estate: Any, parts: list[dict[str, Any]], at: datetime) -> Decimal:
    """What the parts of an assessment come to by the weights as they read here and now. Refused where a way that counts was not used."""
    shares, known = weights(estate, at), {part["group"]: Decimal(part["score"]) for part in parts}
    _must_have(set(known), shares)
    return weighted(((share, known[key]) for key, share in shares.items() if share), _("各检查方式权重"))


def _must_have(used: set[str], shares: dict[str, Decimal]) -> None:
    lacking = [_(rubrics_book().groups[key].title) for key, share in shares.items() if share and key not in used]
    if lacking:
        raise Refused(_("还缺：%(what)s。不用的方式请先把权重设为 0。") % {"what": listed(lacking)}, code="lacking")


def _part(key: str, share: Decimal, rows: list[Inspection]) -> dict[str, Any]:
    found = mean(row.score for row in rows if row.score is not None)
    return {
        "group": key, "title": rubrics_book().groups[key].title, "weight": str(share), "score": str(found),
        "inspections": [{"id": row.pk, "title": row.title, "score": str(row.score)} for row in rows],
    }  # fmt: skip
