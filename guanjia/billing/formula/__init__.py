"""The small language of prices: parsed, checked, compiled to SQL, worked out in Python. Never evaluated as code."""

from .sql import to_sql
from .tree import FUNCTIONS, NAMES, OF_METER, FormulaError, Node, names_in, parse
from .value import evaluate, explain

__all__ = [
    "FUNCTIONS",
    "NAMES",
    "OF_METER",
    "FormulaError",
    "Node",
    "evaluate",
    "explain",
    "names_in",
    "parse",
    "to_sql",
]
