"""What is removed from a recording, and what replaces it."""
