"""Texts that a test prints or that a report shows."""
