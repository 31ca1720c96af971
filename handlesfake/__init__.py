"""Fake, intercept, record and assert the traffic between your code and Xbox Live's session directory."""
