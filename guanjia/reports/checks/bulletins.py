"""Bulletins: read over by another, sent to whom they are for, off the boards in time (COM-13..15)."""

from __future__ import annotations

from ..proofs import Source, proof

BULLETINS = Source("bulletin", "FROM bulletins_bulletin b WHERE b.estate_id = %(estate)s AND b.out_at IS NOT NULL", "b.id", "b.title", at="b.out_at", who="b.writer_id")
HANGINGS = Source(
    "hanging",
    "FROM bulletins_hanging g JOIN bulletins_bulletin b ON b.estate_id = g.estate_id AND b.id = g.bulletin_id JOIN estates_place p ON p.estate_id = g.estate_id AND p.id = g.board_id"
    " WHERE g.estate_id = %(estate)s AND b.over_at IS NOT NULL AND b.over_at < %(now)s::timestamptz - interval '36 hours'",
    "g.id", "p.name || ' ' || b.title", at="b.over_at", zone="p.zone_id",
)  # fmt: skip

proof("notice_checked_by_other", BULLETINS, "通知经别人审核后发布", "Notices go out once somebody else has read them", due="b.kind IN ('notice', 'outage', 'tip', 'prices')", kept="b.checker_id IS NOT NULL AND b.checker_id <> b.writer_id")
proof("outage_told_to_homes", BULLETINS, "停水停电通知发到住户", "Outage notices reach the homes concerned", due="b.kind = 'outage'", kept="b.reached > 0")
proof("board_cleared_in_time", HANGINGS, "到期通知次日取下", "Boards are cleared by the next morning's check", kept="g.removed_at IS NOT NULL AND g.removed_at <= b.over_at + interval '36 hours'")
