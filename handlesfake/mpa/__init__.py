"""Multiplayer Activity itself: a pure function over immutable knowledge, as the session directory is."""
