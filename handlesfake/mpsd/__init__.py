"""The session directory itself: a pure function over immutable knowledge."""
