"""公告: what the estate tells its residents, on the phone and on the boards (COM-12..15)."""
