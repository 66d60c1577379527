"""Grading: sheets of a sitting, grades, publication and certificates."""
