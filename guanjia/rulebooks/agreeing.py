"""Whether a duty's settings go together: its cadence and window as they would be, with the figures in force (decision 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from .adoption import Adoption
from .cadence import CadenceError, parse
from .filling import fill, fill_window
from .parameters import entry_of, parameter
from .windows import check

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from guanjia.estates.models import Estate

    from .books import DutyEntry


def valued(estate: Estate, at: datetime) -> Callable[[str], tuple[str, Any, str]]:
    """What a figure is worth at an instant: its sort, its value in force, its unit."""

    def value(key: str) -> tuple[str, Any, str]:
        entry = entry_of(key, estate.company_id)
        return entry.type, parameter(estate, key, at), entry.unit

    return value


WHEN = ("cadence", "opens", "closes")


def agree(estate: Estate, values: Mapping[str, Any], at: datetime) -> None:
    """Raise CadenceError where a duty could not run as these settings and those in force say together.

    Asked of a page's settings as a whole: an hour and the window around it may change in one act.
    """
    adoption = Adoption(estate, at)
    for name in {key.split(".")[1] for key in values if key.startswith("duty.") and key.endswith(WHEN)}:
        entry = next((book.duties[name] for book in adoption.books.values() if name in book.duties), None)
        if entry is None:
            continue
        said = {what: values.get(key := f"duty.{name}.{what}", adoption.setting(key, "")) for what in WHEN}
        try:
            _runs(entry, said, valued(estate, at))
        except (ValueError, TypeError, KeyError) as slip:
            raise CadenceError(str(slip)) from slip


def _runs(entry: DutyEntry, said: dict[str, str], value: Any) -> None:
    if cadence := fill(said["cadence"] or entry.cadence, value):
        hours = {what: said[what] for what in ("opens", "closes") if said[what]}
        check(parse(cadence), fill_window(entry.window, value).model_copy(update=hours))


def slip_of(key: str, value: Any, slip: Exception) -> str:
    """Why a value is refused, as a page says it: what is wrong with a cadence in the engine's own words."""
    if isinstance(slip, CadenceError):
        return _("这个频次看不懂：%(slip)s") % {"slip": slip}
    return _("参数 %(key)s 不能是“%(value)s”。") % {"key": key, "value": value}
