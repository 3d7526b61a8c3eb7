"""Reading a rulebook file: YAML checked by pydantic; a slip is named by file and line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

FOLDER = Path(__file__).resolve().parents[2] / "rulebooks"
_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}

Book = TypeVar("Book", bound="Entry")


class RulebookError(ValueError):
    """A rulebook file says something it may not: `limits.yaml:12: …`."""


class Slip(ValueError):
    """A slip that is found from above: `at` leads from there to the line that has it."""

    def __init__(self, said: str, *at: str) -> None:
        super().__init__(said)
        self.at = at


class Entry(BaseModel):
    """What a rulebook file is made of: nothing unknown, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def amount(text: Any) -> Any:
    """`90m`, `2h`, `1h30m`, `24h`, `3d` as a timedelta; a ValueError for anything else."""
    if isinstance(text, timedelta):
        return text
    left, found = str(text), timedelta(0)
    while left:
        digits = left[: len(left) - len(left.lstrip("0123456789"))]
        unit = left[len(digits) : len(digits) + 1]
        if not digits or unit not in _UNITS:
            raise ValueError(f"an amount is written 10m, 2h or 1h30m, not {text!r}")
        found += timedelta(**{_UNITS[unit]: int(digits)})
        left = left[len(digits) + 1 :]
    if not found:
        raise ValueError("an amount is more than nothing")
    return found


def spell(length: timedelta) -> str:
    """The reverse of `amount`: 1h30m."""
    left, said = int(length.total_seconds()), ""
    for unit, seconds in (("h", 3600), ("m", 60), ("s", 1)):
        count, left = divmod(left, seconds)
        said += f"{count}{unit}" if count else ""
    return said


Amount = Annotated[timedelta, BeforeValidator(amount)]


def read(name: str, shape: type[Book], folder: Path = FOLDER) -> Book:
    """One rulebook file in its shape. Raises RulebookError."""
    text = (folder / name).read_text(encoding="utf-8")
    try:
        tree, said = _parsed(text)
    except yaml.MarkedYAMLError as slip:
        line = slip.problem_mark.line + 1 if slip.problem_mark else 1
        raise RulebookError(f"{name}:{line}: {slip.problem}") from slip
    _no_twins(tree, name)
    try:
        return shape.model_validate(said)
    except ValidationError as slips:
        raise RulebookError("\n".join(_told(name, tree, each) for each in slips.errors())) from slips


def _parsed(text: str) -> tuple[Any, Any]:
    """The nodes, which know their lines, and what they say; by libyaml where PyYAML has it, ten times as fast."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        tree = loader.get_single_node()
        return tree, loader.construct_document(tree) if tree else None
    except yaml.MarkedYAMLError:
        return yaml.compose(text, Loader=yaml.SafeLoader), yaml.safe_load(text)  # which tells the slip in its own words
    finally:
        loader.dispose()


def _told(name: str, tree: Any, slip: Any) -> str:
    at = (*slip["loc"], *getattr(slip.get("ctx", {}).get("error"), "at", ()))
    return f"{name}:{_line(tree, at)}: {'.'.join(map(str, at))}: {slip['msg']}"


def _no_twins(node: Any, name: str) -> None:
    """YAML lets a later key silently replace an earlier one; a rulebook does not."""
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                raise RulebookError(f"{name}:{key.start_mark.line + 1}: {key.value} stands there twice")
            seen.add(key.value)
            _no_twins(value, name)
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            _no_twins(each, name)


def _line(node: Any, path: tuple[Any, ...]) -> int:
    """The line of the deepest part of `path` that the file has."""
    line = node.start_mark.line + 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == str(step)]
            if not found:
                break
            key, node = found[0]
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return int(line)
