"""Tests of the pairing of two recordings."""
