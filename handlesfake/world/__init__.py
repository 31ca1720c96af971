"""What a test arranges: users, services, sessions, and what they look like from outside."""
