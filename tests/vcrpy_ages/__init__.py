"""Cassettes that real vcrpy of five ages makes, played here: ``tox -e vcrpy-ages``."""
