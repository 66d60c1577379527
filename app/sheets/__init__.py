"""Mark sheets and their append-only ledger, for both rooms; subjects are known by code only."""
