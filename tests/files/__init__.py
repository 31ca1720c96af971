"""Files: the readers that every loader uses."""
