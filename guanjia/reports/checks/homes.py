"""Units and households: the register is whole, every home has its file (EST-06, HSE-02, VAC-07)."""

from __future__ import annotations

from ..proofs import Source, proof

STEWARD = "(SELECT p.person_id FROM people_post p WHERE p.estate_id = %(estate)s AND p.role = 'steward' AND NOT p.deputy AND p.zone_id = u.zone_id AND p.during @> %(day)s::date LIMIT 1)"
LIVES = "o.estate_id = %(estate)s AND o.during @> %(day)s::date"
UNITS = Source("unit", "FROM estates_unit u WHERE u.estate_id = %(estate)s", "u.id", "u.code", zone="u.zone_id", who=STEWARD)
HOUSEHOLDS = Source("household", "FROM households_household h WHERE h.estate_id = %(estate)s", "h.id", "h.number")
MEMBERS = "FROM households_member m WHERE m.estate_id = %(estate)s AND m.household_id = h.id AND m.left_on IS NULL"
TAKEN = "('occupied', 'let', 'renovating')"

proof("unit_has_zone", UNITS, "每户归一个片区", "Every unit belongs to a zone", kept="u.zone_id IS NOT NULL")
proof(
    "unit_has_steward", UNITS, "每户有责任管家", "Every unit has a steward",
    kept="EXISTS (SELECT 1 FROM people_post p WHERE p.estate_id = %(estate)s AND p.role = 'steward' AND p.during @> %(day)s::date AND (p.zone_id = u.zone_id OR p.zone_id IS NULL))",
)  # fmt: skip
proof("unit_areas", UNITS, "每户登记建筑面积", "Every unit's area is known", kept="u.area > 0")
proof("occupied_unit_has_household", UNITS, "入住户有住户登记", "Every occupied unit has a household", due=f"u.state IN {TAKEN}", kept=f"EXISTS (SELECT 1 FROM households_occupancy o WHERE {LIVES} AND o.unit_id = u.id)")
FILED = f"EXISTS (SELECT 1 FROM households_occupancy o JOIN households_member m ON m.estate_id = o.estate_id AND m.household_id = o.household_id AND m.left_on IS NULL WHERE {LIVES} AND o.unit_id = u.id)"
proof("household_has_file", UNITS, "一户一档", "One file for every household", due=f"u.state IN {TAKEN}", kept=FILED)
proof("household_files", UNITS, "住户档案齐全", "Household files are complete", due=f"u.state IN {TAKEN}", kept=f"{FILED} AND u.area > 0")
proof(
    "vacant_register_current", UNITS, "空置房每月查过", "Every vacant unit was inspected within a month", due="u.state = 'vacant'",
    kept="EXISTS (SELECT 1 FROM duties_task k WHERE k.estate_id = %(estate)s AND k.unit_id = u.id AND k.key = 'vac_inspect' AND k.done_at > %(now)s::timestamptz - interval '31 days')",
)  # fmt: skip
proof("vacant_unit_has_steward", UNITS, "空置房有专人负责", "Every vacant unit is somebody's", due="u.state IN ('vacant', 'unsold')", kept=f"{STEWARD} IS NOT NULL")
proof("units_billed", UNITS, "入住户都有收费项目", "Every occupied unit is charged", due=f"u.state IN {TAKEN}", kept="EXISTS (SELECT 1 FROM billing_unitfee f WHERE f.estate_id = %(estate)s AND f.unit_id = u.id AND (f.ends_on IS NULL OR f.ends_on > %(day)s::date))")
proof("household_reachable", HOUSEHOLDS, "住户联系得上", "Every household can be reached", kept=f"EXISTS (SELECT 1 {MEMBERS} AND m.phone <> '')")
proof("household_has_owner", HOUSEHOLDS, "住户登记了业主", "Every household has its owner", kept=f"EXISTS (SELECT 1 {MEMBERS} AND m.kind = 'owner')")
proof("household_has_tier", HOUSEHOLDS, "住户都已分层", "Every household has its tier", kept="h.tier <> ''")
proof("preferences_kept", HOUSEHOLDS, "住户有服务偏好", "Every household's preferences are kept", kept="h.preferences <> ''")
for name, metric, target, title, title_en in (
    ("contact_rate", "contact", "contact.effective_rate", "有效沟通率达标", "The contact rate is reached"),
    ("familiarity_rate", "familiarity", "contact.familiarity", "客户熟悉率达标", "The familiarity rate is reached"),
):
    # The figures that the page of coverage keeps by the day (guanjia/care/coverage.py): one formula for page, API and proof (CF-06).
    newest = "(SELECT max(g.day) FROM care_coveragefigure g WHERE g.estate_id = %(estate)s AND g.day <= %(day)s)"
    figures = f"SELECT sum(f.part) AS part, sum(f.whole) AS whole FROM care_coveragefigure f WHERE f.estate_id = %(estate)s AND f.metric = '{metric}' AND f.day = {newest}"
    proof(name, Source("household", f"FROM ({figures}) r WHERE r.whole > 0", "0", "trunc(r.part * 100.0 / r.whole, 1) || ' %%'"),
          title, title_en, kept=f"r.part * 100 >= %({target})s::numeric * r.whole")  # fmt: skip
VEHICLES = Source("household", "FROM households_parking c WHERE c.estate_id = %(estate)s", "c.id", "c.lot || ' ' || c.code")
proof("let_space_has_holder", VEHICLES, "租售车位登记了住户", "Let and sold spaces have a holder", due="c.tenure <> ''", kept="c.household_id IS NOT NULL")

# As they are looked after: changed numbers, key customers, the first month's survey (HSE-01, HSE-13, HSE-20, HSE-21).
CHANGES = Source(
    "household", "FROM households_contactchange c JOIN households_member m ON m.estate_id = c.estate_id AND m.id = c.member_id WHERE c.estate_id = %(estate)s",
    "m.household_id", "m.number || ' ' || c.at::date", at="c.at", who="c.by_id",
)  # fmt: skip
KEYS = Source(
    "household", "FROM care_keycustomer k JOIN households_household h ON h.estate_id = k.estate_id AND h.id = k.household_id WHERE k.estate_id = %(estate)s AND k.ended_at IS NULL",
    "h.id", "h.number", who="k.person_id",
)  # fmt: skip
SURVEYS = Source("survey", "FROM care_survey s WHERE s.estate_id = %(estate)s", "s.id", "s.begins_on::text", who="s.made_by_id")
ACTED = "EXISTS (SELECT 1 FROM care_careact a WHERE a.estate_id = k.estate_id AND a.key_customer_id = k.id)"
OVERDUE = (
    "EXISTS (SELECT 1 FROM care_careact a WHERE a.estate_id = k.estate_id AND a.key_customer_id = k.id AND a.next_on < %(day)s::date"
    " AND NOT EXISTS (SELECT 1 FROM care_careact b WHERE b.estate_id = a.estate_id AND b.key_customer_id = a.key_customer_id AND b.at > a.at))"
)
HOMES = "(SELECT count(*) FROM households_household h WHERE h.estate_id = %(estate)s)"
KNOWN = (
    "(SELECT count(*) FROM households_household h WHERE h.estate_id = %(estate)s AND ("
    "EXISTS (SELECT 1 FROM care_answer a WHERE a.estate_id = h.estate_id AND a.household_id = h.id AND a.at >= s.begins_on)"
    " OR EXISTS (SELECT 1 FROM care_visit v WHERE v.estate_id = h.estate_id AND v.household_id = h.id AND v.outcome = 'met' AND v.made_at >= s.begins_on)))"
)

proof("contact_changes", CHANGES, "联系方式变更有登记", "Changed numbers are on record with who noted them", kept="c.by_id IS NOT NULL")
proof("key_customers_cared", KEYS, "重点客户有计划和维护记录", "Key customers have a plan and acts of keeping it", due="k.begun_at < %(now)s::timestamptz - interval '30 days'", kept=f"k.plan <> '' AND {ACTED}")
proof("key_customers_in_time", KEYS, "重点客户的下一步按时做", "What a key customer's plan has next is done in time", due=ACTED, kept=f"NOT {OVERDUE}")
proof(
    "survey_reached", SURVEYS, "首月摸底达到目标", "The first month's survey reached every household",
    due="s.ended_at IS NOT NULL OR s.begins_on + make_interval(months => s.months) <= %(day)s::date", kept=f"{KNOWN} >= {HOMES}",
)  # fmt: skip
