"""Each mode that uses a cassette, as stages."""
