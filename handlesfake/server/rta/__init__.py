"""The push channel (RTA), as far as sessions use it."""
