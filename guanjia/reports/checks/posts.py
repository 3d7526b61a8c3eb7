"""Posts: held, in line, fit for the site, reachable; `post_held:<role>` for every role (STF-01 … STF-57)."""

from __future__ import annotations

from guanjia.people.roles import roles

from ..proofs import Source, proof

HELD = "p.estate_id = %(estate)s AND p.during @> %(day)s::date"
POSTS = Source("post", f"FROM people_post p JOIN people_person who ON who.id = p.person_id WHERE {HELD}", "p.id", "who.name || ' ' || p.role", zone="p.zone_id", who="p.person_id")
LINES = [(role, upper) for role, entry in roles().items() for upper in entry["reports_to"]]
ABOVE = ", ".join(f"('{role}', '{upper}')" for role, upper in LINES)
SITES = ", ".join(f"('{role}', '{site}')" for role, entry in roles().items() for site in entry.get("sites", [])) or "('', '')"

proof(
    "reporting_lines", POSTS, "岗位有上级", "Every post has somebody above it", due=f"p.role <> 'manager' AND p.role IN (SELECT a.role FROM (VALUES {ABOVE}) a (role, upper))",  # a manager's line leaves the estate
    kept=f"EXISTS (SELECT 1 FROM (VALUES {ABOVE}) a (role, upper) WHERE a.role = p.role AND (EXISTS (SELECT 1 FROM people_post q WHERE q.estate_id = %(estate)s AND q.during @> %(day)s::date AND q.role = a.upper)"
    " OR EXISTS (SELECT 1 FROM people_companypost c WHERE c.company_id = %(company)s AND c.during @> %(day)s::date AND c.role = a.upper)))",
)  # fmt: skip
proof(
    "site_type", POSTS, "岗位与项目类型相符", "Posts fit the kind of site",
    kept=f"NOT EXISTS (SELECT 1 FROM (VALUES {SITES}) s (role, site) WHERE s.role = p.role) OR EXISTS (SELECT 1 FROM (VALUES {SITES}) s (role, site) WHERE s.role = p.role AND s.site = %(site_type)s)",
)  # fmt: skip
proof("staff_reachable", POSTS, "在岗人员有联系电话", "Everybody at work can be telephoned", kept="coalesce(who.phone, '') <> ''")
proof("staff_has_photo", POSTS, "管家公示照片", "Stewards show their face", due="p.role IN ('steward', 'assistant_steward')", kept="who.photo <> ''")
proof("staff_active", POSTS, "在岗人员账号有效", "Everybody at work can sign in", kept="who.is_active")
MODULES = ", ".join(f"'{role}'" for role, entry in roles().items() if "R-22" in entry["number"])
proof("concurrent_roles", POSTS, "兼任模块的人是管家", "Who keeps a module besides is a steward", due=f"p.role IN ({MODULES})", kept=f"EXISTS (SELECT 1 FROM people_post q WHERE q.estate_id = %(estate)s AND q.person_id = p.person_id AND q.during @> %(day)s::date AND q.role NOT IN ({MODULES}))")

ONE = Source("estate", "FROM estates_estate e WHERE e.id = %(estate)s", "e.id", "e.name")
for role, entry in roles().items():
    proof(
        f"post_held:{role}", ONE, f"{entry['title']}有人担任", f"Somebody is {entry['title_en']}",
        kept=f"EXISTS (SELECT 1 FROM people_post p WHERE {HELD} AND p.role = '{role}') OR EXISTS (SELECT 1 FROM people_companypost c WHERE c.company_id = %(company)s AND c.during @> %(day)s::date AND c.role = '{role}')",
    )  # fmt: skip
