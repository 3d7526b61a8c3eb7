"""The catalogues are complete and say the same in every language (habit 8 of docs/development.md)."""

from __future__ import annotations

import re
from collections import Counter

import polib
import pytest

from guanjia.operations.words import FOLDER, LANGUAGES, Message, messages

pytest.importorskip("babel")  # extraction is for developers

# %(name)s, %(n)02d, %s, %%, {name} and HTML tags; how wide a number is printed may differ.
GAP = re.compile(
    r"%\((?P<named>\w+)\)[-0-9.]*(?P<kind>[sdf])|%(?P<bare>[sdf%])|\{(?P<braced>\w*)\}|(?P<tag></?[a-z]\w*[^>]*>)"
)
# Characters, and the full-width signs that go with them.
CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff]+")
# Chinese that English keeps, because the reader must find or type exactly this in the workbook.
KEPT = {
    **dict.fromkeys(("业主信息", "楼栋单元", "费用设置"), "names of sheets"),
    **dict.fromkeys(("住宅", "办公", "商铺", "有", "无", "男", "女"), "values of cells"),
    **dict.fromkeys(("已入住", "空置", "未售", "装修中", "已出租"), "states of a unit, as typed"),
    **dict.fromkeys(("周期性费用", "一次性费用", "预付费", "后付费", "物业费", "停车费", "每月", "日", "地下停车位"), "what a fee or space is called in the file"),
}  # fmt: skip


@pytest.fixture(scope="module")
def said() -> dict[Message, str]:
    """Every source string and where it stands."""
    return messages()


@pytest.fixture(params=sorted(LANGUAGES.values()))
def book(request) -> dict[Message, polib.POEntry]:
    file = polib.pofile(str(FOLDER / request.param / "LC_MESSAGES" / "django.po"))
    return {(entry.msgid, entry.msgid_plural): entry for entry in file}


def forms(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def gaps(words: str) -> Counter[tuple[str, ...]]:
    return Counter(tuple(part or "" for part in match.groups()) for match in GAP.finditer(words))


def test_every_string_is_translated(said, book):
    """A new string is found by `words --extract` and then translated by hand."""
    lacking = [f"{where}: {key[0]}" for key, where in said.items() if key not in book or not book[key].translated()]
    assert not lacking, "\n".join(["run `words --extract` and translate:", *lacking])


def test_nothing_is_doubtful(book):
    assert not [entry.msgid for entry in book.values() if entry.fuzzy]


def test_gaps_are_the_same(book):
    """A lost or misspelt gap is a crash, or a sentence without its point."""
    wrong = [
        (entry.msgid, form)
        for entry in book.values()
        if entry.translated()
        for form in forms(entry)
        if gaps(form) != gaps(entry.msgid)
    ]
    assert not wrong


def test_plurals_have_all_their_forms(book):
    for entry in book.values():
        if entry.msgid_plural:
            assert all(forms(entry)), entry.msgid


def test_english_is_english():
    file = polib.pofile(str(FOLDER / "en" / "LC_MESSAGES" / "django.po"))
    chinese = [
        (form, found) for entry in file for form in forms(entry) for found in CHINESE.findall(form) if found not in KEPT
    ]
    assert not chinese
