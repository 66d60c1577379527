"""Series, competitions, events, marking schemes, rule sets."""
