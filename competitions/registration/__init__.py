"""Delegations, entries, contestants, judges."""
