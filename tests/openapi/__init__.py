"""The description of the control interface held against the server by schemathesis: ``python -m tests.openapi``."""
