"""What handlesfake scan finds."""
