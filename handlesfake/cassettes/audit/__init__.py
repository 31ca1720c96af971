"""Secrets and people in files, especially in cassettes of any tool, with the line of each."""
