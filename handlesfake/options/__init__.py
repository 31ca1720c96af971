"""Everything that can be said of a double, each word and value checked."""
