"""Certificates: issued, signed, logged, printed, verified by anyone."""
