"""What the pytest plugin does, in modules that are imported only when a test needs them."""
