"""Services: quoted before work, priced, promised times kept, suppliers vetted and followed up (VAS-02..11, VAS-16)."""

from __future__ import annotations

from guanjia.services.book import services_book

from ..proofs import Source, proof

ORDERS = Source(
    "service_order",
    "FROM services_serviceorder o JOIN estates_unit u ON u.estate_id = o.estate_id AND u.id = o.unit_id WHERE o.estate_id = %(estate)s",
    "o.id", "u.code || ' ' || o.item", at="o.ordered_at", zone="u.zone_id", who="COALESCE(o.worker_id, o.assigned_by_id, o.taken_by_id)",
)  # fmt: skip
SUPPLIERS = Source("supplier", "FROM services_supplier s WHERE s.estate_id = %(estate)s", "s.id", "s.name")
HOUSE = Source("estate", "FROM estates_estate e WHERE e.id = %(estate)s", "e.id", "e.name")
# What the rulebook offers, with the estate's own word of the day before it.
ITEMS = ", ".join(
    f"('{key}', '{item.family}', '{item.price.kind}', {item.offered}, {item.price.amount if item.price.amount is not None else 'NULL'}::numeric, {number})"
    for number, (key, item) in enumerate(services_book().items.items(), 1)
)  # fmt: skip
STANDS = (
    f"(VALUES {ITEMS}) d (key, family, kind, offered, amount, number) LEFT JOIN LATERAL (SELECT f.on, f.amount FROM services_offer f "
    "WHERE f.estate_id = %(estate)s AND f.key = d.key AND f.since <= %(day)s::date ORDER BY f.since DESC LIMIT 1) own ON true"
)
OFFERED = Source("service_offer", f"FROM {STANDS} WHERE COALESCE(own.on, d.offered)", "d.number", "d.key")
FAMILIES = Source("service_offer", "FROM (VALUES ('routine', 1), ('special', 2), ('help', 3)) g (family, number) WHERE %(estate)s::bigint IS NOT NULL", "g.number", "g.family")
SENT = "EXISTS (SELECT FROM services_serviceorder o WHERE o.estate_id = s.estate_id AND o.supplier_id = s.id)"
LISTED = "s.contract_ends >= %(day)s::date AND NOT EXISTS (SELECT FROM services_ban b WHERE b.estate_id = s.estate_id AND b.supplier_id = s.id AND b.lifted_at IS NULL)"

proof(
    "service_quoted_first", ORDERS, "有偿维修先报价、同意后动手", "Paid repairs are quoted and agreed to before the work",
    due="o.kind = 'quote' AND o.stage IN ('agreed', 'done')",
    kept="EXISTS (SELECT FROM services_quote q WHERE q.estate_id = o.estate_id AND q.order_id = o.id AND q.agreed AND (o.done_at IS NULL OR q.answered_at <= o.done_at))",
)  # fmt: skip
proof(
    "service_all_mended", ORDERS, "入户维修能修尽修", "Repairs indoors that were agreed to are done",
    due="o.item = 'indoor_repair' AND o.agreed_at IS NOT NULL AND (o.ended_at IS NOT NULL OR o.due_at < %(now)s::timestamptz)", kept="o.stage = 'done'",
)  # fmt: skip
proof(
    "service_promises_kept", ORDERS, "特约服务在承诺时间内完成", "Services are done within the promised time",
    due="o.stage = 'done' OR (o.stage IN ('asked', 'agreed') AND o.due_at < %(now)s::timestamptz)", kept="o.stage = 'done' AND o.kept_promise",
)  # fmt: skip
proof(
    "service_menu_used", HOUSE, "住户在手机菜单上自行点单", "Households order by themselves from the menu",
    due="EXISTS (SELECT FROM services_serviceorder o WHERE o.estate_id = e.id)",
    kept="EXISTS (SELECT FROM services_serviceorder o WHERE o.estate_id = e.id AND o.orderer_id IS NOT NULL)",
)  # fmt: skip
proof(
    "service_families_offered", FAMILIES, "日常、特约、无偿帮助三类服务都有", "All three families of services are offered",
    due="g.family <> 'routine'", kept=f"EXISTS (SELECT FROM {STANDS} WHERE d.family = g.family AND COALESCE(own.on, d.offered))",
)  # fmt: skip
proof(
    "service_priced", OFFERED, "开办的服务都有价格或先报价", "Every service on offer has a price or is quoted first",
    kept="d.kind <> 'fixed' OR COALESCE(own.amount, d.amount) IS NOT NULL",
)  # fmt: skip
proof(
    "service_catalogue_whole", HOUSE, "社区服务目录齐全", "The catalogue of services is whole",
    kept=f"{sum(item.number is not None for item in services_book().items.values())} >= %(vas.catalogue)s::int",
)  # fmt: skip
proof(
    "service_features_rendered", ORDERS, "特色服务有办理", "Feature services that were ordered are rendered",
    due="o.item IN ('wedding', 'moving', 'birthday', 'reminder', 'key_custody') AND o.ended_at IS NOT NULL AND o.stage <> 'declined'", kept="o.stage = 'done'",
)  # fmt: skip
proof(
    "service_errands_rendered", ORDERS, "有偿服务有办理", "Paid services that were ordered are rendered",
    due="o.kind <> 'free' AND o.ended_at IS NOT NULL AND o.stage <> 'declined'", kept="o.stage = 'done'",
)  # fmt: skip
proof(
    "service_charged_as_priced", ORDERS, "特约服务按明码或同意的报价收费", "Services are charged what was priced or agreed to",
    due="o.stage = 'done'",
    kept="CASE WHEN COALESCE(o.amount, 0) = 0 THEN o.bill_id IS NULL ELSE EXISTS (SELECT FROM billing_bill b WHERE b.estate_id = o.estate_id AND b.id = o.bill_id AND b.amount = o.amount) END",
)  # fmt: skip
proof(
    "service_free_help_given", ORDERS, "无偿帮助有办理", "Free help that was asked for is given",
    due="o.item IN ('rescue', 'donation', 'volunteer', 'caring_reminder', 'post') AND o.ended_at IS NOT NULL", kept="o.stage = 'done' AND o.bill_id IS NULL",
)  # fmt: skip
proof(
    "service_business_brings_income", HOUSE, "多种经营有收入", "Business beside daily care brings income",
    kept="EXISTS (SELECT FROM services_serviceorder o WHERE o.estate_id = e.id AND o.stage = 'done' AND o.amount > 0 AND o.done_at > %(now)s::timestamptz - interval '1 year')",
)  # fmt: skip
proof(
    "supplier_vetted", SUPPLIERS, "供应商先考察后派单", "Suppliers are looked at before they are ordered from",
    due=SENT,
    kept="EXISTS (SELECT FROM services_vetting v WHERE v.estate_id = s.estate_id AND v.supplier_id = s.id AND v.passed AND v.at <= (SELECT min(o.assigned_at) FROM services_serviceorder o WHERE o.estate_id = s.estate_id AND o.supplier_id = s.id))",
)  # fmt: skip
proof(
    "supplier_reviewed", SUPPLIERS, "供应商质量定期回访", "Suppliers' quality is followed up regularly",
    due=f"{LISTED} AND s.contract_starts <= %(day)s::date - %(suppliers.review_days)s::numeric::int",
    kept="EXISTS (SELECT FROM services_review r WHERE r.estate_id = s.estate_id AND r.supplier_id = s.id AND r.on > %(day)s::date - %(suppliers.review_days)s::numeric::int)",
)  # fmt: skip
