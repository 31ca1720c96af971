"""What the session directory knows, as immutable values."""
