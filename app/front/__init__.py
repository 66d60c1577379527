"""The front page and the desk's first page: what both rooms have now."""
