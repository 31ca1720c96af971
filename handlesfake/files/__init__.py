"""Files that people write, read strictly, each value with its place."""
