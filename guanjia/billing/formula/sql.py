"""A tree as a SQL expression over numeric columns. Numbers come from the parser, names from a fixed list: nothing typed reaches SQL."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .tree import Node


def literal(number: Any) -> str:
    return f"{Decimal(number):f}::numeric"


def to_sql(node: Node, columns: Mapping[str, str], tiers: Sequence[tuple[Decimal | None, Decimal]] = ()) -> str:
    """`columns` gives the SQL of each name. A division by zero gives NULL, which is refused."""
    parts = [to_sql(part, columns, tiers) for part in node.parts]
    match node.kind:
        case "number":
            return literal(node.value)
        case "name":
            return columns[node.value]
        case "neg":
            return f"(-{parts[0]})"
        case "+" | "-" | "*":
            return f"({parts[0]} {node.kind} {parts[1]})"
        case "/":
            return f"({parts[0]} / NULLIF({parts[1]}, 0))"
        case "compare":
            return f"({parts[0]} {node.value} {parts[1]})"
    return _call(node, parts, tiers)


def _call(node: Node, parts: list[str], tiers: Sequence[tuple[Decimal | None, Decimal]]) -> str:
    match node.value:
        case "min" | "max":  # LEAST and GREATEST overlook NULL; a formula must not
            nothing = " OR ".join(f"{part} IS NULL" for part in parts)
            return f"CASE WHEN {nothing} THEN NULL ELSE {'LEAST' if node.value == 'min' else 'GREATEST'}({', '.join(parts)}) END"
        case "round":
            return f"round({parts[0]}, {node.parts[1].value if len(parts) == 2 else 0})"
        case "down":
            return f"floor({parts[0]})"
        case "up":
            return f"ceil({parts[0]})"
        case "share":
            return f"({parts[0]} / NULLIF(sum({parts[0]}) OVER (), 0))"
        case "if":
            return f"(CASE WHEN {parts[0]} THEN {parts[1]} ELSE {parts[2]} END)"
        case "tiers":
            return _tiers(parts[0], tiers)
    raise AssertionError(node.value)


def _tiers(amount: str, tiers: Sequence[tuple[Decimal | None, Decimal]]) -> str:
    steps, floor = [], Decimal(0)
    for upto, price in tiers:
        top = amount if upto is None else f"LEAST({amount}, {literal(upto)})"
        steps.append(f"GREATEST(0, {top} - {literal(floor)}) * {literal(price)}")
        floor = floor if upto is None else upto
    said = " + ".join(steps) or "NULL::numeric"
    return f"(CASE WHEN {amount} IS NULL THEN NULL ELSE {said} END)"
