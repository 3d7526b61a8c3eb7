"""Moving in and out: every step done, signed, archived; goods released; cards issued (MOV-01, MOV-03, MOV-04)."""

from __future__ import annotations

from ..proofs import Source, proof

JOIN = "JOIN estates_unit u ON u.estate_id = h.estate_id AND u.id = h.unit_id WHERE h.estate_id = %(estate)s"
HANDOVERS = Source("handover", f"FROM moves_handover h {JOIN} AND h.stage IN ('done', 'archived')", "h.id", "u.code || ' ' || h.done_on", at="h.done_at", zone="u.zone_id", who="h.done_by_id")
BOOKED = Source("handover", f"FROM moves_handover h {JOIN} AND h.stage <> 'cancelled'", "h.id", "u.code || ' ' || h.day", at="h.at", zone="u.zone_id", who="h.by_id")
MOVES = Source(
    "move", "FROM moves_move m JOIN estates_unit u ON u.estate_id = m.estate_id AND u.id = m.unit_id WHERE m.estate_id = %(estate)s AND m.cancelled_at IS NULL",
    "m.id", "u.code || ' ' || m.day", at="m.at", zone="u.zone_id", who="m.by_id",
)  # fmt: skip

proof(
    "handovers_done", BOOKED, "入伙迁出按约办结并归档", "Handovers are completed as booked and archived",
    due="h.day < %(day)s::date - 7 OR h.stage = 'archived'", kept="h.stage = 'archived'",
)  # fmt: skip
proof(
    "cards_issued", HANDOVERS, "入伙发住户卡", "Who moves in gets a resident card",
    due="h.direction = 'in'",
    kept="h.waived ? 'cards' OR EXISTS (SELECT 1 FROM gate_card c WHERE c.estate_id = h.estate_id AND c.unit_id = h.unit_id AND c.household_id = h.household_id)",
)  # fmt: skip
proof(
    "moves_released", MOVES, "搬家有预约、有放行", "Moves are booked and their goods released",
    due="m.day < %(day)s::date OR m.passed_at IS NOT NULL", kept="m.released_at IS NOT NULL AND (m.direction = 'in' OR m.owner_agrees)",
)  # fmt: skip
