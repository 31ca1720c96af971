"""Clients of others, unmodified, in a separate network: ``tox -e real``."""
