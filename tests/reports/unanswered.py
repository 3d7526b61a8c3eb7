"""Proofs that books name and no table of today can answer; each is no_evidence until its issue comes. Kept by test_proofs."""

UNANSWERED = {
    "equipment_ledger_complete",  # assets
}
