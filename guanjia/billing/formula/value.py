"""A tree worked out in exact decimals: the example beside the box, and the witness of what SQL says."""

from __future__ import annotations

import operator
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .tree import Node

COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
SHOWN = {"*": "×", "/": "÷", "+": "＋", "-": "－"}


def evaluate(
    node: Node,
    values: Mapping[str, Decimal | None],
    tiers: Sequence[tuple[Decimal | None, Decimal]] = (),
    everybody: Sequence[Mapping[str, Decimal | None]] = (),
) -> Any:
    """The number (a truth for a comparison); None where a value is missing or a divisor is zero.

    `everybody` are the values of all units that pay the fee: what `share` is a share of. Alone, a unit bears all.
    """
    if node.kind == "number":
        return node.number
    if node.kind == "name":
        return values.get(node.value)
    if node.value == "share":
        return _share(node, values, everybody or [values])
    parts = [evaluate(part, values, tiers, everybody) for part in node.parts]
    if node.value == "if" and node.kind == "call":
        return parts[1] if parts[0] else parts[2]
    if any(part is None for part in parts):
        return None
    if node.kind == "compare":
        return COMPARE[node.value](*parts)
    return _call(node, parts, tiers) if node.kind == "call" else _sign(node.kind, parts)


def _sign(kind: str, parts: list[Decimal]) -> Decimal | None:
    match kind:
        case "neg":
            return -parts[0]
        case "+":
            return parts[0] + parts[1]
        case "-":
            return parts[0] - parts[1]
        case "*":
            return parts[0] * parts[1]
    return parts[0] / parts[1] if parts[1] else None


def _call(node: Node, parts: list[Decimal], tiers: Sequence[tuple[Decimal | None, Decimal]]) -> Decimal | None:
    match node.value:
        case "min":
            return min(parts)
        case "max":
            return max(parts)
        case "round":
            return parts[0].quantize(Decimal(1).scaleb(-int(parts[1]) if len(parts) == 2 else 0), ROUND_HALF_UP)
        case "down":
            return parts[0].to_integral_value(ROUND_FLOOR)
        case "up":
            return parts[0].to_integral_value(ROUND_CEILING)
    return _tiers(parts[0], tiers)


def _tiers(amount: Decimal, tiers: Sequence[tuple[Decimal | None, Decimal]]) -> Decimal | None:
    total, floor = Decimal(0), Decimal(0)
    for upto, price in tiers:
        top = amount if upto is None else min(amount, upto)
        total += max(Decimal(0), top - floor) * price
        floor = floor if upto is None else upto
    return total if tiers else None


def _share(
    node: Node, values: Mapping[str, Decimal | None], everybody: Sequence[Mapping[str, Decimal | None]]
) -> Decimal | None:
    own = evaluate(node.parts[0], values)
    total = sum((part for each in everybody if (part := evaluate(node.parts[0], each)) is not None), Decimal(0))
    return own / total if own is not None and total else None


def explain(node: Node, values: Mapping[str, Any], tiers: Sequence[tuple[Decimal | None, Decimal]] = ()) -> str:
    """The formula with its numbers in place: 89.50 × 2.65 ＋ 8. Nothing added is not said; tiers are spelt out."""
    from .tree import FUNCTIONS

    if node.kind == "number":
        return node.value
    if node.kind == "name":
        value = values.get(node.value)
        return "？" if value is None else f"{Decimal(str(value)).normalize():f}"
    if node.value == "tiers" and tiers:
        return _spelt(evaluate(node.parts[0], {name: _number(value) for name, value in values.items()}), tiers)
    parts = [explain(part, values, tiers) for part in node.parts]
    if node.kind == "+" and parts[1] == "0":
        return parts[0]
    if node.kind == "call":
        return f"{FUNCTIONS[node.value][0]}（{'，'.join(parts)}）"
    if node.kind == "neg":
        return f"－{parts[0]}"
    if node.kind == "-" and " ＋ " in parts[1]:
        parts[1] = f"（{parts[1]}）"
    if node.kind in ("*", "/"):
        parts = [
            f"（{said}）" if part.kind in ("+", "-") else said for part, said in zip(node.parts, parts, strict=True)
        ]
    return f"{parts[0]} {SHOWN.get(node.value, node.value)} {parts[1]}"


def _number(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None


def _spelt(amount: Decimal | None, tiers: Sequence[tuple[Decimal | None, Decimal]]) -> str:
    """10 × 3.1 ＋ 2 × 4.3."""
    if amount is None:
        return "？"
    found, floor = [], Decimal(0)
    for upto, price in tiers:
        part = (amount if upto is None else min(amount, upto)) - floor
        if part > 0:
            found.append(f"{part.normalize():f} × {price.normalize():f}")
        floor = floor if upto is None else upto
    return " ＋ ".join(found) or "0"
