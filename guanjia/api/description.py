"""The OpenAPI document: what ninja knows of the operations, and what is the same for all of them."""

from __future__ import annotations

from typing import Any

from .fields import NO_NUL
from .problems import CONTENT_TYPE, Problem

ALWAYS = {
    400: "Not readable: a NUL character, broken JSON, a bad Idempotency-Key",
    401: "No valid token",
    403: "The post does not carry the permission",
    404: "Not there, or not yours",
    422: "A value that cannot be used, or a key used for another request",
    503: "Busy; nothing was done, ask again",
}
WRITING = {
    409: "Refused: the house's rules, in `code` and `detail`",
    413: "Too big",
    415: "Neither JSON nor, for photos, a form",
    429: "Too often",
}
ESTATE = {"name": "estate", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$", "maxLength": 50}, "example": "demo"}
KEY = {
    "name": "Idempotency-Key", "in": "header", "required": False, "schema": {"type": "string", "pattern": "^[!-~]{1,80}$"},
    "description": "Any unique text. The same request with the same key is done once and answered the same.",
}  # fmt: skip
SEEN = {"name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string", "pattern": '^"[0-9a-f]{32}"$'}, "description": "ETag of an earlier answer."}


def described(document: Any) -> Any:
    """Add to every operation its problems, its estate and its headers."""
    shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    document["components"]["schemas"] |= {**shape.pop("$defs"), "Problem": shape}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _describe(operation, writes=method != "get", in_estate="{estate}" in path)
    return document


def _describe(operation: dict[str, Any], writes: bool, in_estate: bool) -> None:
    for parameter in operation["parameters"]:
        if parameter["in"] == "path" and parameter["schema"].get("type") == "string":
            parameter["schema"].setdefault("pattern", NO_NUL.replace("*", "+"))
    operation["parameters"] += [ESTATE] * in_estate + [KEY] * writes + [SEEN] * (in_estate and not writes)
    told = {"content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status, words in (ALWAYS | WRITING if writes else ALWAYS).items():
        operation["responses"][status] = {"description": words, **told}
    if in_estate and not writes:
        operation["responses"][304] = {"description": "As you know it"}
