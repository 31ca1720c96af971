"""The live page: what the service knows and what was sent, for people who look."""
