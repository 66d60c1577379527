"""Totals, ranks, awards, publication."""
