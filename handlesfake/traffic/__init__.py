"""What was sent, as records."""
