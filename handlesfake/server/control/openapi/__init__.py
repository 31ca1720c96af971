"""The control interface as an OpenAPI document: its calls, and what each of their words and answers means."""
