"""Tests of the queries and of the filter language."""
