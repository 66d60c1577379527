"""Ability specifications: drafting, review, filing, versions."""
