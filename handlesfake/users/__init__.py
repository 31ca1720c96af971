"""User and TitleService: who calls MPSD in a test, and the headers to call it with."""
