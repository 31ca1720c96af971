"""The doubles behind one server, told apart by the tokens of their users."""
