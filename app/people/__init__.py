"""Persons, organizations and regions: one of each, whichever room meets them first."""
