"""Real traffic on its way into a cassette."""
