"""The whole public face against the seven likeliest mistakes of each call."""
