"""The fake held against a recording: verify and hybrid."""
