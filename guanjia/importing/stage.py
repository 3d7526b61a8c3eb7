"""The stage: temporary tables filled by COPY, gone with the transaction (habit 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from guanjia.households.pinyin import sort_key
from guanjia.tenancy.crypto import SealedField, fingerprint

if TYPE_CHECKING:
    from .readers.rooms import Home

BATCH = 2000  # records held in memory, a table
FEW = 500  # records for which an index is worth a loop
_SEAL = SealedField()

TABLES = {
    "building": "number text, ord int, floors int",
    "entrance": "building text, number text, floors int, has_lift bool, derived bool",
    "person": "ord int, number text, household text, name text, pinyin text, kind text, sex text, born int, guessed int, "
    "phone text, identity text, print text",
    "flat": "ord int, rank int, code text, given text, name text, pinyin text, kind text, sex text, born int, phone text, "
    "identity text, print text",
    "fee": "number text, name text, category text, flag text, payment_mode text, period int, bill_day int, starts_on date, "
    "ends_on date, formula text, price numeric, fixed numeric",
    "unit": "code text, building text, entrance text, room text, floor int, kind text, state text, layout text, area numeric, "
    "inner_area numeric, rent numeric, household text",
    "unit_fee": "code text, fee text, starts_on date",
    "vehicle": "plate text, household text, brand text, colour text, kind text",
    "parking": "lot text, code text, kind text, area numeric, household text, plate text, tenure text, starts_on date, ends_on date",
    # what the merge leaves behind
    "home": "ord int, code text, household text",
    "wanted": "unit_id bigint, household_id bigint, state text",
    "moved": "id bigint",
    "new_unit": "id bigint",
    "changed_unit": "id bigint",
    "touched": "id bigint",
}


class Stage:
    """Records of a file on their way into the tables. Lives and dies with one transaction."""

    def __init__(self) -> None:
        self.waiting: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}
        self.derived_buildings: dict[str, int] = {}
        self.derived_entrances: dict[tuple[str, str], tuple[int, bool | None]] = {}
        self.persons = self.rows = 0
        with connection.cursor() as cursor:
            for name, columns in TABLES.items():
                cursor.execute(f"CREATE TEMP TABLE i_{name} ({columns}) ON COMMIT DROP")

    def put(self, table: str, *values: Any) -> None:
        waiting = self.waiting[table]
        waiting.append(values)
        if len(waiting) >= BATCH:
            self._copy(table)

    def building(self, number: str, floors: int) -> None:
        digits = "".join(sign for sign in number if sign.isascii() and sign.isdigit())
        self.put("building", number, int(digits[:8]) if digits else 0, floors)

    def person(self, *, identity: str | None, **said: Any) -> None:
        self.persons += 1
        self.put(
            "person", self.persons, said["number"], said["household"], said["name"], sort_key(said["name"]), said["kind"],
            said["sex"] or None, said["born"], said["guessed"], said["phone"] or None, *_sealed(identity),
        )  # fmt: skip

    def flat_person(self, *, identity: str | None, **said: Any) -> None:
        self.put(
            "flat", said["row"], said["rank"], said["code"], said["household"], said["name"], sort_key(said["name"]), said["kind"],
            said["sex"] or None, said["born"], said["phone"] or None, *_sealed(identity),
        )  # fmt: skip

    def unit(self, home: Home, household: str | None) -> None:
        self.put(
            "unit", home.code, home.building, home.entrance, home.room, home.floor, home.kind, home.state, home.layout or None,
            home.area, home.inner, home.rent, household,
        )  # fmt: skip

    def finish(self) -> None:
        """Send what waits, and let the planner know the sizes."""
        for number, floors in self.derived_buildings.items():
            self.building(number, floors)
        for (number, stair), (floors, lift) in self.derived_entrances.items():
            self.put("entrance", number, stair, floors, lift, True)
        for table in TABLES:
            self._copy(table)
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ANALYZE i_{table}")

        if self.rows > FEW:
            # The tables we merge into have no fresh statistics (only their owner may ANALYZE), and a planner that takes
            # them for small loops for hours. Hash joins never do.
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_nestloop = off")

    def _copy(self, table: str) -> None:
        if rows := self.waiting[table]:
            self.rows += len(rows)
            copy_rows(f"i_{table}", rows)
            self.waiting[table] = []


def copy_rows(target: str, rows: list[tuple[Any, ...]]) -> None:
    """COPY rows into a table, or into `table (columns)`, on the present connection."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _sealed(identity: str | None) -> tuple[str | None, str | None]:
    return (_SEAL.get_prep_value(identity), fingerprint(identity)) if identity else (None, None)
