"""Captures that real tools make, on this machine, of an evening that is sent through them."""
