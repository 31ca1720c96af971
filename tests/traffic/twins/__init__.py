"""Clients that cannot be built here, as twins: what they send, in our own words, over TLS and the push channel."""
