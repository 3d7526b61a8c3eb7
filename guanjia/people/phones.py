"""Telephone numbers as people type them, and as they are kept."""

from __future__ import annotations

import re
import unicodedata

MAINLAND = re.compile(r"1[3-9]\d{9}")
ABROAD = re.compile(r"\+[1-9]\d{6,14}")


def e164(typed: str) -> str:
    """`138 0013 8000`, `+86-13800138000`, `０`-width digits → `+8613800138000`. ValueError for what is no mobile number."""
    plain = re.sub(r"[\s\-()·.]", "", unicodedata.normalize("NFKC", typed or ""))
    plain = re.sub(r"^(\+?86|0086)(?=1[3-9]\d{9}$)", "", plain)
    if MAINLAND.fullmatch(plain):
        return f"+86{plain}"
    if ABROAD.fullmatch(plain) and not plain.startswith("+86"):
        return plain
    raise ValueError(typed)


def spellings(phone: str) -> list[str]:
    """The ways a register may have written an E.164 number."""
    return [phone, phone.removeprefix("+86"), phone.removeprefix("+")] if phone.startswith("+86") else [phone]
