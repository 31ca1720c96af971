"""Tests of the pure service, module by module."""
