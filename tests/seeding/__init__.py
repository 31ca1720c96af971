"""Seeding: templates and states."""
