"""A run as one HTML file: what failed and why, and all that was sent, as sequence diagrams."""
