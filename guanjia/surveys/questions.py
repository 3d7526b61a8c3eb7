"""Checking what was answered against what was asked; the questions of a version as they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from guanjia.tenancy.errors import Refused

from .book import Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST = 60  # questions
WORDS = 500  # characters of an answer
YESNO = ("yes", "no")

Questions = dict[str, Question]


class Unanswered(Refused):
    """What is missing or wrong, by question."""

    def __init__(self, items: dict[str, str]) -> None:
        super().__init__(_("还有题目没有答好。"), code="unanswered")
        self.items = items


def read(kept: Iterable[Any]) -> Questions:
    """The questions of a version or draft, in their order: a list, because jsonb keeps the order of nothing else."""
    return {one["name"]: Question.model_validate({key: dict(value) if key.startswith("choices") else value for key, value in one.items() if key != "name"}) for one in kept}


def kept(questions: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Questions ready to be kept. Raises Refused with the first slip."""
    if not 0 < len(questions) <= MOST:
        raise Refused(_("一份问卷 1 到 %(n)s 题。") % {"n": MOST}, code="questions")
    try:
        found = {name: Question.model_validate(one) for name, one in questions.items()}
    except ValidationError as slip:
        raise Refused(_("有题目没有写完整。"), code="questions") from slip
    return [{"name": name, **{key: list(map(list, value.items())) if isinstance(value, dict) else value for key, value in one.model_dump(exclude_defaults=True).items()}} for name, one in found.items()]


def checked(questions: Questions, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Answers by question: 1–5, a key, a list of keys, words. Raises Unanswered."""
    found: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, question in questions.items():
        try:
            value = _one(question, raw.get(name))
        except ValueError:
            errors[name] = _("这一题的答案看不懂，请重选。")
            continue
        if value in (None, "", []):
            if question.required:
                errors[name] = _("请回答这一题。")
        else:
            found[name] = value
    if errors:
        raise Unanswered(errors)
    if not found:
        raise Unanswered({next(iter(questions)): _("请至少回答一题。")})
    return found


def _one(question: Question, value: Any) -> Any:
    if question.kind == "multiple":
        many = value if isinstance(value, list) else [value] if value else []
        if not all(isinstance(one, str) and one in question.choices for one in many):
            raise ValueError
        return [key for key in question.choices if key in many]
    if isinstance(value, list):
        value = value[-1] if value else ""
    if value in (None, ""):
        return None
    if question.kind == "text":
        return str(value).replace("\x00", "").strip()[:WORDS]
    if question.kind == "scale":
        if str(value) not in ("1", "2", "3", "4", "5"):
            raise ValueError
        return int(value)
    if value not in (question.choices or YESNO):
        raise ValueError
    return value
