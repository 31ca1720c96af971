"""Files: the readers that every loader stands on."""
