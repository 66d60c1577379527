"""Sign-in, sessions, one-time links, and the duties granted to accounts."""
