"""The statement that makes tasks: slots × duties × what they are about × who does it, inserted once."""

from __future__ import annotations

SUBJECTS = {
    "estate": "SELECT 'estate', '', 'estate', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL",
    "event": "SELECT 'event', '', 'event', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL",
    "zone": "SELECT 'zone', '', 'zone', id, id, NULL, NULL, NULL, NULL, NULL, NULL FROM estates_zone WHERE estate_id = %(estate)s",
    "building": "SELECT 'building', '', 'building', id, zone_id, id, NULL, NULL, NULL, NULL, NULL FROM estates_building WHERE estate_id = %(estate)s",
    "entrance": """SELECT 'entrance', '', 'entrance', e.id, b.zone_id, b.id, NULL, NULL, NULL, NULL, NULL FROM estates_entrance AS e
        JOIN estates_building AS b ON b.estate_id = e.estate_id AND b.id = e.building_id WHERE e.estate_id = %(estate)s""",
    "place": "SELECT 'place', kind, 'place', id, zone_id, building_id, NULL, id, NULL, NULL, NULL FROM estates_place WHERE estate_id = %(estate)s",
    "unit": "SELECT 'unit', kind, 'unit', id, zone_id, building_id, id, NULL, NULL, NULL, NULL FROM estates_unit WHERE estate_id = %(estate)s",
    "vacant_unit": """SELECT 'vacant_unit', kind, 'unit', id, zone_id, building_id, id, NULL, NULL, NULL, NULL FROM estates_unit
        WHERE estate_id = %(estate)s AND state IN ('vacant', 'unsold')""",
    "renovation": """SELECT 'renovation', kind, 'unit', id, zone_id, building_id, id, NULL, NULL, NULL, NULL FROM estates_unit
        WHERE estate_id = %(estate)s AND state = 'renovating'""",
    "household": """SELECT DISTINCT ON (h.id) 'household', concat_ws(' ', nullif(h.tier, ''), CASE WHEN h.is_vulnerable THEN 'vulnerable' END, CASE WHEN h.in_arrears THEN 'arrears' END), 'household', h.id, u.zone_id, u.building_id, u.id, NULL::bigint, h.id, NULL::bigint, NULL::int
        FROM households_household AS h
        JOIN households_occupancy AS o ON o.estate_id = h.estate_id AND o.household_id = h.id AND o.during @> %(today)s::date
        JOIN estates_unit AS u ON u.estate_id = o.estate_id AND u.id = o.unit_id
        WHERE h.estate_id = %(estate)s""",
    "staff": """SELECT 'staff', role, 'person', person, NULLIF(zone, 0), NULL, NULL, NULL, NULL, person, turn
        FROM unnest(%(staff_role)s::text[], %(staff_person)s::bigint[], %(staff_zone)s::bigint[], %(staff_turn)s::int[]) AS s (role, person, zone, turn)""",
}  # fmt: skip

# A slot belongs to the way of the duty in force when it opens; a duty that begins anew also takes what is open then.
# An event's slot is only for what it is about. Who is equally near takes turns by what it is about.
MAKE = """
WITH slot AS MATERIALIZED (
    SELECT * FROM unnest(
        %(slot_set)s::int[], %(slot_key)s::text[], %(slot_day)s::date[], %(slot_opens)s::timestamptz[], %(slot_due)s::timestamptz[],
        %(slot_shift)s::text[], %(slot_turn)s::int[], %(slot_event)s::bigint[], %(slot_zone)s::bigint[], %(slot_unit)s::bigint[],
        %(slot_place)s::bigint[], %(slot_household)s::bigint[]
    ) AS s (set, key, day, opens_at, due_at, shift, turn, event, zone_id, unit_id, place_id, household_id)
), hand AS MATERIALIZED (
    SELECT role, zone, turn, people::bigint[] AS people
    FROM unnest(%(hand_role)s::text[], %(hand_zone)s::bigint[], %(hand_turn)s::int[], %(hand_people)s::text[]) AS h (role, zone, turn, people)
), subject (scope, sort, kind, id, zone_id, building_id, unit_id, place_id, household_id, person, turn) AS MATERIALIZED (
    SELECT ''::text, ''::text, ''::text, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::int WHERE false
    UNION ALL {subjects}
), work AS MATERIALIZED (
    SELECT d.id, d.key, d.role, d.scope, d.narrowed, d.laid_at, d.ended_at, d.follows, m.set, m.fresh
    FROM unnest(%(duty_id)s::bigint[], %(duty_set)s::int[], %(duty_fresh)s::bool[]) AS m (id, set, fresh)
    JOIN duties_duty AS d ON d.estate_id = %(estate)s AND d.id = m.id
), due AS (
    SELECT w.id, w.key, w.role, w.scope, w.narrowed, s.set, s.key AS slot, s.day, s.opens_at, s.due_at, s.shift, s.turn, s.event,
        s.zone_id, s.unit_id, s.place_id, s.household_id
    FROM work AS w JOIN slot AS s ON s.set = w.set
    WHERE (w.ended_at IS NULL OR s.opens_at < w.ended_at)
        AND (s.opens_at >= w.laid_at OR (NOT w.follows AND s.event IS NULL AND s.due_at > w.laid_at))
        AND (w.fresh OR s.event IS NOT NULL OR s.opens_at > %(made_to)s OR (%(sweep)s AND s.due_at > %(now)s))
), made AS (
    INSERT INTO duties_task (
        estate_id, duty_id, key, slot, day, subject_kind, subject_id, zone_id, building_id, unit_id, place_id, household_id,
        opens_at, due_at, role, person_id, shift, made_at, late_made
    )
    SELECT %(estate)s, d.id, d.key, d.slot, d.day, x.kind, coalesce(x.id, d.event), coalesce(x.zone_id, d.zone_id), x.building_id,
        coalesce(x.unit_id, CASE WHEN x.kind = 'event' THEN d.unit_id END), coalesce(x.place_id, CASE WHEN x.kind = 'event' THEN d.place_id END),
        coalesce(x.household_id, CASE WHEN x.kind = 'event' THEN d.household_id END), d.opens_at, d.due_at, d.role,
        CASE WHEN x.kind = 'person' AND d.narrowed = d.role THEN x.person
            ELSE h.people[1 + ((CASE WHEN coalesce(x.id, 0) = 0 THEN d.id ELSE x.id END) %% cardinality(h.people))::int] END,
        d.shift, %(now)s, d.opens_at < %(late)s
    FROM due AS d
    JOIN subject AS x ON x.scope = d.scope AND (d.narrowed = '' OR d.narrowed = ANY(string_to_array(x.sort, ' '))) AND (x.turn IS NULL OR x.turn = d.turn)
        AND (d.event IS NULL OR (
            (d.zone_id IS NULL OR x.zone_id IS NULL OR x.zone_id = d.zone_id)
            AND (d.unit_id IS NULL OR x.unit_id IS NULL OR x.unit_id = d.unit_id)
            AND (d.place_id IS NULL OR x.place_id IS NULL OR x.place_id = d.place_id)
            AND (d.household_id IS NULL OR x.household_id IS NULL OR x.household_id = d.household_id)))
    LEFT JOIN hand AS h ON h.role = d.role AND h.turn = d.turn AND h.zone = coalesce(x.zone_id, d.zone_id, 0)
    ORDER BY d.opens_at, d.id, x.id
    ON CONFLICT DO NOTHING
    RETURNING person_id
)
SELECT count(*), count(*) FILTER (WHERE person_id IS NULL) FROM made
"""
