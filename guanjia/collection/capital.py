"""Amounts in the capital figures that receipts carry: 贰佰叁拾柒元壹角捌分."""

from __future__ import annotations

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = ["", "拾", "佰", "仟"]
GROUPS = ["", "万", "亿", "万亿"]


def capital(amount: Decimal) -> str:
    """Of an amount in yuan, whole cents; below nothing begins with 负."""
    cents = int(abs(amount) * 100)
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    words = f"{_whole(yuan)}元" if yuan else ""
    if not jiao and not fen:
        return ("负" if amount < 0 else "") + (words or "零元") + "整"
    words += f"{DIGITS[jiao]}角" if jiao else ("零" if words else "")
    words += f"{DIGITS[fen]}分" if fen else "整"
    return ("负" if amount < 0 else "") + words


def _whole(number: int) -> str:
    """Group by group of four digits; one 零 for any run of zeros inside."""
    words, gap, group = "", False, 0
    parts = []
    while number:
        number, part = divmod(number, 10_000)
        parts.append(part)
    for group in range(len(parts) - 1, -1, -1):
        part = parts[group]
        if not part:
            gap = bool(words)
            continue
        if words and (gap or part < 1000):
            words += "零"
        words += _group(part) + GROUPS[group]
        gap = False
    return words


def _group(part: int) -> str:
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = part // 10**place % 10
        if digit:
            words += ("零" if gap else "") + DIGITS[digit] + UNITS[place]
            gap = False
        else:
            gap = bool(words)
    return words
