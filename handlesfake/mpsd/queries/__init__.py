"""The queries for handles and sessions."""
