"""Imports: every spreadsheet that is taken in, from upload over preview to a confirmed result."""
