"""Telephone numbers, identity numbers, names and plates as they come in workbooks. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from .cells import UNKNOWN_WORDS, CellError, text

NO_PHONE = {"18999999999", "13800000000", "11111111111", "00000000000", "0"}
NO_IDENTITY = {"1" * 18, "0" * 18, "1" * 15, "0"}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SCIENCE = re.compile(r"(\d)(?:\.(\d+))?[eE]\+?(\d{1,2})")
_LANDLINE = re.compile(r"0\d{2,3}-?[2-9]\d{6,7}(-\d{1,5})?|[2-9]\d{6,7}|400-?\d{3}-?\d{4}")
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9\u4e00-\u9fff]{5,6}")
PAPER = re.compile(
    r"[A-Z]{1,2}\d{6,10}|\d{8,10}|[\u4e00-\u9fff]字第?\d{4,10}号?"
)  # passports, permits, officers' cards


def digits(value: Any) -> str:
    """The digits of a number cell, also when it shows as 1.99E+10. Raises CellError when digits are lost."""
    got = text(getattr(value, "raw", None) or value).replace(" ", "")
    if match := _SCIENCE.fullmatch(got):
        head, tail, power = match[1], (match[2] or "").rstrip("0"), int(match[3])
        number = head + tail
        if len(number) < power - 3:  # 1.99E+10: what is missing cannot be guessed
            raise CellError(_("号码显示成了科学计数，末几位已丢失；请把格式改为文本后重填。"))
        return number.ljust(power + 1, "0")
    return got.removesuffix(".0")


def phone(value: Any) -> str:
    """A telephone number as +86…; "" when unknown."""
    got = re.sub(r"[\s()]", "", digits(value))
    got = re.sub(r"^(\+86|0086|86(?=1\d{10}$))-?", "", got)
    mobile = re.sub(r"\D", "", got)
    if got.lower() in UNKNOWN_WORDS or mobile in NO_PHONE:
        return ""
    if re.fullmatch(r"1[3-9]\d{9}", mobile) and re.fullmatch(r"[\d-]+", got):
        return f"+86{mobile}"
    if _LANDLINE.fullmatch(got):
        return _landline(got)
    raise CellError(_("不是电话号码（手机应为 11 位），请核对。"))


def _landline(got: str) -> str:
    """028-85551234-12 → +862885551234-12; without an area code it stays local."""
    parts = got.split("-")
    extension = parts.pop() if len(parts) > 1 and len(parts[-1]) <= 5 and not got.startswith("400") else ""
    number = "".join(parts)
    number = f"+86{number.lstrip('0')}" if number.startswith(("0", "400")) else number
    return f"{number}-{extension}" if extension else number


def phones(value: Any) -> list[str]:
    """Several telephone numbers in one cell."""
    if isinstance(value, float):
        found = [phone(value)]
    else:
        found = [phone(part) for part in re.split(r"[,、;/|\n]|\s{1,}", text(value)) if part.strip()]
    return [number for number in found if number]


def check_digit(seventeen: str) -> str:
    """The eighteenth sign of a resident identity number (GB 11643)."""
    return "10X98765432"[sum(int(sign) * weight for sign, weight in zip(seventeen, _WEIGHTS, strict=True)) % 11]


def identity(value: Any) -> str:
    """An identity number, "" when unknown. A wrong one is dropped, never the person (decided in docs of this folder)."""
    got = digits(value).upper().replace("-", "") if isinstance(value, float) else text(value).upper().replace(" ", "")
    if got.lower() in UNKNOWN_WORDS or got in NO_IDENTITY:
        return ""
    if re.fullmatch(r"\d{17}[\dX]", got):
        if isinstance(value, float) and got[17] != check_digit(got[:17]):
            raise CellError(_("身份证号被 Excel 存成了数字，末几位已丢失，请把格式改为文本后重填。"))
        if not _birthday(got[6:14]) or got[17] != check_digit(got[:17]):
            raise CellError(_("身份证号校验不对，请核对每一位。"))
        return got
    if (re.fullmatch(r"\d{15}", got) and _birthday("19" + got[6:12])) or PAPER.fullmatch(got):
        return got
    raise CellError(_("不是有效的证件号（身份证应为 18 位），请核对。"))


def _birthday(eight: str) -> bool:
    try:
        return date(1880, 1, 1) <= date(int(eight[:4]), int(eight[4:6]), int(eight[6:])) <= date(2100, 1, 1)
    except ValueError:
        return False


def born(identity_number: str) -> int | None:
    """The year of birth an identity number tells."""
    if len(identity_number) == 18:
        return int(identity_number[6:10])
    return 1900 + int(identity_number[6:8]) if re.fullmatch(r"\d{15}", identity_number) else None


def plate(value: Any) -> str:
    """A number plate in capitals without dots; "" when none."""
    got = re.sub(r"[\s·.•・-]", "", text(value)).upper()
    if got.lower() in UNKNOWN_WORDS:
        return ""
    if "\u4e00" <= got[0] <= "\u9fff" and not _PLATE.fullmatch(got):
        raise CellError(_("不像车牌号（应为 7 或 8 位），请核对。"))
    if not re.fullmatch(r"[\w\u4e00-\u9fff]{4,12}", got):
        raise CellError(_("不像车牌号（应为 7 或 8 位），请核对。"))
    return got


def names(value: Any) -> list[str]:
    """Several owners in one cell: 张三、李四. Each at most 60 characters."""
    found = [part.strip() for part in re.split(r"[、,;/\n]", text(value)) if part.strip()]
    found = [name for name in dict.fromkeys(found) if name.lower() not in UNKNOWN_WORDS]
    for name in found:
        if len(name) > 60:
            raise CellError(_("姓名超过 60 个字，请缩短。"))
    return found
