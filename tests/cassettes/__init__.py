"""Cassettes: recording, loading, matching, playing."""
