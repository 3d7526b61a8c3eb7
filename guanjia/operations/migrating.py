"""Making a database of two hundred tables in seconds.

After each new table Django draws every model again that is related to it, and here all are related through the estate: the work
grows with the square of the tables. Nobody refers to a new table yet, so it changes no other and is drawn alone.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest import mock

from django.db.migrations.state import ModelState, ProjectState

if TYPE_CHECKING:
    from collections.abc import Iterator

_add_model = ProjectState.add_model


def _add_alone(state: ProjectState, model_state: ModelState) -> None:
    drawn = state.__dict__.pop("apps", None)  # Django draws again what stands here
    _add_model(state, model_state)
    if drawn is not None:
        state.__dict__["apps"] = drawn
        drawn.render_multiple([model_state])


@contextmanager
def new_tables_alone() -> Iterator[None]:
    """For a database without tables. One that has some is migrated as Django does it."""
    with mock.patch.object(ProjectState, "add_model", _add_alone):
        yield
