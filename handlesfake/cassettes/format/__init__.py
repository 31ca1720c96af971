"""The cassette file: read, checked, written."""
