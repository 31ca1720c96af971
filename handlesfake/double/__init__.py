"""The object that a test holds."""
