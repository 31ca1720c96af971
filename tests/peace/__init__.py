"""Beside every other tool: its hosts are its own, and MPSD is the double's."""
