"""The commands that read files: show, verify, scan, rules check."""
