"""Draws, blind codes and the sealed code book."""
