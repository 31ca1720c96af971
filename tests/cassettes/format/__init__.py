"""Tests of the cassette file."""
