"""What statistics count of tickets, once (`t` is tickets_ticket): reports and indicators say the same (REQ-20, RPT-09)."""

REAL = "t.stage NOT IN ('merged', 'cancelled')"
COMPLAINT = f"t.kind = 'complaint' AND {REAL}"
# The last verdict of a complaint, which is the one that holds.
VERDICT = """
LEFT JOIN LATERAL (
  SELECT x.ruling FROM tickets_verdict x WHERE x.estate_id = t.estate_id AND x.ticket_id = t.id ORDER BY x.round DESC LIMIT 1
) v ON true
"""
VALID = "v.ruling = 'valid'"
