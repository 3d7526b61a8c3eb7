"""`bin/guanjia check`: does the house stand as it should? Each check is a question the database can answer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from guanjia import clock
from guanjia.billing.checks import findings as books
from guanjia.collection.checks import findings as takings
from guanjia.duties.models import Absence
from guanjia.estates.models import Estate, Unit, Zone
from guanjia.people.models import Post
from guanjia.people.responsibility import held_zones
from guanjia.people.roles import Role
from guanjia.rulebooks.parameters import parameter
from guanjia.staffing.load import loads
from guanjia.tenancy.models import EstateOwned
from guanjia.tenancy.scope import estate_scope
from guanjia.tickets.kinds import OPEN
from guanjia.tickets.models import Ticket

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

    from guanjia.staffing.load import ZoneLoad


Finding = dict[str, str]
AHEAD = timedelta(days=14)  # leave that is planned and would leave a zone to nobody
APPEND_ONLY = (
    "events_event", "billing_entry", "billing_transfer", "billing_billline", "collection_payment", "collection_receipt", "collection_latecharge",
    "incentives_figure", "incentives_reckoning", "incentives_line",
    "billing_yearsettlement", "billing_settledshare",
    "surveys_pollversion",
    "assembly_ballot", "assembly_choice",
    "emergencies_logentry", "emergencies_areanotice",
    "sorting_pointentry",
)  # fmt: skip  # as their migrations say


def estate_owned() -> list[type[Model]]:
    """Every model whose rows belong to an estate."""
    from django.apps import apps

    return [model for model in apps.get_models() if issubclass(model, EstateOwned)]


def findings(estate: Estate | None = None) -> list[Finding]:
    """Everything that is not as it should be; empty when all is well."""
    told = [*_row_security(), *_privileges()]
    for one in [estate] if estate else list(Estate.objects.order_by("code")):
        with estate_scope(one):
            carried = loads(one)
            told += [
                *_unstewarded(one),
                *_overloaded(one, carried),
                *_doubled(one, carried),
                *_uncovered(one),
                *_clockless(one),
                *_dangling(one),
                *books(one),
                *takings(one),
            ]
    return told


def _row_security() -> Iterator[Finding]:
    tables = [model._meta.db_table for model in estate_owned()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relnamespace = 'public'::regnamespace AND NOT relrowsecurity",
            [tables],
        )
        for (table,) in cursor.fetchall():
            yield {"check": "row_security", "subject": table, "detail": "表没有行级安全 / no row security"}


def _privileges() -> Iterator[Finding]:
    """What happened is never changed: the application's role must not be able to."""
    with connection.cursor() as cursor:
        for table in APPEND_ONLY:
            for privilege in ("UPDATE", "DELETE"):
                cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [settings.ROW_ROLE, table, privilege])
                if cursor.fetchone()[0]:
                    yield {
                        "check": "append_only",
                        "subject": table,
                        "detail": f"{settings.ROW_ROLE} 有 {privilege} 权限",
                    }


def _unstewarded(estate: Estate) -> Iterator[Finding]:
    """Units that nobody answers for (EST-01)."""
    today = clock.today(estate)
    held = Post.objects.at_estate(estate).filter(role=Role.STEWARD).held_on(today)
    if held.filter(zone__isnull=True).exists():
        return
    units = Unit.objects.at_estate(estate).exclude(zone_id__in=held.values("zone_id"))
    for code in units.order_by("code").values_list("code", flat=True)[:20]:
        yield {
            "check": "unit_without_steward",
            "subject": f"{estate.code} {code}",
            "detail": "没有责任管家 / nobody answers for it",
        }
    if (more := units.count() - 20) > 0:
        yield {"check": "unit_without_steward", "subject": estate.code, "detail": f"另有 {more} 户 / and {more} more"}


def _overloaded(estate: Estate, carried: list[ZoneLoad]) -> Iterator[Finding]:
    """STF-11: more homes than the higher of the two ratios; the lower one only warns, on the page of zones."""
    most = int(parameter(estate, "staff.ratio_b", clock.now()))
    heads = {row.stewards[0].pk: row for row in carried if row.stewards}
    for row in heads.values():
        if row.load > most:
            name = row.stewards[0].name
            yield {
                "check": "steward_load",
                "subject": f"{estate.code} {name}",
                "detail": f"{row.load} 户，超过 1:{most} / more than 1:{most}",
            }


def _doubled(estate: Estate, carried: list[ZoneLoad]) -> Iterator[Finding]:
    """EST-01: exactly one head a zone."""
    for row in carried:
        names = "、".join(person.name for person in row.stewards)
        if len(row.stewards) > 1:
            yield {
                "check": "zone_with_two_stewards",
                "subject": f"{estate.code} {row.zone.name}",
                "detail": f"{names} 同时负责 / answer at once",
            }


def _uncovered(estate: Estate) -> Iterator[Finding]:
    """STF-17: the steward is away, and so is everybody who would stand in, today or on a day of leave already planned."""
    today = clock.today(estate)
    rows = Absence.objects.at_estate(estate).filter(ended_at__isnull=True, during__overlap=(today, today + AHEAD))
    days = sorted({max(today, row.during.lower or today) for row in rows})
    names = dict(Zone.objects.at_estate(estate).values_list("pk", "name"))
    for day in days:
        for zone, _person, name, gone in held_zones(estate, day):
            if gone:
                yield {
                    "check": "steward_away_uncovered",
                    "subject": f"{estate.code} {names[zone]} {day}",
                    "detail": f"{name} 请假，无人代班 / away, nobody stands in",
                }


def _clockless(estate: Estate) -> Iterator[Finding]:
    """An open ticket that nothing times has been forgotten, unless it is held or carried by an incident."""
    rows = Ticket.objects.at_estate(estate).filter(
        stage__in=OPEN[:2], due_at__isnull=True, held=False, incident__isnull=True
    )
    for number in rows.values_list("number", flat=True)[:20]:
        yield {
            "check": "ticket_without_clock",
            "subject": f"{estate.code} {number}",
            "detail": "未结报事没有时限 / open and untimed",
        }


def _dangling(estate: Estate) -> Iterator[Finding]:
    """A closed ticket whose clocks still run."""
    rows = Ticket.objects.at_estate(estate).filter(closed_at__isnull=False, clocks__stopped_at__isnull=True)
    for number in rows.values_list("number", flat=True).distinct()[:20]:
        yield {
            "check": "clock_after_closing",
            "subject": f"{estate.code} {number}",
            "detail": "已结报事仍在计时 / closed but timed",
        }
