"""How a server is started, found and stopped."""
