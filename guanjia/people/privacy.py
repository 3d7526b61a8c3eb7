"""What of a person is shown by default, and how the rest is read: with a permission, a reason and a trace (HSE-14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanjia import clock
from guanjia.events.actions import Action
from guanjia.events.models import Event
from guanjia.events.sentences import kept
from guanjia.tenancy.errors import Refused
from guanjia.tenancy.verbs import verb

if TYPE_CHECKING:
    from datetime import datetime

LONG_SURNAMES = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "令狐",
    "慕容",
    "端木",
    "司徒",
    "夏侯",
    "长孙",
)
READABLE = {"phone": gettext_lazy("手机号"), "identity": gettext_lazy("证件号"), "name": gettext_lazy("姓名")}


def mask_phone(phone: str | None) -> str:
    """`+8613800138000` → `138****8000`; any other number keeps its last four."""
    digits = "".join(sign for sign in phone or "" if sign.isdigit())
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-4:]}" if len(digits) >= 7 else "*" * len(digits)


def mask_identity(identity: str | None) -> str:
    """`510101199001011234` → `5****************4`: no birthday, no district."""
    plain = (identity or "").strip()
    return f"{plain[0]}{'*' * (len(plain) - 2)}{plain[-1]}" if len(plain) > 4 else "*" * len(plain)


def mask_name(name: str | None) -> str:
    """`梅长苏` → `梅**`, `欧阳锋` → `欧阳*`; a name of one sign is hidden whole."""
    plain = (name or "").strip()
    kept = 2 if plain[:2] in LONG_SURNAMES and len(plain) > 2 else 1
    return plain[:kept] + "*" * (len(plain) - kept) if len(plain) > 1 else "*" * len(plain)


def unmask(member: Any, field: str, why: str, by: Any, at: datetime | None = None) -> str:
    """The clear value of one field of a household member, noted with reader and reason in the same transaction.

    `by` is a Reach with `household.unmask`; the caller fetched the member through it. Raises Refused.
    """
    by.must("household.unmask")
    if field not in READABLE or by.estate.pk != member.estate_id:
        raise Refused(_("没有这一项。"), code="unknown_field")
    if len(why.strip()) < 2:
        raise Refused(_("请写明为什么要查看。"), code="why_missing")
    return str(_read(member, field, why.strip()[:300], by, at or clock.now()))


@verb
def _read(member: Any, field: str, why: str, by: Any, at: datetime) -> str:
    what = f"{mask_name(member.name)} {kept(READABLE[field])}"
    Event.objects.record(Action.PERSONAL_DATA_READ, member, by=by, at=at, told=False, what=what, field=field, why=why)
    return str(getattr(member, field))
