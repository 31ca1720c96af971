"""Valid files, mutated, for every loader there is."""
