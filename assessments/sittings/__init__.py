"""Sittings: batches at a site, their rooms and their groups of examiners."""
