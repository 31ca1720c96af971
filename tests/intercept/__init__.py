"""The seams, each against its real client."""
