"""Safe, streaming XML: no DTD, no entities of its own, bounded depth."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from .container import Unusable

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 64 * 1024
DEPTH = 60
LONGEST_TAG = 1024 * 1024  # bytes


def local(name: str) -> str:
    """`x:row` → `row`."""
    return name.rpartition(":")[2]


def hostile(*_args: Any) -> Any:
    """Workbooks have no DTD; one that has wants to read files or to explode."""
    raise Unusable(_("文件里夹带了不该有的内容（DTD），没有打开它。"), code="hostile")


def parser() -> Any:
    """An expat parser that refuses DTDs and entities."""
    made = expat.ParserCreate()
    made.buffer_text = True
    made.StartDoctypeDeclHandler = hostile
    made.EntityDeclHandler = hostile
    made.ExternalEntityRefHandler = hostile
    return made


def feed(made: Any, stream: IO[bytes]) -> Iterator[int]:
    """Parse a stream chunk by chunk; yields the bytes read after each, so that a reader can hand on what is ready.

    One tag of megabytes would make expat slow and fat: it is refused.
    """
    fed = 0
    while chunk := stream.read(CHUNK):
        made.Parse(chunk, False)
        fed += len(chunk)
        if fed - made.CurrentByteIndex > LONGEST_TAG:
            hostile()
        yield fed
    made.Parse(b"", True)
    yield fed


def events(stream: IO[bytes]) -> Iterator[tuple[str, str, Any]]:
    """("start", tag, attributes), ("end", tag, {}), ("text", "", words) of a small document."""
    ready: list[tuple[str, str, Any]] = []
    depth = 0

    def start(name: str, attrs: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH:
            hostile()
        ready.append(("start", local(name), attrs))

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        ready.append(("end", local(name), {}))

    made = parser()
    made.StartElementHandler, made.EndElementHandler = start, end
    made.CharacterDataHandler = lambda words: ready.append(("text", "", words))
    for _done in feed(made, stream):
        yield from ready
        ready.clear()
