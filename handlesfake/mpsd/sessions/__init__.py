"""The operations on sessions, and what a session document says."""
