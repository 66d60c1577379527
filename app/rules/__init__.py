"""Pure rules shared by both rooms: facts in, decisions out."""
