"""Carriers: texts in which names have values, each found with the place of the value."""
