"""One household on one page: everything a steward reads while the telephone rings, in one statement (HSE-02, HSE-10, HSE-15).

Health notes are sealed: their words do not leave the database here, their kinds only for who may know (CF-20, CF-64).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _

from guanjia import clock
from guanjia.events.sentences import listed
from guanjia.households.models import Household, HouseholdDocument, Member, Need, Pet, Purpose, Slot, Tier, Way
from guanjia.people.privacy import mask_phone
from guanjia.rulebooks.books import duties

from .models import Movement, Visit
from .tiers import tiers_book

if TYPE_CHECKING:
    from guanjia.people.reach import Reach

MINE = "estate_id = %(e)s AND household_id = %(h)s"
PARTS = {
    "homes": """SELECT u.id, u.code, u.area, o.kind, z.name AS zone, z.id AS zone_id FROM households_occupancy o
        JOIN estates_unit u ON u.estate_id = o.estate_id AND u.id = o.unit_id
        LEFT JOIN estates_zone z ON z.estate_id = u.estate_id AND z.id = u.zone_id
        WHERE o.estate_id = %(e)s AND o.household_id = %(h)s AND o.during @> %(today)s::date ORDER BY u.code""",
    "members": f"SELECT id, name, kind, sex, born_year, born_on, phone, erased_at IS NOT NULL AS erased, left_on FROM households_member WHERE {MINE} AND (left_on IS NULL OR left_on > %(today)s::date - 365) ORDER BY left_on NULLS FIRST, array_position(ARRAY['owner','tenant','family','temporary'], kind::text), id",
    "needs": f"SELECT id, kind, member_id, noted_at FROM households_need WHERE {MINE} AND ended_at IS NULL ORDER BY id",
    "consents": f"SELECT c.id, c.member_id, c.purpose FROM households_consent c WHERE c.estate_id = %(e)s AND c.withdrawn_at IS NULL AND c.member_id IN (SELECT id FROM households_member WHERE {MINE})",
    "pets": f"SELECT id, kind, name, breed, licence, vaccinated_on FROM households_pet WHERE {MINE} AND gone_on IS NULL ORDER BY id",
    "vehicles": f"SELECT id, plate, brand, colour FROM households_vehicle WHERE {MINE} ORDER BY id",
    "parkings": f"SELECT id, lot, code, tenure FROM households_parking WHERE {MINE} ORDER BY lot, code",
    "documents": f"SELECT id, kind, title, kept_at FROM households_householddocument WHERE {MINE} AND removed_at IS NULL ORDER BY kept_at DESC, id DESC LIMIT 30",
    "tierings": f"SELECT t.id, t.tier, t.rule, t.facts, t.why, t.until, lower(t.during) AS since, p.name AS by FROM care_tiering t LEFT JOIN people_person p ON p.id = t.by_id WHERE t.{MINE.replace('AND ', 'AND t.')} AND upper_inf(t.during)",
    "keys": f"SELECT id, why, plan, goal FROM care_keycustomer WHERE {MINE} AND ended_at IS NULL",
    "acts": f"SELECT a.words, a.at, a.next_on FROM care_careact a JOIN care_keycustomer k ON k.estate_id = a.estate_id AND k.id = a.key_customer_id WHERE k.{MINE.replace('AND ', 'AND k.')} AND k.ended_at IS NULL ORDER BY a.at DESC LIMIT 3",
    "planned": f"SELECT v.id, v.way, v.planned_on, v.slot, v.why, p.name AS person FROM care_visit v LEFT JOIN people_person p ON p.id = v.person_id WHERE v.{MINE.replace('AND ', 'AND v.')} AND v.outcome = ''",
    "promises": f"SELECT m.id, m.words, m.due_on, p.name AS follower FROM care_promise m LEFT JOIN people_person p ON p.id = m.follower_id WHERE m.{MINE.replace('AND ', 'AND m.')} AND m.kept_at IS NULL ORDER BY m.due_on",
    "movements": f"SELECT id, kind, words, at, feedback FROM care_movement WHERE {MINE} ORDER BY at DESC LIMIT 3",
    "tasks": f"""SELECT DISTINCT ON (t.key) t.id, t.key, t.due_at, t.opens_at, p.name AS person FROM duties_task t LEFT JOIN people_person p ON p.id = t.person_id
        WHERE t.{MINE.replace('AND ', 'AND t.')} AND t.subject_kind = 'household' AND t.done_at IS NULL AND t.waived_at IS NULL AND t.missed_at IS NULL ORDER BY t.key, t.due_at""",
    "last": f"SELECT way, made_at, mood FROM care_visit WHERE {MINE} AND outcome = 'met' ORDER BY made_at DESC LIMIT 1",
    "answers": f"SELECT at FROM care_answer WHERE {MINE} ORDER BY at DESC LIMIT 1",
}  # fmt: skip
READ = "SELECT " + ", ".join(
    f"(SELECT coalesce(json_agg(x), '[]') FROM ({sql}) x) AS {name}" for name, sql in PARTS.items()
)
TIME = ("due_at", "opens_at", "made_at", "kept_at", "noted_at", "at", "since")
DAY = ("planned_on", "due_on", "next_on", "until", "born_on", "left_on", "vaccinated_on")


@dataclass
class File:
    """What the page shows; `parts` are rows as the statement brought them, dates turned to dates."""

    household: Household
    reach: Reach
    now: datetime
    parts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["parts"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def today(self) -> date:
        return clock.today(self.reach.estate, self.now)

    @property
    def rooms(self) -> str:
        return listed(home["code"] for home in self.homes)

    @property
    def tier(self) -> str:
        return str(Tier(self.household.tier).label) if self.household.tier else ""

    @property
    def tiering(self) -> dict[str, Any] | None:
        """The row in force with a sentence that says why."""
        row = self.tierings[0] if self.tierings else None
        return row and {**row, "because": because(row)}

    @property
    def likes(self) -> list[str]:
        known = (
            Slot(self.household.slot).label if self.household.slot else "",
            Way(self.household.way).label if self.household.way else "",
        )
        return [str(each) for each in (*known, self.household.preferences) if each]

    @property
    def callable(self) -> dict[str, Any] | None:
        """Whom to ring: the first who lives here and has a telephone."""
        return next((row for row in self.members if row["masked"] and not row["left_on"]), None)


def because(row: dict[str, Any]) -> str:
    """`报事较多：6（≥ 5）`; a person's decision with its reason."""
    if not row["rule"]:
        until = _("，到 %(day)s") % {"day": row["until"]} if row["until"] else ""
        return _("%(who)s调整：%(why)s%(until)s") % {"who": row["by"] or "—", "why": row["why"], "until": until}
    rule = tiers_book().rules.get(row["rule"])
    if rule is None:
        return str(row["rule"])
    if not (rule.at_least or rule.at_most):
        return _(rule.title)
    sign, facts = ("≤" if rule.at_most else "≥"), row["facts"]
    return _("%(rule)s：%(count)s（%(sign)s %(bound)s）") % {
        "rule": _(rule.title),
        "count": facts.get("count"),
        "sign": sign,
        "bound": facts.get("bound"),
    }


def file_of(household: Household, reach: Reach, now: datetime) -> File:
    """One statement. The household was fetched through the reach."""
    with connection.cursor() as cursor:
        cursor.execute(READ, {"e": reach.estate.pk, "h": household.pk, "today": clock.today(reach.estate, now)})
        row = cursor.fetchone()
    parts = {name: [_turned(one) for one in some] for name, some in zip(PARTS, row, strict=True)}
    found = File(household, reach, now, parts)
    _dress(found)
    return found


def _turned(row: dict[str, Any]) -> dict[str, Any]:
    for name in TIME:
        if row.get(name):
            row[name] = datetime.fromisoformat(row[name])
    for name in DAY:
        if row.get(name):
            row[name] = date.fromisoformat(row[name])
    return row


def _dress(found: File) -> None:
    """Labels, masks, and what this reader may not know taken out."""
    parts, today = found.parts, found.today
    may_needs = found.reach.may("household.needs")
    agreed: dict[int, list[dict[str, Any]]] = {}
    for row in parts["consents"]:
        agreed.setdefault(row["member_id"], []).append({**row, "label": Purpose(row["purpose"]).label})
    names = {row["id"]: row["name"] for row in parts["members"]}
    for row in parts["members"]:
        born = Member(born_year=row["born_year"], born_on=row["born_on"])
        row |= {
            "label": Member.Kind(row["kind"]).label,
            "masked": mask_phone(row.pop("phone")),
            "age": born.age(today),
            "consents": agreed.get(row["id"], []),
        }
        row["birthday"] = row["born_on"] and (row["born_on"].month, row["born_on"].day) == (today.month, today.day)
    parts["needs"] = [row for row in parts["needs"] if may_needs or row["kind"] not in Need.SENSITIVE]
    for row in parts["needs"]:
        row |= {
            "label": Need.Kind(row["kind"]).label,
            "sensitive": row["kind"] in Need.SENSITIVE,
            "who": names.get(row["member_id"], ""),
        }
    for name, kind in (("pets", Pet.Kind), ("documents", HouseholdDocument.Kind), ("movements", Movement.Kind)):
        for row in parts[name]:
            row["label"] = kind(row["kind"]).label
    for row in (*parts["planned"], *parts["last"]):
        row["label"] = Visit.Way(row["way"]).label
    for row in parts["tasks"]:
        known = duties().get(row["key"])
        row["title"] = _(known[1].title) if known else row["key"]
