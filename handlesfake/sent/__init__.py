"""What was sent, as a test reads it: records of invites and activities, and their fields."""
