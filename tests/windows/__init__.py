"""Branches for Windows and macOS, as far as they can be taken on Linux: what each system would say is put in place."""
