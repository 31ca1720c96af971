"""Virtual time, and everything that waits for it."""
