"""Verify: the fake held against recordings."""
