"""Registering an act as an operation: a POST to its noun, with a body where something is asked."""

from __future__ import annotations

from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any

from .fields import Body, Id

if TYPE_CHECKING:
    from collections.abc import Callable

    from ninja import Router


def operation(router: Router, path: str, answer: type, name: str, summary: str, body: type[Body] | None, act: Callable[..., Any]) -> None:
    """`act(request, body, …path parameters)`; ninja reads what it wants from the signature, so one is written."""

    def view(request: Any, body: Any = None, **named: Any) -> Any:
        return act(request, body, **named)

    name_of, kind = ("number", str) if "{number}" in path else ("id", Id)
    named = [Parameter(name_of, Parameter.KEYWORD_ONLY, annotation=kind)]
    if body is not None:
        needed = any(field.is_required() for field in body.model_fields.values())
        named.append(Parameter("body", Parameter.KEYWORD_ONLY, annotation=body, default=Parameter.empty if needed else body()))
    view.__signature__ = Signature([Parameter("request", Parameter.POSITIONAL_OR_KEYWORD), *named])  # type: ignore[attr-defined]
    view.__name__ = name
    router.post(path, response=answer, summary=summary, operation_id=name, description=body.__doc__ if body else None)(view)
