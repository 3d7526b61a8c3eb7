"""A question's key and choices as people write them: A/ABD, 对/错, one choice a line."""

from __future__ import annotations

import re
from typing import Any

RIGHT = {"对", "对的", "正确", "是", "√", "T", "TRUE", "Y"}
WRONG = {"错", "错误", "不对", "否", "×", "X", "F", "FALSE", "N"}


def key_from(kind: str, words: str) -> list[int]:
    """Places from letters (A is the first), or right and wrong. What means nothing is an empty key, which the verb refuses."""
    said = words.strip().upper()
    if kind == "true_false":
        return [1] if said in RIGHT else [0] if said in WRONG else []
    letters = re.sub(r"[\s,，、;；.]", "", said)
    return sorted({ord(letter) - ord("A") for letter in letters}) if letters and all("A" <= letter <= "H" for letter in letters) else []


def key_words(kind: str, key: list[int]) -> str:
    """The reverse."""
    if kind == "true_false":
        return "对" if key == [1] else "错"
    return "".join(chr(ord("A") + place) for place in key)


def choices_from(words: str) -> list[str]:
    """One a line; leading `A.` or `A、` goes."""
    return [re.sub(r"^[A-Ha-h][.、．)）]\s*", "", line.strip()) for line in words.splitlines() if line.strip()]


def as_typed(row: Any) -> dict[str, Any]:
    """A question as its form shows it."""
    return {
        "code": row.code, "kind": row.kind, "topic": row.topic, "groups": row.groups, "stem": row.stem, "choices": "\n".join(row.choices),
        "key": key_words(row.kind, row.key), "answer": row.answer, "source": row.source, "in_handbook": row.in_handbook, "in_exams": row.in_exams,
    }  # fmt: skip
