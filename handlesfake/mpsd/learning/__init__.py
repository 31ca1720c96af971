"""What an answer of the real service shows: of sessions, of their members, of handles."""
