"""A cassette that answers."""
