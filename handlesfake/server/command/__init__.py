"""A command that a server runs: the authorities that it trusts, its environment, and how it ends."""
