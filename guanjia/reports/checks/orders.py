"""Work orders: given through the right one, taken, proved, refused only on two grounds (STF-02 … STF-04, REQ-08, REQ-45 … REQ-47)."""

from __future__ import annotations

from ..proofs import Source, proof

FROM = "FROM tickets_workorder w JOIN tickets_ticket t ON t.estate_id = w.estate_id AND t.id = w.ticket_id"
ORDERS = Source("ticket", f"{FROM} WHERE w.estate_id = %(estate)s AND w.stage <> 'withdrawn'", "t.id", "t.number", at="w.offered_at", zone="t.zone_id", who="w.worker_id")


def of(table: str) -> Source:
    """Rows that hang on an order: refusals, objections, calls for help, pauses."""
    rows = f"FROM tickets_{table} x JOIN tickets_workorder w ON w.estate_id = x.estate_id AND w.id = x.work_id JOIN tickets_ticket t ON t.estate_id = w.estate_id AND t.id = w.ticket_id WHERE x.estate_id = %(estate)s"
    return Source("ticket", rows, "t.id", "t.number", at="x.at", zone="t.zone_id", who="w.worker_id")


def holds(person: str, *roles: str) -> str:
    """A person held one of the roles on the day the order was given."""
    among = ", ".join(f"'{role}'" for role in roles)
    return f"EXISTS (SELECT 1 FROM people_post p WHERE p.estate_id = %(estate)s AND p.person_id = {person} AND p.role IN ({among}) AND p.during @> w.offered_at::date)"


ENDED = "w.stage = 'finished'"
FORMER = "w.offered_at < %(now)s::timestamptz - interval '1 hour'"
WISHED = "(t.wishes <> '' OR EXISTS (SELECT 1 FROM households_household h WHERE h.estate_id = t.estate_id AND h.id = t.household_id AND h.preferences <> ''))"

proof("order_taken", ORDERS, "派单有人接", "Every order was taken", due=f"{FORMER} AND w.stage <> 'refused'", kept="w.taken_at IS NOT NULL")
proof("order_given_by_known", ORDERS, "派单人已登记", "Who gave an order is known", kept="w.given_by_id IS NOT NULL OR w.helps_id IS NOT NULL")
proof("order_carries_wishes", ORDERS, "派单带优先级和要求", "Orders carry priority and wishes", due=WISHED, kept="w.priority <> '' AND w.wishes <> ''", who="w.given_by_id")
proof("order_arrival_proved", ORDERS, "到场有凭证", "Every arrival has its proof", due="w.arrived_at IS NOT NULL", kept="w.arrival_proof IN ('qr', 'position', 'word')")
proof("order_arrived_before_finished", ORDERS, "先到场再完工", "Nobody finished without having come", due=ENDED, kept="w.arrived_at IS NOT NULL")
proof("order_finished_with_result", ORDERS, "完工写明结果", "Every finished order says its result", due=ENDED, kept="w.result <> ''")
proof("order_finished_with_photo", ORDERS, "完工有照片", "Every finished order has a photo", due=ENDED, kept="EXISTS (SELECT 1 FROM tickets_photo x WHERE x.estate_id = w.estate_id AND x.ticket_id = w.ticket_id AND x.moment <> 'report')")
proof("order_work_via_leader", ORDERS, "秩序员经班长派单", "Guards get their orders through their leader", due=holds("w.worker_id", "order_keeper"), kept=holds("w.given_by_id", "order_leader", "order_supervisor", "dispatcher"), who="w.given_by_id")
proof("order_worker_holds_post", ORDERS, "接单人在岗", "Who got an order held a post", kept="EXISTS (SELECT 1 FROM people_post p WHERE p.estate_id = %(estate)s AND p.person_id = w.worker_id AND p.during @> w.offered_at::date)")
proof("single_entry", ORDERS, "派单都经一站式受理", "Every order came through the one entry", kept="t.classified_at IS NOT NULL OR t.taken_by_id IS NOT NULL OR t.reporter_id IS NOT NULL OR t.anonymous")
proof("refusal_only_illegal_or_dangerous", of("refusal"), "只以违法或危险拒单", "Refused only as illegal or dangerous", kept="x.ground IN ('illegal', 'dangerous') AND x.why <> ''")
proof("refusal_has_ground", of("refusal"), "拒单有理由有裁定", "Every refusal has its ground and its ruling", kept="x.ground IN ('illegal', 'dangerous') AND x.judged_at IS NOT NULL")
proof("refusal_judged_by_other", of("refusal"), "拒单由他人裁定", "Refusals were judged by somebody else", due="x.judged_at IS NOT NULL", kept="x.judged_by_id IS DISTINCT FROM x.by_id AND x.judged_by_id IS DISTINCT FROM w.given_by_id", who="x.judged_by_id")
proof("objection_after_work", of("objection"), "先做后提异议", "Objections came after the work", kept="w.ended_at IS NOT NULL AND x.at >= w.ended_at")
proof("help_request_answered", of("helprequest"), "求助有人应", "Every call for help was answered", kept="x.met_at IS NOT NULL OR w.stage = 'finished'", who="x.met_by_id")
proof("pause_has_reason", of("workpause"), "暂停作业写明原因", "Every pause of work has its reason", kept="x.why <> ''")
proof("material_counted", of("material"), "用料有数量", "Material used is counted", kept="x.quantity > 0 AND x.item <> ''")
