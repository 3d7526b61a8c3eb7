"""A room in any spelling: 3-2-501, 3栋2单元501, 3#501, ３－２－５０１, 3幢二单元501室, 501, 32501. Pure.

A unit's code is building-entrance-room (3-2-501, a shop 3-0-101). `keys_of` says under which keys a unit is found,
`guess` which keys a person may have meant.
"""

from __future__ import annotations

import re

_NUMERALS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_DASHES = re.compile(r"[‐-―−－~～—–_]")
_NUMERAL_RUN = re.compile(r"[零〇一二两三四五六七八九十百]+(?=号楼|号院|栋|幢|座|楼|单元|单|梯|门|层|室|房|号|$)")
_BUILDING = re.compile(r"(.+?)(?:号楼|号院|楼栋|栋|幢|座|号|#|楼)$")
_ENTRANCE = re.compile(r"(.+?)(?:单元|单|门栋|梯|门)$")
_ROOM = re.compile(r"(.+?)(?:号房|房间|室|房|号|户)$")
_SPELLED = re.compile(
    r"(?P<building>[0-9a-z甲乙丙丁东南西北中]{1,12}?)(?:号楼|号院|栋|幢|座|楼|#)-?"
    r"(?:(?P<entrance>[0-9a-z甲乙丙丁东南西北中]{1,8}?)(?:单元|单|梯|门|-))?"
    r"-?(?:(?P<room>[0-9a-z][0-9a-z-]{0,14})(?:室|房|号|户)?)?",
    re.I,
)
_INNER = re.compile(r"(?P<entrance>[0-9a-z甲乙丙丁]{1,8})单元-?(?P<room>[0-9a-z]{1,8})?(?:室|房|号)?", re.I)
_BARE = re.compile(r"[0-9a-z]{1,12}(?:-[0-9a-z]{1,8}){0,3}-?", re.I)


def half_width(words: str) -> str:
    """Full-width letters, digits and spaces as plain ones."""
    return words.translate(_WIDE)


def tidy(words: str) -> str:
    """Half-width, one kind of dash, no spaces, Chinese numerals before 栋, 单元, 室 … as digits."""
    flat = re.sub(r"\s*-\s*", "-", _DASHES.sub("-", half_width(words)).strip())
    flat = re.sub(r"\s+(?=[栋幢座楼单号室房#])|(?<=[栋幢座楼元号室房#])\s+", "", flat)
    flat = re.sub(r"\s+", "-", flat)
    return _NUMERAL_RUN.sub(lambda match: str(_value(match[0])), flat)


def _value(run: str) -> int | str:
    """十二 → 12, 五〇一 → 501, 一百零二 → 102."""
    if "十" not in run and "百" not in run:
        return "".join(str(_NUMERALS[sign]) for sign in run)
    total = part = 0
    for sign in run:
        if sign in "十百":
            total += (part or 1) * (10 if sign == "十" else 100)
            part = 0
        else:
            part = _NUMERALS[sign]
    return total + part


def building_number(words: str) -> str:
    """`3号楼`, `三栋`, `3#` → `3`; `A座` → `A`."""
    return _part(words, _BUILDING)


def entrance_number(words: str) -> str:
    """`二单元` → `2`."""
    return _part(words, _ENTRANCE)


def room_number(words: str) -> str:
    """`501室` → `501`."""
    return _part(words, _ROOM)


def _part(words: str, marks: re.Pattern[str]) -> str:
    flat = tidy(words)
    match = marks.fullmatch(flat)
    got = (match[1] if match else flat).strip("-").upper()
    return str(int(got)) if got.isascii() and got.isdigit() and marks is not _ROOM else got


def split(words: str) -> tuple[str, str, str] | None:
    """A room written in full, as building, entrance (`0` when there is none) and room; else None."""
    flat = tidy(words)
    if (match := _SPELLED.fullmatch(flat)) and match["room"]:
        entrance, room = match["entrance"], match["room"]
        if not entrance and "-" in room:
            entrance, _dash, room = room.partition("-")
        return building_number(match["building"]), entrance_number(entrance or "0"), room_number(room)
    parts = flat.split("-", 2)
    if len(parts) == 3 and all(parts):
        return building_number(parts[0]), entrance_number(parts[1]), room_number(parts[2])
    return None


def code_of(building: str, entrance: str, room: str) -> str:
    """The unit's code."""
    return f"{building}-{entrance or '0'}-{room}"


def keys_of(code: str) -> list[str]:
    """The keys a unit is found under: 3-2-501, 3-501, 501 and 32501."""
    parts = code.lower().split("-", 2)
    if len(parts) < 3:
        return [code.lower()]
    building, entrance, room = parts
    keys = [f"{building}-{entrance}-{room}", f"{building}-{room}", room, f"{building}{entrance}{room}"]
    return list(dict.fromkeys(keys))


def guess(words: str) -> list[str]:
    """The keys a person may have meant, likeliest first; empty when it is no room. Beginnings count: `3-2-5`."""
    flat = tidy(words).lower()
    if not any(sign.isdigit() for sign in flat):
        return []
    if _BARE.fullmatch(flat):
        return [_plain_numbers(flat)]
    if match := _SPELLED.fullmatch(flat):
        building, entrance, room = (match[name] or "" for name in ("building", "entrance", "room"))
        building = building_number(building).lower()
        if entrance:
            return [f"{building}-{entrance_number(entrance).lower()}-{room}"]
        return [f"{building}-{room}"]
    if match := _INNER.fullmatch(flat):
        return [match["room"]] if match["room"] else []
    if (match := _ROOM.fullmatch(flat)) and _BARE.fullmatch(match[1]):
        return [match[1]]
    return []


def _plain_numbers(flat: str) -> str:
    """03-02-501 → 3-2-501; the room keeps its zeros."""
    *front, room = flat.split("-")
    return "-".join([str(int(part)) if part.isdigit() else part for part in front] + [room])
