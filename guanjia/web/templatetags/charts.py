"""A chart's numbers as a table: what `c-chart` puts beside the drawing for who does not see it (issue 6)."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _

register = template.Library()


def _targets(data: dict[str, Any]) -> list[Any]:
    """The lines drawn across, each once."""
    found = [one["target"] for one in data.get("series", []) if one.get("target") is not None]
    return list(dict.fromkeys([*found, *([data["target"]] if data.get("target") is not None else [])]))


@register.filter
def chart_heads(data: dict[str, Any]) -> list[str]:
    """Series with their unit, then the targets; of a heat map its columns."""
    if data.get("kind") == "heat":
        return [str(name) for name in data["columns"]]
    unit = data.get("unit", "")
    heads = []
    for one in data.get("series", []):
        sign = "%" if one.get("percent") else unit
        heads.append(f"{one['name']} {sign}".strip() if sign and sign not in one["name"] else str(one["name"]))
    return heads + [str(data.get("targetWords") or _("目标")) for _target in _targets(data)]


@register.filter
def chart_rows(data: dict[str, Any]) -> list[tuple[str, list[Any]]]:
    """(name, its values) in the order they are drawn. None: nothing is drawn there."""
    if data.get("kind") == "heat":
        cells = {(row, column): value for column, row, value in data["cells"]}
        return [(str(name), [cells.get((row, column)) for column in range(len(data["columns"]))]) for row, name in enumerate(data["names"])]
    if data.get("kind") == "ring":
        return [(str(one["name"]), [one["values"][0]]) for one in data["series"]]
    series, targets = data.get("series", []), _targets(data)
    return [(str(name), [*(one["values"][n] if n < len(one["values"]) else None for one in series), *targets]) for n, name in enumerate(data.get("names", []))]
