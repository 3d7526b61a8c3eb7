"""What statistics count of tasks, once (`k` is duties_task): reports and indicators say the same."""

DUE = "k.waived_at IS NULL"
KEPT = "k.done_at <= k.due_at"
