"""The edge: how a request becomes a call of an action, and an answer becomes a page."""
