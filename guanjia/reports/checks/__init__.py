"""The proofs themselves, noun by noun: each module declares its own when it is imported."""

from __future__ import annotations

import importlib

NOUNS = (
    "zones",
    "homes",
    "tickets",
    "complaints",
    "orders",
    "duties",
    "posts",
    "money",
    "collection",
    "finance",
    "bulletins",
    "staffing",
    "training",
    "keys",
    "decoration",
    "services",
    "moves",
    "gate",
    "lettings",
    "houses",
    "liaison",
    "nearby",
    "quality",
    "surveys",
    "activities",
    "sorting",
    "house",
)


def load() -> None:
    for noun in (*NOUNS, "incentives", "emergencies", "fields"):
        importlib.import_module(f"{__name__}.{noun}")
