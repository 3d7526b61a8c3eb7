"""题库 in and out of a workbook: the export's columns read again; the same code is the same question (TRN-01, TRN-08)."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guanjia.training.book import training_book
from guanjia.training.exporting import BANK, KINDS, bank_sheet
from guanjia.training.models import Question
from guanjia.training.spelling import choices_from, key_from

from .cells import text
from .rowwise import Reader, WrongCell

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from guanjia.people.reach import Reach

    from .rowwise import Said

SHEET = "题库"


class Questions(Reader):
    """One sheet; every row by the verb of the bank."""

    SHEETS = {SHEET: BANK}

    def takes(self) -> dict[str, Callable[[Said], str]]:
        return {SHEET: self.question}

    def words(self, value: Any) -> str:
        """What people read is kept as it was typed: its signs, and its lines, of which each is a choice."""
        got = text(value)
        return value.replace("\x00", "").strip() if isinstance(value, str) else got

    def question(self, said: Said) -> str:
        """created, changed or unchanged. Keys and titles of topics and groups are both understood."""
        book = training_book()
        kind = said.one_of("题型", KINDS.items())
        topic = said.one_of("主题", book.topics.items())
        groups = {words: key for key, entry in book.groups.items() for words in (key, entry.title, _(entry.title))}
        named = [words for words in re.split(r"[、,，;；\s]+", said["岗位组"]) if words]
        if unknown := [words for words in named if words not in groups]:
            raise WrongCell("岗位组", _("没有这个岗位组：%(groups)s") % {"groups": "、".join(unknown)})
        row = {
            "kind": kind, "topic": topic, "groups": [groups[words] for words in named], "stem": said.must("题目"), "choices": choices_from(said["选项"]),
            "key": key_from(kind, said["答案"]), "answer": said["解答"], "source": said["出处"],
            "in_handbook": not said["百问百答"] or said.yes("百问百答"), "in_exams": not said["试卷"] or said.yes("试卷"),
        }  # fmt: skip
        return Question.objects.keep(said.must("编号"), row, by=self.reach, at=self.at)[1]


def write(file: IO[bytes], reach: Reach, at: datetime) -> None:
    """Every question in use, as the sheet is read again."""
    rows = Question.objects.at_estate(reach.estate).live().order_by("topic", "code")
    with bank_sheet(rows) as made:
        file.write(made.read())
