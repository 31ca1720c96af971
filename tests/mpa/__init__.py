"""Tests of Multiplayer Activity itself."""
