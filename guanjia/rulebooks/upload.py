"""A company's own file: checked, compared with what is in force, side by side."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.utils.translation import gettext as _

from guanjia.people.roles import roles

from .book import RulebookError, read
from .books import Rulebook

if TYPE_CHECKING:
    from pydantic import BaseModel

LARGEST = 1024 * 1024  # bytes
NOUNS = ("clauses", "duties", "figures")


@dataclass
class Difference:
    """What an own book says otherwise than what is in force: (id, title, [(field, before, after)])."""

    noun: str
    added: list[tuple[str, str]] = field(default_factory=list)
    gone: list[tuple[str, str]] = field(default_factory=list)
    changed: list[tuple[str, str, list[tuple[str, str, str]]]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.gone or self.changed)


def checked(text: str, name: str = "book.yaml") -> tuple[Rulebook, dict[str, Any]]:
    """The book and what its file said, ready to keep. RulebookError names each slip with its line."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_text(text, encoding="utf-8")
        book = read(name, Rulebook, folder=Path(folder))
    _agrees(book, text, name)
    return book, json.loads(json.dumps(yaml.safe_load(text), default=str))


def _agrees(book: Rulebook, text: str, name: str) -> None:
    """Duties keep clauses of this book or of the house, by roles and codes that exist."""
    from .books import books, clauses

    slips = []
    for key, duty in book.duties.items():
        if missing := set(duty.rows) - set(book.clauses) - set(clauses()):
            slips.append(
                f"{name}:{_line_of(text, key)}: {_('义务 %(key)s 指向不存在的条款 %(rows)s') % {'key': key, 'rows': '、'.join(sorted(missing))}}"
            )
        if duty.role not in roles():
            slips.append(
                f"{name}:{_line_of(text, key)}: {_('义务 %(key)s 的岗位 %(role)s 不存在') % {'key': key, 'role': duty.role}}"
            )
    for code, other in books().items():
        twins = set(book.clauses) & set(other.clauses) if code != book.code else set()
        slips += [
            f"{name}:{_line_of(text, key)}: {_('条款 %(key)s 已在《%(book)s》里') % {'key': key, 'book': _(other.title)}}"
            for key in sorted(twins)
        ]
    if slips:
        raise RulebookError("\n".join(slips))


def _line_of(text: str, key: str) -> int:
    found = [n for n, line in enumerate(text.splitlines(), 1) if line.strip().startswith(f"{key}:")]
    return found[0] if found else 1


def differences(before: Rulebook | None, after: Rulebook) -> list[Difference]:
    """Clauses, duties and figures added, gone and changed."""
    found = []
    for noun in NOUNS:
        old: dict[str, Any] = getattr(before, noun) if before else {}
        new: dict[str, Any] = getattr(after, noun)
        one = Difference(noun)
        one.added = [(key, new[key].title) for key in new if key not in old]
        one.gone = [(key, old[key].title) for key in old if key not in new]
        one.changed = [
            (key, new[key].title, fields) for key in new if key in old and (fields := _fields(old[key], new[key]))
        ]
        found.append(one)
    return found


def _fields(old: BaseModel, new: BaseModel) -> list[tuple[str, str, str]]:
    said = old.model_dump(), new.model_dump()
    return [
        (name, _written(said[0][name]), _written(said[1][name])) for name in said[0] if said[0][name] != said[1][name]
    ]


def _written(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(_written, value))
    if isinstance(value, dict):
        return "，".join(f"{key}: {_written(each)}" for key, each in value.items() if each is not None)
    return "" if value is None else str(value)


def as_file(book_file: Path | None, content: dict[str, Any] | None) -> str:
    """A book as a file to begin from."""
    if content is not None:
        return str(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120))
    return book_file.read_text(encoding="utf-8") if book_file else ""
