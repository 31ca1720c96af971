"""Tests of captures: files of real tools, and what an import makes of them."""
