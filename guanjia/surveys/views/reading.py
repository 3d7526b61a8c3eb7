"""Small things typed in an address or a form."""

from __future__ import annotations

from datetime import date
from typing import Any


def day_of(text: str, otherwise: date) -> date:
    """`2026-03-12`; nonsense is the other day."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return otherwise
    return day if 2000 <= day.year < 2100 else otherwise


def mark_of(request: Any) -> int:
    """1–5, or 0 for anything else."""
    text = request.POST.get("stars", "")
    return int(text) if text in ("1", "2", "3", "4", "5") else 0
