"""Where the requests of each client are met: connections that are no network."""
