"""Homes and files in figures, for the reports that fill themselves (RPT-08, RPT-11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from .counting import run
from .figures import _figure, figures, percent

if TYPE_CHECKING:
    from .figures import Figure, Of

# A span ends the day after the last one: who left on the 31st left that month.
HOMES = """
SELECT (SELECT count(*) FROM estates_unit u WHERE u.estate_id = %(estate)s AND u.state = 'vacant' AND (%(zone)s::bigint IS NULL OR u.zone_id = %(zone)s)),
  (SELECT count(*) FROM estates_unit u WHERE u.estate_id = %(estate)s AND (%(zone)s::bigint IS NULL OR u.zone_id = %(zone)s)),
  (SELECT count(*) FROM households_occupancy o JOIN estates_unit u ON u.estate_id = o.estate_id AND u.id = o.unit_id
    WHERE o.estate_id = %(estate)s AND lower(o.during) >= %(first)s AND lower(o.during) < %(last)s AND (%(zone)s::bigint IS NULL OR u.zone_id = %(zone)s)),
  (SELECT count(*) FROM households_occupancy o JOIN estates_unit u ON u.estate_id = o.estate_id AND u.id = o.unit_id
    WHERE o.estate_id = %(estate)s AND upper(o.during) - 1 >= %(first)s AND upper(o.during) - 1 < %(last)s AND (%(zone)s::bigint IS NULL OR u.zone_id = %(zone)s))
"""


@figures("homes")
def _homes(of: Of) -> list[Figure]:
    vacant, units, came, went = run(HOMES, of.named)[0]
    return [
        _figure("vacant", _("空置房"), vacant, _("户"), percent(vacant, units)), _figure("moved_in", _("新入住"), came, _("户")),
        _figure("moved_out", _("迁出"), went, _("户")),
    ]  # fmt: skip


FILES = """
SELECT count(*), count(*) FILTER (WHERE EXISTS (SELECT 1 FROM households_member m WHERE m.estate_id = h.estate_id AND m.household_id = h.id AND m.left_on IS NULL AND m.phone <> ''))
FROM households_household h WHERE h.estate_id = %(estate)s
"""


@figures("files")
def _files(of: Of) -> list[Figure]:
    all_of_them, reachable = run(FILES, of.named)[0]
    return [_figure("households", _("住户档案"), all_of_them, _("户")), _figure("reachable", _("联系得上"), reachable, _("户"), percent(reachable, all_of_them))]
