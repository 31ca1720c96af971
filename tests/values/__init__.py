"""Tests of handlesfake/values: what stands for dataclasses."""
