"""A bill explained line by line: what was charged, by which formula, with which figures, what was paid since."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from .formula import FormulaError, explain, parse
from .kinds import Method
from .models import Bill, BillLine

if TYPE_CHECKING:
    from datetime import date

METHODS = dict(Method.choices)


def statement(bill: Bill, on: date) -> dict[str, Any]:
    """{"lines": […], "owed", "earlier"}: the bill as of a business date, and what the payer owed before it."""
    rows: Any = (
        bill.lines.filter(estate_id=bill.estate_id)
        .select_related("fee", "tariff")
        .order_by("fee__number", "pk")
        .with_owed(on)
    )
    lines = [{"line": line, "why": explained(line), "days": days(line), "owed": line.owed} for line in rows]
    before: Any = (
        BillLine.objects.at_estate(bill.estate_id)
        .filter(bill__account_id=bill.account_id, bill__period__lt=bill.period, live=True)
        .with_owed(on)
    )
    return {
        "lines": lines, "owed": sum((line["owed"] for line in lines), Decimal(0)), "earlier": sum((line.owed for line in before), Decimal(0)),
        "payer": bill.household.name if bill.household else _("建设单位"), "on": on,
    }  # fmt: skip


def ladder(tariff: Any) -> list[tuple[Decimal | None, Decimal]]:
    """A price version's tiers as numbers."""
    return [
        (None if top is None else Decimal(top), Decimal(str(price))) for top, price in (tariff.tiers if tariff else [])
    ]


def days(line: BillLine) -> str:
    """1月1日–3月31日, and the days charged where they are not all."""
    from datetime import timedelta

    last = line.until - timedelta(days=1)
    words = f"{line.period:%Y-%m-%d} – {last:%Y-%m-%d}"
    charged, of = line.inputs.get("days"), line.inputs.get("of")
    return (
        words
        if not charged or charged == of
        else _("%(words)s，计 %(days)d 天（共 %(of)d 天）") % {"words": words, "days": charged, "of": of}
    )


def explained(line: BillLine) -> str:
    """The formula with its figures, in one sentence a resident can check with a pocket calculator."""
    given = line.inputs
    if "method" in given or "shares" in given:
        return "；".join(_share(part) for part in given.get("shares", [given]))
    try:
        tree = parse(line.formula)
    except FormulaError:
        return line.formula
    if "segments" in given:
        parts = [_part(tree, given, part) for part in given["segments"] if part["factor"]]
        words = " ＋ ".join(parts)
    else:
        words = explain(tree, given, ladder(line.tariff))
        factor = given.get("factor", 1)
        if factor != 1:
            words = (
                _("（%(words)s）× %(factor)s 个月") % {"words": words, "factor": _plain(factor)}
                if " " in words
                else _("%(words)s × %(factor)s 个月") % {"words": words, "factor": _plain(factor)}
            )
    if given.get("off"):
        words = _("%(words)s，减免 %(off)s%%") % {"words": words, "off": _plain(given["off"])}
    return words


def _part(tree: Any, given: dict[str, Any], part: dict[str, Any]) -> str:
    return _("（%(words)s）× %(factor)s 个月（%(since)s 起）") % {
        "words": explain(tree, given | part),
        "factor": _plain(part["factor"]),
        "since": part["from"],
    }


def _share(part: dict[str, Any]) -> str:
    method, of = (
        METHODS.get(part["method"], part["method"]),
        part["of"],
    )  # weights count days; a whole period counts one
    return _("公摊 %(total)s 元，%(method)s：本户 %(own)s / 全部 %(all)s") % {
        "total": part["total"],
        "method": method,
        "own": _share_of(part["weight"], of),
        "all": _share_of(part["weights"], of),
    }


def _share_of(weight: Any, days: int) -> str:
    return _plain((Decimal(str(weight)) / days).quantize(Decimal("0.01")))


def _plain(number: Any) -> str:
    return f"{Decimal(str(number)).normalize():f}"
