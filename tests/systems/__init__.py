"""Windows and macOS: their branches, as far as Linux can take them, and what tests need of a system."""
