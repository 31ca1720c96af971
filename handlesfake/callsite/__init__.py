"""Which line of the test sent a request or made a rule."""
