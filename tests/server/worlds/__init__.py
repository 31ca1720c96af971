"""Worlds of a server: named, apart from each other, ended, told."""
