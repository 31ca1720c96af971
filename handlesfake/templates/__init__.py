"""Session templates: those that a test's file describes, and those that are ready under their names."""
