"""Whether an answer is right: pure, no table. An answer is a list of places, or words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.tenancy.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

MOST_CHOICES = 8
MOST_WORDS = 2000


def checked_key(kind: str, choices: Sequence[str], key: Any) -> list[int]:
    """The right places, in order. Raises Refused for a key that no answer could meet."""
    places = sorted({int(each) for each in key or [] if isinstance(each, int) and not isinstance(each, bool)})
    if kind == "short":
        return []
    if kind == "true_false":
        if places not in ([0], [1]):
            raise Refused(_("判断题的答案写“对”或“错”。"), code="bad_key")
        return places
    if not 2 <= len(choices) <= MOST_CHOICES or len(set(choices)) != len(choices):
        raise Refused(_("选择题要有 2 到 8 个不同的选项。"), code="bad_choices")
    if not places or places[0] < 0 or places[-1] >= len(choices) or (kind == "single" and len(places) != 1) or (kind == "multiple" and len(places) < 2):
        raise Refused(_("答案和选项对不上：单选一个，多选至少两个。"), code="bad_key")
    return places


def read_answer(kind: str, choices: int, raw: Sequence[str]) -> list[int] | str | None:
    """What was sent, as it is kept; None for nothing. Nonsense is nothing."""
    if kind == "short":
        words = "".join(raw[:1]).replace("\x00", "").strip()[:MOST_WORDS]
        return words or None
    most = 2 if kind == "true_false" else choices
    places = sorted({int(each) for each in raw if each.isascii() and each.isdigit() and len(each) < 3 and int(each) < most})
    if not places or (kind != "multiple" and len(places) != 1):
        return None
    return places


def points(kind: str, key: list[int], given: Any, worth: Decimal) -> Decimal | None:
    """Points for an answer: all or nothing; None for words, which a person marks, unless none were written."""
    if kind == "short":
        return worth * 0 if not given else None
    return worth if given == key else worth * 0
