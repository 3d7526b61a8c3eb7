"""Finance rules that need rows of several nouns (FEE-24, FEE-25, FEE-26, FEE-29, FIN-05, FIN-11, FIN-16, COM-16)."""

from __future__ import annotations

from ..proofs import Source, proof
from .collection import LETTERS, PAPERS, SHIFTS

FINANCE = "SELECT p.person_id FROM people_post p WHERE p.estate_id = %(estate)s AND p.role IN ('cashier', 'finance_lead')"
AREAS = "'billing', 'budget', 'cash', 'collection', 'discount', 'dues', 'fee', 'fund', 'late', 'letter'"  # what finance rules are about
AGREEMENTS = Source(
    "household", "FROM households_householddocument d JOIN households_household h ON h.estate_id = d.estate_id AND h.id = d.household_id WHERE d.estate_id = %(estate)s AND d.kind = 'agreement' AND d.removed_at IS NULL",
    "h.id", "h.name || ' ' || d.title", who="d.kept_by_id",
)  # fmt: skip
CHARGED = "FROM billing_billline l JOIN billing_bill b ON b.estate_id = l.estate_id AND b.id = l.bill_id JOIN billing_fee f ON f.estate_id = l.estate_id AND f.id = l.fee_id JOIN estates_unit u ON u.estate_id = l.estate_id AND u.id = l.unit_id WHERE l.estate_id = %(estate)s AND l.live"
LINE = {"id": "l.bill_id", "label": "u.code || ' ' || f.name || ' ' || to_char(l.period, 'YYYY-MM')", "at": "l.period::timestamptz", "zone": "u.zone_id"}
PARKING = Source("bill", f"{CHARGED} AND (f.basis = 'parking' OR (f.basis = '' AND f.category || f.name ~ '车位|停车|泊车'))", **LINE)
SINGLE = Source("bill", f"{CHARGED} AND b.run_id IS NULL", **LINE)
LET = Source("unit", "FROM households_occupancy t JOIN estates_unit u ON u.estate_id = t.estate_id AND u.id = t.unit_id WHERE t.estate_id = %(estate)s AND t.kind = 'tenant' AND t.during @> %(day)s::date", "u.id", "u.code", zone="u.zone_id")
RULES = Source(
    "parameter", f"FROM rulebooks_parameter p JOIN estates_estate e ON e.id = %(estate)s AND e.company_id = p.company_id WHERE (p.estate_id IS NULL OR p.estate_id = e.id) AND split_part(p.key, '.', 1) IN ({AREAS})",
    "p.id", "p.key", at="p.valid_from", who="p.author_id",
)  # fmt: skip
DRAFTS = Source(
    "draft", "FROM billing_draft d WHERE d.estate_id = %(estate)s AND d.kind <> 'rule' AND d.state <> 'withdrawn'", "d.id", "d.title", at="COALESCE(d.judged_at, d.drafted_at)", who="d.author_id",
)  # fmt: skip
CONTRACTS = Source("supplier", "FROM services_supplier s WHERE s.estate_id = %(estate)s AND s.contract_starts IS NOT NULL", "s.id", "s.name")
DRAFTED = "EXISTS (SELECT 1 FROM billing_draft d WHERE d.estate_id = %(estate)s AND d.kind = 'rule' AND d.state = 'approved' AND d.put @> to_jsonb(p.id))"
JOINED = "(d.finance OR EXISTS (SELECT 1 FROM billing_draftpart t WHERE t.estate_id = d.estate_id AND t.draft_id = d.id AND t.revision = d.revision AND t.finance))"
REACHED = "EXISTS (SELECT 1 FROM households_member m WHERE m.estate_id = t.estate_id AND m.household_id = {household} AND m.left_on IS NULL AND m.phone <> '')"
OWNER = f"EXISTS (SELECT 1 FROM households_occupancy o WHERE o.estate_id = t.estate_id AND o.unit_id = t.unit_id AND o.kind = 'owner' AND o.during @> %(day)s::date AND {REACHED.format(household='o.household_id')})"
FOLLOWED = "EXISTS (SELECT 1 FROM collection_chase c WHERE c.estate_id = h.estate_id AND c.household_id = h.id AND c.at > %(now)s::timestamptz - interval '92 days')"

proof("agreements_followed", AGREEMENTS, "协议单位费用已收或在跟进", "Units under agreement have paid, or are followed", kept=f"NOT h.in_arrears OR {FOLLOWED}")
proof("parking_by_procedure", PARKING, "停车费都按系统价格出账", "Every parking charge came from a run, at a price on file", kept="b.run_id IS NOT NULL AND l.tariff_id IS NOT NULL AND l.formula <> ''")
proof("paid_services_priced", SINGLE, "有偿服务单独标价，不混入物业费", "What is charged by itself is named and is no management fee", kept="l.formula <> '' AND NOT (f.basis = 'area' OR (f.basis = '' AND f.formula = '1001'))")
proof("let_homes_linked", LET, "出租房的业主与租户都能联系", "Owner and tenant of every home that is let can be reached", kept=f"{OWNER} AND {REACHED.format(household='t.household_id')}")
proof(
    "finance_rules_by_superior", RULES, "财务规定由财务起草、上级批准后执行", "Finance rules were drafted by finance and put in force by a superior",
    kept=f"p.reason <> '' AND p.author_id IS NOT NULL AND p.author_id NOT IN ({FINANCE}) AND (p.estate_id IS NULL OR {DRAFTED})",
)  # fmt: skip
proof(
    "drafts_with_finance", DRAFTS, "合同与重要文件有财务参与起草", "Finance joined the drafting of contracts and important papers",
    due="d.state IN ('asked', 'approved') OR d.drafted_at < %(now)s::timestamptz - interval '7 days'", kept=JOINED,
)  # fmt: skip
proof(
    "contracts_with_finance", CONTRACTS, "供应商合同经财务会签、上级批准", "Suppliers' contracts were joined by finance and approved",
    kept=f"EXISTS (SELECT 1 FROM billing_draft d WHERE d.estate_id = s.estate_id AND d.supplier_id = s.id AND d.kind = 'contract' AND d.state = 'approved' AND {JOINED})",
)  # fmt: skip
proof("letters_with_finance", LETTERS, "律师函有财务参与", "Finance asked for or judged every lawyer's letter", kept=f"c.asker_id IN ({FINANCE}) OR c.judge_id IN ({FINANCE})")
proof("cash_escorted", SHIFTS, "大额现金存行有人护送", "Much cash went to the bank with an escort", due="s.closed_at IS NOT NULL AND s.banked >= %(cash.escort_from)s::numeric", kept="s.escort <> ''")
proof("papers_enveloped", PAPERS, "对客文件装公司统一信封", "Papers went out in the uniform envelope", due="c.outcome = 'handed' AND c.enveloped IS NOT NULL", kept="c.enveloped")
