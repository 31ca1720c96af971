"""How traffic, refusals and unused rules read."""
