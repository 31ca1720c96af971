"""Tests of handlesfake/values: what replaces dataclasses."""
