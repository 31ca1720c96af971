"""Where the requests of each client are intercepted: in-memory connections."""
