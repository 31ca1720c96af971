"""Tests of HTTP as values."""
