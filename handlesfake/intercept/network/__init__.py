"""The guard on the real network, and the TLS contexts that nothing needs."""
