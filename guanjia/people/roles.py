"""Roles as data: `rulebooks/roles.yaml` says what each is called, may do, how far it sees and whom it answers to."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

FILE = Path(__file__).resolve().parents[2] / "rulebooks" / "roles.yaml"
REACHES = ("own", "zone", "estate")
_NEEDED = {"title", "title_en", "number", "reports_to", "reach", "may"}
_KNOWN = _NEEDED | {"falls_to", "stood_in_by", "sites"}


class Role(StrEnum):
    """The posts the code names; every other post of requirements §2 stands in the file alone."""

    STEWARD = "steward"
    ASSISTANT_STEWARD = "assistant_steward"
    REPAIRER = "repairer"
    CLEANER = "cleaner"
    ORDER_KEEPER = "order_keeper"
    ORDER_LEADER = "order_leader"
    DISPATCHER = "dispatcher"
    FRONT_DESK = "front_desk"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    CASHIER = "cashier"
    QUALITY = "quality"
    COMPANY_QUALITY = "company_quality"
    COMPANY_ADMIN = "company_admin"


@cache
def roles() -> dict[str, Any]:
    """Role → its entry of the file; checked at load so a slip fails at start."""
    book: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["roles"]
    if lacking := set(Role) - set(book):
        raise ValueError(f"{FILE.name}: lacks {sorted(lacking)}")
    for key, entry in book.items():
        if wrong := (_NEEDED - set(entry)) | (set(entry) - _KNOWN):
            raise ValueError(f"{FILE.name}: {key}: {sorted(wrong)} missing or unknown")
        if entry["reach"] not in REACHES:
            raise ValueError(f"{FILE.name}: {key}: reach is one of {', '.join(REACHES)}")
        if unknown := {*entry["reports_to"], *entry.get("stood_in_by", ()), entry.get("falls_to", key)} - set(book):
            raise ValueError(f"{FILE.name}: {key}: no such role {sorted(unknown)}")
    return book


def known_role(key: str) -> None:
    """Validator of a post's role; ValidationError for one the file does not have."""
    if key not in roles():
        raise ValidationError(gettext("没有这个岗位。"), code="no_such_role")


def title_of(role: str) -> str:
    """What people call a role, in the reader's language."""
    return gettext(roles()[role]["title"])


@cache
def permissions_of(role: str) -> frozenset[str]:
    """Everything a role may do."""
    return frozenset(roles()[role]["may"])


@cache
def fallbacks(role: str) -> tuple[str, ...]:
    """Who does its work, nearest first, where nobody holds the post; the last is the manager (or nobody, for the manager)."""
    chain: list[str] = []
    while role := roles()[role].get("falls_to", ""):
        chain.append(role)
    return tuple(chain)


@cache
def stand_ins(role: str) -> tuple[str, ...]:
    """The posts that take over when its holder is away, nearest first, and then those that stand in for them."""
    chain: list[str] = []
    waiting = list(roles()[role].get("stood_in_by", ()))
    while waiting:
        if (near := waiting.pop(0)) not in (role, *chain):
            chain.append(near)
            waiting += roles()[near].get("stood_in_by", ())
    return tuple(chain)


@cache
def works_as(role: str) -> str:
    """The post the code names that does this one's work: itself, or the first it falls to (a plumber is a repairer)."""
    return next(key for key in (role, *fallbacks(role)) if key in set(Role))


@cache
def working_as(*named: str) -> frozenset[str]:
    """Every role that works as one of these: for lists of people."""
    return frozenset(key for key in roles() if works_as(key) in named)
