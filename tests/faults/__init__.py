"""Faults and time: what each client makes of them."""
