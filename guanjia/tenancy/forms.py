"""Forms whose choices depend on who reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    from collections.abc import Iterable


class ChoosingForm(forms.Form):
    """Fills its choices in `__init__`, from the reader's estate and reach."""

    def offer(self, name: str, choices: Iterable[Any]) -> None:
        """What field `name` may be."""
        field: Any = self.fields[name]
        field.choices = list(choices)

    def among(self, name: str, rows: Any) -> None:
        """The rows (a QuerySet) that field `name` may be."""
        field: Any = self.fields[name]
        field.queryset = rows
