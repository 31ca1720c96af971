"""Which caller may see, read and join a session."""
