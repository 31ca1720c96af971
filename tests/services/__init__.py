"""Tests of the table of services."""
