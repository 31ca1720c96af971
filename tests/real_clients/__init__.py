"""Clients of others, unmodified, in a network of their own: ``tox -e real``."""
