"""Secrets and people that stand in files, cassettes of any tool first of all, with the line of each."""
