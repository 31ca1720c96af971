"""Pseudonyms: which made-up person replaces which real one."""
