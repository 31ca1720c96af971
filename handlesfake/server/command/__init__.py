"""A command that a server runs: whom it trusts, what its environment says, and how it ends."""
