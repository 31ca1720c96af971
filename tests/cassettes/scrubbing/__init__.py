"""Tests of what is removed from recordings, with planted values."""
