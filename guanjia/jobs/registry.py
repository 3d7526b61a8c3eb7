"""Which function does which kind of job: nouns register theirs in their `jobs.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from .models import Job
    from .progress import Progress

    Work = Callable[[Job, Progress], dict[str, Any]]

_kinds: dict[str, tuple[Work, Any]] = {}
personal: set[str] = set()  # kinds whose file is for nobody but who asked for it


def job_kind(name: str, title: Any = "", *, private: bool = False) -> Callable[[Work], Work]:
    """Register `def work(job, progress) -> result` under a kind. It may raise Refused: the job then fails with that sentence."""

    def register(work: Work) -> Work:
        _kinds[name] = (work, title)
        if private:
            personal.add(name)
        return work

    return register


def work_of(kind: str) -> Work:
    return _kinds[kind][0]


def title_of(kind: str) -> str:
    """What people call it."""
    return str(_kinds[kind][1]) if kind in _kinds else kind
