"""Vetting of entries (资格审查)."""

from enum import StrEnum


class EntryStatus(StrEnum):
    """资格审查 of an entry."""

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
