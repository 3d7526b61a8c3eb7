"""Roles as data: `rulebooks/roles.yaml` says what each may do and how far it sees."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import models
from django.utils.translation import gettext_lazy as _

FILE = Path(__file__).resolve().parents[2] / "rulebooks" / "roles.yaml"


class Role(models.TextChoices):
    """The posts of the sources that work with reports (requirements §2); issue 4 brings the rest."""

    STEWARD = "steward", _("片区管家")
    ASSISTANT_STEWARD = "assistant_steward", _("助理管家")
    REPAIRER = "repairer", _("维修工")
    CLEANER = "cleaner", _("保洁员")
    ORDER_KEEPER = "order_keeper", _("秩序员")
    ORDER_LEADER = "order_leader", _("秩序班长")
    DISPATCHER = "dispatcher", _("调度员")
    FRONT_DESK = "front_desk", _("前台")
    SUPERVISOR = "supervisor", _("专业主管")
    MANAGER = "manager", _("项目经理")
    CASHIER = "cashier", _("收银员")
    QUALITY = "quality", _("品质专员")
    COMPANY_QUALITY = "company_quality", _("公司品质部")
    COMPANY_ADMIN = "company_admin", _("公司管理员")


@cache
def roles() -> dict[str, Any]:
    """Role → {reach: own|zone|estate, may: [permission, …]}; checked at load so a slip fails at start."""
    book: dict[str, Any] = yaml.safe_load(FILE.read_text())["roles"]
    if unknown := set(book) ^ set(Role.values):
        raise ValueError(f"{FILE.name}: roles differ from Role: {sorted(unknown)}")
    return book


@cache
def permissions_of(role: str) -> frozenset[str]:
    """Everything a role may do."""
    return frozenset(roles()[role]["may"])
