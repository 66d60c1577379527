"""The rule book of competitions: pure functions that a chief judge can read."""
