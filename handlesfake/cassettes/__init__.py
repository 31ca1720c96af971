"""Cassettes: file format, scrubbing, matching, the stage that plays and the stage that records."""
