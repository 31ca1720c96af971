"""The same engine behind a socket, for clients in any language."""
