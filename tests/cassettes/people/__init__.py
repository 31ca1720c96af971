"""Tests of pseudonyms."""
