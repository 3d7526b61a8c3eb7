"""What statistics count of clocks, once (`c` is clocks_clock): reports, indicators and proofs say the same."""

COUNTED = "c.outcome NOT IN ('superseded', 'cancelled')"  # what no rule replaced
KEPT = "c.stopped_at <= c.due_at"
