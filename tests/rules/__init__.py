"""Rules: the files and what they do."""
