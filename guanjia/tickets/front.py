"""What else stands on a resident's first page: higher nouns (bulletins, surveys) bring their own panels.

A panel is registered once, when its app is ready; tickets never import who is above them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from guanjia.people.reach import Reach


@dataclass(frozen=True)
class Panel:
    """Drawn by its template as `panel`; the lower `order` stands higher."""

    template: str
    panel: Any
    order: int = 50


class Source(Protocol):
    def panel(self, reach: Reach, now: datetime) -> Panel | None:
        """What this resident should see now, or nothing; one statement."""


sources: list[Source] = []


def register(source: Source) -> None:
    """Once per kind of source, however often the app is made ready."""
    sources[:] = [known for known in sources if type(known) is not type(source)] + [source]


def panels(reach: Reach, now: datetime) -> list[Panel]:
    found = (source.panel(reach, now) for source in sources)
    return sorted((panel for panel in found if panel), key=lambda panel: panel.order)
