"""Tests of claims and of what failed claims say."""
