"""Tests of what the session directory knows."""
