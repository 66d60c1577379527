"""Candidates: applications to a sitting, their vetting and their admission tickets."""
