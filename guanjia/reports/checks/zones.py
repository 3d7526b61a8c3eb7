"""Zones, buildings and places: is everything somebody's, and only one's (EST-01, STF-01, STF-11)?"""

from __future__ import annotations

from ..proofs import Source, proof

HELD = "p.estate_id = %(estate)s AND p.during @> %(day)s::date"
ZONE_STEWARDS = f"(SELECT count(DISTINCT p.person_id) FROM people_post p WHERE {HELD} AND p.role = 'steward' AND NOT p.deputy AND p.zone_id = z.id)"
HOMES = "(SELECT count(*) FROM estates_unit u WHERE u.estate_id = %(estate)s AND u.zone_id = z.id)"
STEWARD = f"(SELECT p.person_id FROM people_post p WHERE {HELD} AND p.role = 'steward' AND NOT p.deputy AND p.zone_id = z.id LIMIT 1)"


def roster(*roles: str) -> str:
    """Somebody holds one of the roles for the zone, or for the whole estate."""
    among = ", ".join(f"'{role}'" for role in roles)
    return f"EXISTS (SELECT 1 FROM people_post p WHERE {HELD} AND p.role IN ({among}) AND (p.zone_id = z.id OR p.zone_id IS NULL))"


ZONES = Source("zone", "FROM estates_zone z WHERE z.estate_id = %(estate)s", "z.id", "z.name", zone="z.id", who=STEWARD)
BUILDINGS = Source(
    "building", "FROM estates_building b WHERE b.estate_id = %(estate)s", "b.id", "b.number || '栋'", zone="b.zone_id"
)
PLACES = Source("place", "FROM estates_place l WHERE l.estate_id = %(estate)s", "l.id", "l.name", zone="l.zone_id")

proof("zone_has_one_steward", ZONES, "每个片区恰有一名管家", "Every zone has exactly one steward", kept=f"{ZONE_STEWARDS} = 1")
proof(
    "zone_roster_complete", ZONES, "片区支持人员四类齐全", "The four supporters of every zone are named",
    kept=" AND ".join([roster("repairer", "plumber", "electrician"), roster("cleaner", "cleaning_leader"), roster("order_keeper", "order_leader"), roster("manager", "supervisor")]),
)  # fmt: skip
proof("zone_has_cleaner", ZONES, "每个片区有保洁负责", "Every zone has its cleaner", kept=roster("cleaner", "cleaning_leader"))
proof("zone_has_repairer", ZONES, "每个片区有维修负责", "Every zone has its repairer", kept=roster("repairer", "plumber", "electrician"))
proof("zone_has_deputy", ZONES, "片区有人代班", "Somebody stands in for every zone's steward", kept=f"EXISTS (SELECT 1 FROM people_post p WHERE {HELD} AND p.zone_id = z.id AND (p.deputy OR p.role = 'assistant_steward'))")
proof("zone_has_buildings", ZONES, "片区划有楼栋", "Every zone has buildings", kept="EXISTS (SELECT 1 FROM estates_building b WHERE b.estate_id = %(estate)s AND b.zone_id = z.id)")
proof("steward_load", ZONES, "每名管家不超过配比上限", "No steward answers for more homes than allowed", kept=f"{HOMES} <= %(staff.ratio_b)s::numeric")
proof("steward_load_standard", ZONES, "每名管家不超过标准配比", "No steward answers for more homes than the standard ratio", kept=f"{HOMES} <= %(staff.ratio_a)s::numeric")
proof("building_has_zone", BUILDINGS, "每栋楼归一个片区", "Every building belongs to a zone", kept="b.zone_id IS NOT NULL")
proof(
    "building_has_reachable_steward", BUILDINGS, "每栋楼有能打通电话的管家", "Every building has a steward with a telephone",
    kept=f"EXISTS (SELECT 1 FROM people_post p JOIN people_person who ON who.id = p.person_id WHERE {HELD} AND p.role = 'steward' AND (p.zone_id = b.zone_id OR p.zone_id IS NULL) AND coalesce(who.phone, '') <> '')",
)  # fmt: skip
proof(
    "estate_profile", BUILDINGS, "每栋楼建有档案", "Every building is on file",
    kept="b.zone_id IS NOT NULL AND b.floors > 0 AND EXISTS (SELECT 1 FROM estates_unit u WHERE u.estate_id = %(estate)s AND u.building_id = b.id)",
)  # fmt: skip
proof("place_has_zone", PLACES, "公共部位归到片区", "Every public place belongs to a zone", kept="l.zone_id IS NOT NULL OR l.building_id IS NULL")

BASELINE = Source(
    "figure",
    "FROM (VALUES ('estate.buildings', %(estate.buildings)s::numeric, (SELECT count(*) FROM estates_building b WHERE b.estate_id = %(estate)s)),"
    " ('estate.households', %(estate.households)s::numeric, (SELECT count(*) FROM estates_unit u WHERE u.estate_id = %(estate)s AND u.kind = 'home')),"
    " ('estate.lifts', %(estate.lifts)s::numeric, (SELECT count(*) FROM estates_place l WHERE l.estate_id = %(estate)s AND l.kind = 'lift'))"
    ") f (name, wanted, counted) WHERE true",
    "0",
    "f.name || ': ' || f.wanted || ' / ' || f.counted",
)
proof("estate_baseline_matches", BASELINE, "小区底数与实际相符", "The estate's quantities equal what is counted", kept="f.wanted = f.counted")
