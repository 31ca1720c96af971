"""Seeding: the states that a test arranges, in Python or in a file with the same words."""
