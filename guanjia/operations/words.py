"""The catalogues: what pages say in Traditional Chinese and English.

Source strings are Simplified Chinese and stand in Python, templates and rulebooks. Extraction reads all three (Babel;
developers only), compiling needs polib alone, so that a fresh checkout needs no gettext tools.
"""

from __future__ import annotations

import ast
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polib
import yaml
from django.conf import settings
from django.utils.translation.template import templatize

from guanjia.reports.proofs import proofs

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "guanjia" / "locale"
LANGUAGES = {"zh-hant": "zh_Hant", "en": "en"}
KEYWORDS = {
    "_": None,
    "_t": None,  # where `_` is the lazy one
    "_now": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "gettext_noop": None,
    "proof": (3,),  # a named proof's title (guanjia/reports/proofs.py)
}
LITERAL = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\bn?gettext(?:_lazy)?\(\s*{LITERAL}(?:\s*,\s*{LITERAL})?|(?<![\w])_\(\s*{LITERAL}\s*\)")
CHINESE = re.compile("[㐀-鿿\U00020000-\U0003ffff]")
# Rulebook fields that people read.
SPOKEN = {
    "title",
    "label",
    "name",
    "body",
    "words",
    "unit",
    "choices",
    "subject",
    "text",
    "hint",
    "description",
    "greeting",
    "variants",
    "why",
    "register_only",
    "about",
    "checks",
    "intro",
    "section",
    "phrases",
    "notice",
}
NAMED = {"choices", "variants", "checks"}  # whose keys are names and whose values are read

Message = tuple[str, str]  # (msgid, plural or "")


def messages() -> dict[Message, str]:
    """Every source string with the place where it stands first."""
    found: dict[Message, str] = {}
    for path, lines in _sources():
        for message in lines:
            found.setdefault(message, str(path.relative_to(ROOT)))
    return found


def _sources() -> Iterator[tuple[Path, list[Message]]]:
    for path in sorted((ROOT / "guanjia").rglob("*.py")):
        if "migrations" not in path.parts and "/demo/" not in str(path):
            yield path, _extract(path.read_text())
    for path in sorted((ROOT / "guanjia").rglob("*.html")) + sorted((ROOT / "guanjia").rglob("*.txt")):
        if "templates" in path.parts:
            yield path, _said(templatize(path.read_text(), origin=str(path)))
    for path in _books():
        yield path, [(text, "") for text in _spoken(yaml.safe_load(path.read_text()))]


def _books() -> list[Path]:
    return sorted((ROOT / "rulebooks").rglob("*.yaml"))


def _twins(node: Any) -> Iterator[tuple[str, str]]:
    """What a rulebook says in both languages itself: `title` beside `title_en`, `variants` beside `variants_en`."""
    for name, value in node.items() if isinstance(node, dict) else ():
        twin = node.get(f"{name}_en")
        if isinstance(value, str) and isinstance(twin, str):
            yield value, twin
        elif isinstance(value, dict) and isinstance(twin, dict):
            yield from ((said, twin[key]) for key, said in value.items() if twin.get(key))
        yield from _twins(value)


def _extract(text: str) -> list[Message]:
    from babel.messages.extract import extract

    rows = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS)
    return [
        (ids, "") if isinstance(ids, str) else (ids[0], ids[1])
        for _line, ids, _comments, _context in rows
        if ids and ids != ""
    ]


def _said(text: str) -> list[Message]:
    """The calls that Django's templatize writes; what stands between them is no Python."""
    return [
        (ast.literal_eval(one or bare), ast.literal_eval(many) if many else "")
        for one, many, bare in CALL.findall(text)
    ]


def _spoken(node: Any, key: str = "") -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _spoken(value, key if key in NAMED else str(name))
    elif isinstance(node, list):
        for value in node:
            yield from _spoken(value, key)
    elif isinstance(node, str) and key in SPOKEN and CHINESE.search(node):
        yield node


def extract() -> dict[str, int]:
    """Bring the catalogues up to date; returns how many entries each language still lacks.

    Traditional Chinese is proposed by OpenCC, English by the `_en` of a rulebook; both can be corrected by hand, and a
    correction is kept.
    """
    from opencc import OpenCC

    traditional = OpenCC("s2twp").convert
    lacking = {}
    found = messages()
    twins = {said: twin for path in _books() for said, twin in _twins(yaml.safe_load(path.read_text())) if twin}
    twins |= {one.title: one.title_en for one in proofs().values()}
    for language, folder in LANGUAGES.items():
        path = FOLDER / folder / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        known = {(entry.msgid, entry.msgid_plural): entry for entry in polib.pofile(str(path))} if path.exists() else {}
        book = polib.POFile(wrapwidth=120)
        book.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Content-Transfer-Encoding": "8bit", "Language": folder,
                         "Plural-Forms": "nplurals=1; plural=0;" if folder == "zh_Hant" else "nplurals=2; plural=(n != 1);"}  # fmt: skip
        for (msgid, plural), _place in sorted(found.items()):
            entry = known.get((msgid, plural)) or polib.POEntry(msgid=msgid, msgid_plural=plural)
            if language == "zh-hant":
                _propose(entry, traditional)
            elif not plural and not entry.msgstr:
                entry.msgstr = twins.get(msgid, "")
            entry.flags = [flag for flag in entry.flags if flag == "python-brace-format"]
            book.append(entry)
        book.save(str(path))
        lacking[language] = sum(not entry.translated() for entry in book)
    return lacking


def _propose(entry: Any, traditional: Any) -> None:
    if entry.msgid_plural and not entry.msgstr_plural.get(0):
        entry.msgstr_plural = {0: traditional(entry.msgid)}
    elif not entry.msgid_plural and not entry.msgstr:
        entry.msgstr = traditional(entry.msgid)


def compile_catalogues() -> int:
    """Write the .mo files that Django reads, where they are older than their source; returns how many."""
    made = 0
    for language, folder in LANGUAGES.items():
        source = FOLDER / folder / "LC_MESSAGES" / "django.po"
        target = source.with_suffix(".mo")
        if source.exists() and (not target.exists() or target.stat().st_mtime < source.stat().st_mtime):
            polib.pofile(str(source)).save_as_mofile(str(target))
            made += language in dict(settings.LANGUAGES)
    return made
