"""The server's HTTP: connections, limits, faults on a real socket."""
