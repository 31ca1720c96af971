"""A command that runs beside a server."""
