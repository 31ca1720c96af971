"""The control interface: what a test in any language says to a server, and asks it."""
