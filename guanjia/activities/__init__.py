"""社区活动: planned, joined, held, followed up, kept (COM-06 … COM-08, COM-26, COM-32 … COM-34)."""
