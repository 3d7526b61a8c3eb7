"""Rows that walk through stages: each verb begins at some of them, and two people at once take one step."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _

from .errors import Refused


class Staged(models.Model):
    stage_column: ClassVar[str] = "stage"

    class Meta:
        abstract = True

    def _hold(self: Any, *stages: str) -> None:
        """Lock the row, take over what stands in it, and refuse (`wrong_stage`, `wrong_state`) unless it is at one of these stages."""
        row = type(self).objects.at_estate(self.estate_id).select_for_update(of=("self",)).get(pk=self.pk)
        for field in self._meta.concrete_fields:
            setattr(self, field.attname, getattr(row, field.attname))
        if getattr(self, self.stage_column) not in stages:
            stage = getattr(self, f"get_{self.stage_column}_display")()
            raise Refused(_("现在是“%(stage)s”，不能这样做。") % {"stage": stage}, code=f"wrong_{self.stage_column}")

    def _set(self, **columns: Any) -> None:
        for name, value in columns.items():
            setattr(self, name, value)
        self.save(update_fields=list(columns))
