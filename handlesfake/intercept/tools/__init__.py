"""Peace with each other mocking tool."""
